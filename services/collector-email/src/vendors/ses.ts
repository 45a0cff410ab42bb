import {
  type Headers,
  listOf,
  type Outcome,
  readJson,
  recordOf,
  refused,
  type Source,
  snsAddress,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import type { ReaderPool } from '../readers/pool.ts';
import { mapMail } from './mail-vendor.ts';
import { sesEvents } from './ses-events.ts';

/** Calls an address of SNS that confirms a subscription. @throws where that did not succeed */
export type ConfirmSubscription = (address: URL) => Promise<void>;

const DONE = { status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok\n' } as const;

/** Amazon SES through SNS: what became of mail that was sent, and mail that SES received (an SNS action with content). */
export function ses(pool: ReaderPool, confirm: ConfirmSubscription): Vendor {
  return {
    kind: 'ses',
    read: async (body, headers, source) => {
      const envelope = readJson(body);
      if (!envelope.ok) return envelope;
      const type = textOf(envelope.value, 'Type');
      if (type !== 'Notification')
        return { ok: true, value: { type, subscribe: textOf(envelope.value, 'SubscribeURL') } };
      const message = readJson(Buffer.from(textOf(envelope.value, 'Message') ?? ''));
      // SES proves a new destination by a message that is a sentence
      if (!message.ok) return { ok: true, value: { type, message: {} } };
      return receivedMail(pool, message.value, headers, source);
    },
    async handshake({ payload }) {
      const type = textOf(payload, 'type');
      if (type === 'UnsubscribeConfirmation') return DONE;
      if (type !== 'SubscriptionConfirmation') return null;
      const address = snsAddress(textOf(payload, 'subscribe') ?? '');
      if (address === null) throw new KenalError('forbidden', 'its SubscribeURL leads elsewhere than to Amazon SNS');
      await confirm(address);
      return DONE;
    },
    map: (item, delivery) =>
      'mail' in recordOf(item) ? mapMail(item, delivery) : sesEvents(recordOf(item, 'message'), delivery.source),
  };
}

/** `{"notificationType":"Received","receipt":{"recipients":[…],"action":{"encoding":"BASE64"}},"mail":{…},"content":"…"}` */
async function receivedMail(
  pool: ReaderPool,
  message: unknown,
  headers: Headers,
  source: Source,
): Promise<Outcome<unknown>> {
  if (textOf(message, 'notificationType') !== 'Received') return { ok: true, value: { type: 'Notification', message } };
  const content = textOf(message, 'content');
  if (content === null)
    return refused('event_missing_field', '$.content', 'let the SNS action of the receipt rule include the content');
  const isBase64 = textOf(message, 'receipt', 'action', 'encoding')?.toUpperCase() === 'BASE64';
  const bytes = Buffer.from(content, isBase64 ? 'base64' : 'utf8');
  const nullSender = textOf(message, 'mail', 'source') === '<>';
  const mail = await pool.read(nullSender ? 'mime-null-sender' : 'mime', bytes, headers, source);
  if (!mail.ok) return mail;
  const recipients = listOf(message, 'receipt', 'recipients').filter((one): one is string => typeof one === 'string');
  return { ok: true, value: { mail: mail.value, envelope: { recipients } } };
}

const TIMEOUT_MS = 5_000;

/** Over the network, to the address and nowhere else. */
export const confirmSubscription: ConfirmSubscription = async (address) => {
  try {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`status ${response.status}`);
  } catch (error) {
    throw new KenalError('unavailable', 'the subscription could not be confirmed', { cause: error });
  }
};
