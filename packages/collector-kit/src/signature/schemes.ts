import { type HmacScheme, type Place, type Scheme, TOLERANCE_SECONDS } from './scheme.ts';

const header = (...names: string[]): Place => ({ in: 'header', names });
const item = (name: string, key: string): Place => ({ in: 'item', name, key });
const field = (name: string): Place => ({ in: 'body', field: name });
const text = (value: string) => ({ text: value });

/** What most have in common: HMAC-SHA256 in base64 over the body, no time. */
const OF_BODY = {
  kind: 'hmac',
  hash: 'sha256',
  encoding: 'base64',
  secret: 'text',
  signed: ['body'],
  timestamp: null,
  replay: ['signature'],
  toleranceSeconds: TOLERANCE_SECONDS,
} as const satisfies Omit<HmacScheme, 'signature'>;

/**
 * Every scheme that is built in, as data; `customHmac` makes one of a declaration. Header names in lower case.
 * Where a scheme has no timestamp, an old request is as good as a new one: the message id decides that it lands once.
 */
export const SCHEMES = {
  // standardwebhooks.com; also what Kenal itself sends. A retry has the same id under a new time
  'standard-webhooks': {
    ...OF_BODY,
    secret: 'base64',
    signature: { place: header('webhook-signature'), prefix: 'v1,', separator: ' ' },
    signed: ['id', text('.'), 'timestamp', text('.'), 'body'],
    timestamp: { place: header('webhook-timestamp'), unit: 'seconds' },
    id: header('webhook-id'),
    replay: ['id'],
  },
  // twilio.com/docs/usage/webhooks/webhooks-security
  twilio: {
    ...OF_BODY,
    hash: 'sha1',
    hashNamedBy: 'x-twilio-webhooks-signature-settings',
    signature: { place: header('x-twilio-signature'), prefix: '' },
    signed: ['url', 'form'],
  },
  // docs.slack.dev/authentication/verifying-requests-from-slack
  slack: {
    ...OF_BODY,
    encoding: 'hex',
    signature: { place: header('x-slack-signature'), prefix: 'v0=' },
    signed: [text('v0:'), 'timestamp', text(':'), 'body'],
    timestamp: { place: header('x-slack-request-timestamp'), unit: 'seconds' },
  },
  // Events and signed inbound parse. (r, s) and (r, n - s) are the same signature, so it is no replay id
  sendgrid: {
    kind: 'ecdsa',
    signature: { place: header('x-twilio-email-event-webhook-signature'), prefix: '' },
    signed: ['timestamp', 'body'],
    timestamp: { place: header('x-twilio-email-event-webhook-timestamp'), unit: 'seconds' },
    replay: ['signed'],
    toleranceSeconds: TOLERANCE_SECONDS,
  },
  // The body is not covered: whoever saw one request can put any other under its token, so a token is good for one
  mailgun: {
    ...OF_BODY,
    encoding: 'hex',
    signature: { place: field('signature'), prefix: '' },
    signed: ['timestamp', 'token'],
    timestamp: { place: field('timestamp'), unit: 'seconds' },
    token: field('token'),
    replay: ['token'],
  },
  // Postmark, FreeSWITCH, and whoever can do no more
  basic: { kind: 'basic' },
  // SNS repeats a message for up to an hour under the time of its publication
  sns: { kind: 'sns', toleranceSeconds: 3_600 },
  // One body comes for several topics (orders/create, orders/paid), and the topic is not signed
  shopify: {
    ...OF_BODY,
    signature: { place: header('x-shopify-hmac-sha256', 'shopify-hmac-sha256'), prefix: '' },
    replay: ['signature', { header: 'x-shopify-topic' }, { header: 'shopify-topic' }],
  },
  // docs.stripe.com/webhooks/signature; several v1 while a secret is rotated
  stripe: {
    ...OF_BODY,
    encoding: 'hex',
    signature: { place: item('stripe-signature', 'v1'), prefix: '' },
    signed: ['timestamp', text('.'), 'body'],
    timestamp: { place: item('stripe-signature', 't'), unit: 'seconds' },
  },
  woocommerce: {
    ...OF_BODY,
    signature: { place: header('x-wc-webhook-signature'), prefix: '' },
    replay: ['signature', { header: 'x-wc-webhook-topic' }],
  },
  // WhatsApp Cloud, Messenger, Instagram
  meta: {
    ...OF_BODY,
    encoding: 'hex',
    signature: { place: header('x-hub-signature-256'), prefix: 'sha256=' },
  },
  intercom: {
    ...OF_BODY,
    hash: 'sha1',
    encoding: 'hex',
    signature: { place: header('x-hub-signature'), prefix: 'sha1=' },
  },
  // developer.zendesk.com/documentation/webhooks/verifying; the time is 2026-11-30T08:00:00Z
  zendesk: {
    ...OF_BODY,
    signature: { place: header('x-zendesk-webhook-signature'), prefix: '' },
    signed: ['timestamp', 'body'],
    timestamp: { place: header('x-zendesk-webhook-signature-timestamp'), unit: 'iso' },
  },
  telegram: { kind: 'token', header: 'x-telegram-bot-api-secret-token' },
  aftership: {
    ...OF_BODY,
    signature: { place: header('aftership-hmac-sha256'), prefix: '' },
  },
  chatwoot: {
    ...OF_BODY,
    encoding: 'hex',
    signature: { place: header('x-chatwoot-signature'), prefix: 'sha256=' },
    signed: ['timestamp', text('.'), 'body'],
    timestamp: { place: header('x-chatwoot-timestamp'), unit: 'seconds' },
  },
} as const satisfies Readonly<Record<string, Scheme>>;

/** Name of a built-in scheme, as configuration writes it. */
export type SchemeName = keyof typeof SCHEMES;
