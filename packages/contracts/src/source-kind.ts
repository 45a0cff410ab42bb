import type { Channel } from './interaction.ts';

/**
 * How a delivery proves that it is genuine. key: a write key of ours, as the tracking API takes it; secret: a signature
 * or password that the vendor and we share (`secrets`); topic: AWS signs for one of its topics (`topics`).
 */
export type SourceProof = 'key' | 'secret' | 'topic';

/** Services that take something in; each serves the kinds of its channel. */
export const COLLECTORS = [
  'collector-web',
  'collector-email',
  'collector-phone',
  'collector-chat',
  'collector-commerce',
] as const;
export type Collector = (typeof COLLECTORS)[number];

export interface SourceKindFacts {
  readonly collector: Collector;
  /** Of its interactions, where the source names no other. */
  readonly channel: Channel;
  readonly proof: SourceProof;
  /** One line for people who choose a kind. */
  readonly what: string;
}

/** Every kind of source: who sends, and how we know that it is they. One vendor file of a collector serves each. */
export const SOURCE_KINDS = {
  web: { collector: 'collector-web', channel: 'web', proof: 'key', what: 'the tracking API' },
  import: { collector: 'collector-web', channel: 'web', proof: 'key', what: '`kenal import`, not limited by rate' },
  smtp: {
    collector: 'collector-email',
    channel: 'email',
    proof: 'key',
    what: 'mail to our SMTP server; a key is the address: <key>@ or any+<key>@',
  },
  'sendgrid-parse': {
    collector: 'collector-email',
    channel: 'email',
    proof: 'secret',
    what: 'SendGrid Inbound Parse; the secret is user:password',
  },
  'sendgrid-events': {
    collector: 'collector-email',
    channel: 'email',
    proof: 'secret',
    what: 'SendGrid events; the secret is its verification key',
  },
  mailgun: {
    collector: 'collector-email',
    channel: 'email',
    proof: 'secret',
    what: 'Mailgun routes and events; the secret is the signing key',
  },
  postmark: {
    collector: 'collector-email',
    channel: 'email',
    proof: 'secret',
    what: 'Postmark inbound and events; the secret is user:password',
  },
  ses: { collector: 'collector-email', channel: 'email', proof: 'topic', what: 'Amazon SES through SNS' },
  twilio: {
    collector: 'collector-phone',
    channel: 'phone',
    proof: 'secret',
    what: 'Twilio voice callbacks; the secret is the auth token',
  },
  asterisk: {
    collector: 'collector-phone',
    channel: 'phone',
    proof: 'key',
    what: 'Asterisk CDR lines: upload, live tail, import',
  },
  freeswitch: {
    collector: 'collector-phone',
    channel: 'phone',
    proof: 'secret',
    what: 'FreeSWITCH json_cdr; the secret is user:password',
  },
  connect: { collector: 'collector-phone', channel: 'phone', proof: 'key', what: 'Amazon Connect contact records' },
  slack: {
    collector: 'collector-chat',
    channel: 'chat',
    proof: 'secret',
    what: 'Slack events; the secret is the signing secret',
  },
  whatsapp: {
    collector: 'collector-chat',
    channel: 'chat',
    proof: 'secret',
    what: 'WhatsApp Cloud API; the secret is the app secret',
  },
  telegram: {
    collector: 'collector-chat',
    channel: 'chat',
    proof: 'secret',
    what: 'Telegram updates; the secret is the secret_token of setWebhook',
  },
  intercom: {
    collector: 'collector-chat',
    channel: 'chat',
    proof: 'secret',
    what: 'Intercom topics; the secret is the client secret',
  },
  zendesk: {
    collector: 'collector-chat',
    channel: 'chat',
    proof: 'secret',
    what: 'Zendesk webhooks; the secret is the signing secret',
  },
  chatwoot: {
    collector: 'collector-chat',
    channel: 'chat',
    proof: 'secret',
    what: 'Chatwoot webhooks; the secret is the webhook secret',
  },
  widget: { collector: 'collector-chat', channel: 'chat', proof: 'key', what: 'our own chat widget' },
  shopify: {
    collector: 'collector-commerce',
    channel: 'commerce',
    proof: 'secret',
    what: 'Shopify topics; the secret is the app’s',
  },
  woocommerce: {
    collector: 'collector-commerce',
    channel: 'commerce',
    proof: 'secret',
    what: 'WooCommerce webhooks; the secret is the webhook’s',
  },
  stripe: {
    collector: 'collector-commerce',
    channel: 'commerce',
    proof: 'secret',
    what: 'Stripe events; the secret is the endpoint’s, whsec_…',
  },
  aftership: {
    collector: 'collector-commerce',
    channel: 'commerce',
    proof: 'secret',
    what: 'AfterShip trackings; the secret is the webhook’s',
  },
  'custom-hmac': {
    collector: 'collector-commerce',
    channel: 'back_office',
    proof: 'secret',
    what: 'any other signed webhook, by `signature` and `mapping`',
  },
} as const satisfies Readonly<Record<string, SourceKindFacts>>;

export type SourceKind = keyof typeof SOURCE_KINDS;

/**
 * How what happened comes in. hook: its vendor, or a program of yours, calls our address; tracking: the tracking API;
 * import: a command sends files; smtp: mail to our server; stream: a websocket.
 */
export const DOORS = ['hook', 'tracking', 'import', 'smtp', 'stream'] as const;
export type Door = (typeof DOORS)[number];

const OTHER_DOORS: Readonly<Partial<Record<SourceKind, Door>>> = {
  web: 'tracking',
  import: 'import',
  smtp: 'smtp',
  widget: 'stream',
};

export function doorOf(kind: SourceKind): Door {
  return OTHER_DOORS[kind] ?? 'hook';
}

/**
 * Identifier types of ids that vendors give to people. Every workspace has them; they rank after all others, and their
 * values name the vendor's account first, since ids repeat between accounts: `T024BE7LD/U2147483697`.
 */
export const VENDOR_IDENTIFIER_TYPES = [
  'slack_id',
  'telegram_id',
  'intercom_id',
  'zendesk_id',
  'chatwoot_id',
  'shopify_id',
  'woocommerce_id',
  'stripe_id',
] as const;
