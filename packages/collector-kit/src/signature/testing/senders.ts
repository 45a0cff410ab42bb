import {
  createHash,
  createHmac,
  createPrivateKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { customHmac } from '../custom-hmac.ts';
import type { SignedRequest } from '../request.ts';
import type { Scheme } from '../scheme.ts';
import { SCHEMES, type SchemeName } from '../schemes.ts';

/** What a vendor is about to send. */
export interface Delivery {
  readonly secret: string;
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What becomes of the signature on the way; null: it is lost. */
  readonly mangle: (signature: string) => string | null;
  /** Number of the message, where a vendor numbers them; default: always the same. */
  readonly id?: string;
}

/** A vendor of the table, written from its documentation and with none of the verifier's code. */
export interface Sender {
  readonly name: string;
  readonly scheme: Scheme;
  /** The live secret, the one after a rotation, and one that was never any, as the verifier is given them. */
  readonly secrets: readonly [string, string, string];
  /** A body as this vendor sends one. */
  readonly body: string;
  send(delivery: Delivery): SignedRequest;
}

export const URL_OF_SOURCE = 'https://hooks.example.com/v1/in/shop?a=1';
const SECRETS = ['s3cret-of-today', 's3cret-of-tomorrow', 'never-a-secret'] as const;
const JSON_BODY = '{"id":"evt_1","text":"Grüße 🎈","n":1}';
const WHSEC = [1, 2, 3].map((n) => `whsec_${Buffer.alloc(24, n).toString('base64')}`) as unknown as Sender['secrets'];

type Headers = Record<string, string | null>;

function requestOf(headers: Headers, body: Uint8Array, url = URL_OF_SOURCE): SignedRequest {
  const present = Object.entries(headers).filter(([, value]) => value !== null) as [string, string][];
  return { method: 'POST', url, headers: Object.fromEntries(present), body };
}

const seconds = (at: number): string => String(Math.floor(at / 1_000));
const mac = (hash: string, secret: string | Buffer, ...parts: (string | Uint8Array)[]) =>
  parts.reduce((hmac: ReturnType<typeof createHmac>, part) => hmac.update(part), createHmac(hash, secret));

/** A vendor that signs into headers. */
function byHeader(
  name: SchemeName,
  headersOf: (delivery: Delivery) => Headers,
  secrets: Sender['secrets'] = SECRETS,
): Sender {
  return {
    name,
    scheme: SCHEMES[name],
    secrets,
    body: JSON_BODY,
    send: (delivery) => requestOf(headersOf(delivery), delivery.body),
  };
}

const ofBody = (name: SchemeName, header: string, hash: string, encoding: 'hex' | 'base64', prefix = ''): Sender =>
  byHeader(name, ({ secret, body, mangle }) => {
    const signature = mangle(mac(hash, secret, body).digest(encoding));
    return { [header]: signature === null ? null : prefix + signature };
  });

function twilio(name: string, kind: 'form' | 'json', hash: 'sha1' | 'sha256' = 'sha1'): Sender {
  return {
    name,
    scheme: SCHEMES.twilio,
    secrets: SECRETS,
    body: kind === 'form' ? 'To=%2B441&From=%2B442&CallStatus=in+progress&Body=Gr%C3%BC%C3%9Fe&Empty=' : JSON_BODY,
    send({ secret, body, mangle }) {
      const text = Buffer.from(body).toString();
      const url =
        kind === 'form'
          ? URL_OF_SOURCE
          : `${URL_OF_SOURCE}&bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
      const pairs = kind === 'form' ? [...new URLSearchParams(text)].sort(([a], [b]) => (a < b ? -1 : 1)) : [];
      const signature = mangle(mac(hash, secret, url + pairs.flat().join('')).digest('base64'));
      const settings = hash === 'sha1' ? null : 'key=webhooks_sharedkey_1,algorithm=HMAC_SHA256';
      return requestOf(
        { 'x-twilio-signature': signature, 'x-twilio-webhooks-signature-settings': settings },
        body,
        url,
      );
    },
  };
}

type MailgunForm = 'json' | 'form' | 'multipart';

function mailgun(form: MailgunForm): Sender {
  return {
    name: `mailgun, ${form}`,
    scheme: SCHEMES.mailgun,
    secrets: SECRETS,
    body: form === 'json' ? '"event-data":{"event":"opened"}' : 'recipient=a@b.example',
    send({ secret, body, at, mangle }) {
      const timestamp = seconds(at);
      const token = mailgunToken;
      const signature = mangle(mac('sha256', secret, timestamp + token).digest('hex'));
      const fields = { timestamp, token, ...(signature === null ? {} : { signature }) };
      return mailgunRequest(form, fields, Buffer.from(body).toString());
    },
  };
}

const mailgunToken = randomUUID().replaceAll('-', '');

function mailgunRequest(form: MailgunForm, fields: Record<string, string>, rest: string): SignedRequest {
  if (form === 'json')
    return requestOf(
      { 'content-type': 'application/json' },
      Buffer.from(`{"signature":${JSON.stringify(fields)},${rest}}`),
    );
  if (form === 'form')
    return requestOf(
      { 'content-type': 'application/x-www-form-urlencoded' },
      Buffer.from(`${rest}&${new URLSearchParams(fields)}&body-plain=Hello`),
    );
  const part = (name: string, value: string) =>
    `--xYz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const parts = Object.entries({ rest, ...fields }).map(([name, value]) => part(name, value));
  const file = '--xYz\r\nContent-Disposition: form-data; name="attachment-1"; filename="token"\r\n\r\n\0\xff\r\n\r\n';
  return requestOf(
    { 'content-type': 'multipart/form-data; boundary="xYz"' },
    Buffer.concat([Buffer.from(file, 'latin1'), Buffer.from(`${parts.join('')}--xYz--\r\n`)]),
  );
}

const sendgridKeys = [1, 2, 3].map(() => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
const sendgridSecrets = sendgridKeys.map(({ publicKey }) =>
  publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
) as unknown as Sender['secrets'];

/** The private key of a SendGrid secret. */
function sendgridKeyOf(secret: string): KeyObject {
  return createPrivateKey(
    sendgridKeys[sendgridSecrets.indexOf(secret)]!.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
}

const sendgrid = byHeader(
  'sendgrid',
  ({ secret, body, at, mangle }) => ({
    'x-twilio-email-event-webhook-timestamp': seconds(at),
    'x-twilio-email-event-webhook-signature': mangle(
      createSign('sha256').update(seconds(at)).update(body).sign(sendgridKeyOf(secret), 'base64'),
    ),
  }),
  sendgridSecrets,
);

const custom: Sender = {
  name: 'custom-hmac',
  scheme: customHmac({
    header: 'X-Shop-Signature',
    algorithm: 'sha512',
    encoding: 'base64',
    prefix: 'mac ',
    signed: '{id}|{timestamp}|{body}|end',
    timestampHeader: 'X-Shop-Time',
    timestampUnit: 'milliseconds',
    idHeader: 'X-Shop-Id',
  }),
  secrets: SECRETS,
  body: JSON_BODY,
  send({ secret, body, at, mangle }) {
    const signature = mangle(mac('sha512', secret, `i1|${at}|`, body, '|end').digest('base64'));
    const headers = {
      'x-shop-signature': signature && `mac ${signature}`,
      'x-shop-time': String(at),
      'x-shop-id': 'i1',
    };
    return requestOf(headers, body);
  },
};

/** All but SNS, which needs certificates. */
export const SENDERS: readonly Sender[] = [
  byHeader(
    'standard-webhooks',
    ({ secret, body, at, mangle }) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const signature = mangle(mac('sha256', key, `msg_1.${seconds(at)}.`, body).digest('base64'));
      const list = signature === null ? null : `v1a,other v1,${signature}`;
      return { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds(at), 'webhook-signature': list };
    },
    WHSEC,
  ),
  twilio('twilio, form', 'form'),
  twilio('twilio, json', 'json'),
  twilio('twilio, shared key', 'form', 'sha256'),
  byHeader('slack', ({ secret, body, at, mangle }) => {
    const signature = mangle(mac('sha256', secret, `v0:${seconds(at)}:`, body).digest('hex'));
    return { 'x-slack-request-timestamp': seconds(at), 'x-slack-signature': signature && `v0=${signature}` };
  }),
  sendgrid,
  mailgun('json'),
  mailgun('form'),
  mailgun('multipart'),
  {
    ...byHeader('basic', ({ secret, mangle }) => {
      const credentials = mangle(secret);
      return { authorization: credentials && `Basic ${Buffer.from(credentials).toString('base64')}` };
    }),
    secrets: ['postmark:s3cret:of today', 'postmark:tomorrow', 'postmark:never'],
  },
  ofBody('shopify', 'x-shopify-hmac-sha256', 'sha256', 'base64'),
  { ...ofBody('shopify', 'shopify-hmac-sha256', 'sha256', 'base64'), name: 'shopify, without X-' },
  byHeader('stripe', ({ secret, body, at, mangle }) => {
    const signature = mangle(mac('sha256', secret, `${seconds(at)}.`, body).digest('hex'));
    return { 'stripe-signature': signature && `t=${seconds(at)},v1=${'0'.repeat(64)},v1=${signature},v0=ab` };
  }),
  ofBody('woocommerce', 'x-wc-webhook-signature', 'sha256', 'base64'),
  ofBody('meta', 'x-hub-signature-256', 'sha256', 'hex', 'sha256='),
  ofBody('intercom', 'x-hub-signature', 'sha1', 'hex', 'sha1='),
  byHeader('zendesk', ({ secret, body, at, mangle }) => {
    const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
    const signature = mangle(mac('sha256', secret, time, body).digest('base64'));
    return { 'x-zendesk-webhook-signature-timestamp': time, 'x-zendesk-webhook-signature': signature };
  }),
  byHeader('telegram', ({ secret, mangle }) => ({ 'x-telegram-bot-api-secret-token': mangle(secret) })),
  ofBody('aftership', 'aftership-hmac-sha256', 'sha256', 'base64'),
  byHeader('chatwoot', ({ secret, body, at, mangle }) => {
    const signature = mangle(mac('sha256', secret, `${seconds(at)}.`, body).digest('hex'));
    return { 'x-chatwoot-timestamp': seconds(at), 'x-chatwoot-signature': signature && `sha256=${signature}` };
  }),
  custom,
];
