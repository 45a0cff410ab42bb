import { z } from 'zod';
import { CDR_COLUMNS, type CdrColumn, wantedColumns } from './cdr-columns.ts';
import { CHANNELS } from './interaction.ts';
import { keyReference, region, secretReference } from './references.ts';
import { SOURCE_KINDS, type SourceKind } from './source-kind.ts';

/** Who may hold a write key: anybody (a browser), a server, or a developer's machine. Decides the rate limit. */
export const KEY_SCOPES = ['public', 'secret', 'development'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

const keySchema = z.strictObject({
  key: keyReference,
  scope: z
    .enum(KEY_SCOPES)
    .default('secret')
    .describe('public: in a browser or an app, 1,000 events/s; secret: on a server, 100,000 events/s'),
});

/** How deliveries of a `custom-hmac` source are signed. */
export const customSignatureSchema = z.strictObject({
  header: z.string().min(1).describe('header that holds the signature, such as X-Signature'),
  algorithm: z.enum(['sha1', 'sha256', 'sha512']).default('sha256').describe('hash of the HMAC'),
  encoding: z.enum(['hex', 'base64']).default('hex').describe('how the signature is written'),
  prefix: z.string().default('').describe('text before the signature in its header, such as sha256='),
  signed: z
    .string()
    .refine((text) => text.includes('{body}'), { error: 'must hold {body}, or the signature would not cover it' })
    .default('{body}')
    .describe('what is signed; {body}, {timestamp} and {id} stand for themselves, such as {timestamp}.{body}'),
  timestampHeader: z.string().min(1).optional().describe('header of {timestamp}'),
  timestampUnit: z.enum(['seconds', 'milliseconds', 'iso']).default('seconds').describe('how {timestamp} is written'),
  secretEncoding: z
    .enum(['text', 'base64'])
    .default('text')
    .describe('text: the bytes of the secret as it stands; base64: decoded'),
  idHeader: z.string().min(1).optional().describe('header of {id}, which signed then holds; not taken twice'),
  toleranceSeconds: z.number().int().positive().default(300).describe('how far the timestamp may lie from our clock'),
});
export type CustomSignature = z.infer<typeof customSignatureSchema>;

/** `plan` of a source: what it may send, and what becomes of the rest. */
export const planSchema = z.strictObject({
  catalogue: z
    .array(z.string().min(1))
    .min(1)
    .describe('groups of events: ecommerce, email, live-chat, phone, relations, or files of your own (schemas/events)'),
  violations: z
    .enum(['warn', 'strip', 'block'])
    .default('warn')
    .describe(
      'an event that is not as planned: warn: it says so; strip: what is wrong is taken out of its properties; block: it becomes a failed event',
    ),
  unplanned: z.enum(['allow', 'warn', 'block']).default('allow').describe('an event that no group names'),
});
export type PlanConfig = z.infer<typeof planSchema>;

const KINDS = Object.keys(SOURCE_KINDS) as [SourceKind, ...SourceKind[]];

const sourceOptions = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'must be lower case letters, digits, - and _' }),
  name: z.string().optional().describe('what people call it; default: the id'),
  kind: z
    .enum(KINDS)
    .default('web')
    .describe(`who sends: ${KINDS.map((kind) => `${kind}: ${SOURCE_KINDS[kind].what}`).join('; ')}`),
  channel: z.enum(CHANNELS).optional().describe('of its interactions; default by kind'),
  keys: z.array(keySchema).max(2).default([]).describe('write keys, two at once while one takes over from the other'),
  secrets: z
    .array(secretReference)
    .max(2)
    .default([])
    .describe('what the vendor signs with; two at once while one takes over from the other'),
  topics: z
    .array(z.string().regex(/^arn:aws[\w-]*:sns:[\w-]+:\d+:[\w.-]+$/, { error: 'must be the ARN of an SNS topic' }))
    .default([])
    .describe('ses: SNS topics that may deliver'),
  verifyToken: secretReference.optional().describe('whatsapp: the token that Meta shows when it asks for the address'),
  publicUrl: z
    .url({ error: 'must be an address such as https://events.example.com' })
    .optional()
    .describe('how this vendor reaches us, where its signature covers the address (twilio); default: KENAL_PUBLIC_URL'),
  own: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'what is your own and nobody’s customer: mail addresses (help@shop.example), mail domains (shop.example), telephone numbers (+442079460000), extensions (2001), ids of your people at Slack, Telegram or Zendesk (T024BE7LD/U2147483697)',
    ),
  plan: planSchema.optional().describe('what this source may send; without it, anything'),
  signature: customSignatureSchema.optional().describe('custom-hmac: how its deliveries are signed'),
  mapping: z.string().optional().describe('custom-hmac: path of a mapping file, relative to kenal.yaml'),
  columns: z
    .array(z.enum(CDR_COLUMNS))
    .refine((columns) => wantedColumns(columns).length === 0, {
      error: ({ input }) => `must name ${wantedColumns(input as CdrColumn[]).join(', ')}, each once`,
    })
    .optional()
    .describe(
      'asterisk: what the cells of a line are, in their order; ignored: none of these; default: as cdr_csv writes them',
    ),
  region: region.optional().describe('default region of phone numbers without +; default: the workspace’s'),
  eventsPerSecond: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('rate limit of each key, or of the source where it has none, in events a second; default by scope'),
  enabled: z.boolean().default(true),
});

/** `sources` of a workspace: a place that interactions come from, and how it proves who it is. */
export const sourceSchema = sourceOptions
  .superRefine(({ kind, keys, secrets, topics, signature, mapping }, ctx) => {
    const missing = (path: string, message: string): void => ctx.addIssue({ code: 'custom', path: [path], message });
    const { proof } = SOURCE_KINDS[kind];
    if (proof === 'key' && keys.length === 0) missing('keys', `must name a key at least: ${kind} proves itself by one`);
    if (proof === 'secret' && secrets.length === 0)
      missing('secrets', `must name a secret at least: ${kind} proves itself by one`);
    if (proof === 'topic' && topics.length === 0)
      missing('topics', 'must name a topic at least: anybody may send by one of their own');
    if (kind === 'custom-hmac') {
      if (signature === undefined) missing('signature', 'must say how deliveries are signed');
      if (mapping === undefined) missing('mapping', 'must name a mapping file');
    }
  })
  .transform(({ channel, ...source }) => ({ ...source, channel: channel ?? SOURCE_KINDS[source.kind].channel }));

export type SourceConfig = z.infer<typeof sourceSchema>;
