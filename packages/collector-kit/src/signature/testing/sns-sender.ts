import { createSign, type KeyObject } from 'node:crypto';
import { SCHEMES } from '../schemes.ts';
import type { Delivery, Sender } from './senders.ts';
import { URL_OF_SOURCE } from './senders.ts';

export const TOPICS_OF_SNS = ['today', 'tomorrow', 'never'].map(
  (name) => `arn:aws:sns:eu-west-1:123456789012:${name}`,
) as unknown as Sender['secrets'];
export const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem';

export interface SnsMessage {
  readonly Type: string;
  readonly SignatureVersion: '1' | '2';
  readonly [name: string]: string;
}

const SIGNED = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** A message signed over all those of the signed fields that it has, as the console of AWS would send it. */
export function signSns(message: SnsMessage, key: KeyObject): SnsMessage {
  const canonical = SIGNED.filter((name) => name in message).map((name) => `${name}\n${message[name]}\n`);
  const sign = createSign(message.SignatureVersion === '1' ? 'sha1' : 'sha256');
  return { ...message, Signature: sign.update(canonical.join('')).sign(key, 'base64') };
}

const EXTRA: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Notification: { Subject: 'a subject' },
  SubscriptionConfirmation: {
    Token: 't1',
    SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
  },
  UnsubscribeConfirmation: {
    Token: 't1',
    SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
  },
};

export function snsSender(type: string, version: '1' | '2', key: KeyObject): Sender {
  return {
    name: `sns, ${type}, version ${version}`,
    scheme: SCHEMES.sns,
    secrets: TOPICS_OF_SNS,
    body: '{"eventType":"Bounce",\n"mail":{}}',
    send({ secret, body, at, mangle, id = 'm-1' }: Delivery) {
      const signed = signSns(
        {
          Type: type,
          SignatureVersion: version,
          MessageId: id,
          TopicArn: secret,
          Message: Buffer.from(body).toString(),
          Timestamp: new Date(at).toISOString(),
          SigningCertURL: CERTIFICATE_URL,
          ...EXTRA[type],
        },
        key,
      );
      const signature = mangle(signed.Signature!);
      const { Signature: _, ...unsigned } = signed;
      const message = signature === null ? unsigned : { ...unsigned, Signature: signature };
      return { method: 'POST', url: URL_OF_SOURCE, headers: {}, body: Buffer.from(JSON.stringify(message)) };
    },
  };
}
