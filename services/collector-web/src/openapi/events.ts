import { IDENTIFIER_TYPES, INTERACTION_TYPES } from '@kenal/contracts';
import { z } from 'zod';

const id = z.union([z.string(), z.number()]).nullable().optional();
const time = z
  .union([z.string(), z.number()])
  .nullable()
  .optional()
  .describe('ISO 8601, or seconds or milliseconds since 1970');
const facts = z.record(z.string(), z.unknown()).optional();

const context = z
  .looseObject({
    traits: facts.describe('facts about the person'),
    externalIds: z
      .array(
        z.looseObject({
          id: z.string(),
          type: z.string().describe(`${IDENTIFIER_TYPES.join(', ')}, or one that kenal.yaml declares`),
          collection: z.string().optional().describe('users (default); others name no person'),
        }),
      )
      .optional()
      .describe('further identifiers of the person'),
    device: z.looseObject({ id: z.string().optional(), advertisingId: z.string().optional() }).optional(),
    campaign: facts,
    consent: facts,
  })
  .describe('where and with what it happened');

/** What every event may carry. Unknown fields are kept. */
const common = {
  messageId: z
    .string()
    .max(512)
    .optional()
    .describe('the same id again adds nothing; without one it is a hash of the event’s bytes'),
  userId: id.describe('who it is, in the caller’s own system'),
  anonymousId: id.describe('whom the caller knows by a cookie or an installation only'),
  timestamp: time,
  sentAt: time,
  context: context.optional(),
  writeKey: z.string().optional().describe('the write key, where it stands in no header'),
};

const ORDER = {
  userId: 'ann',
  event: 'Order Completed',
  properties: { order_id: '1001', total: 27.5, currency: 'GBP' },
};

/** Type of the path → its event. */
export const EVENTS = {
  identify: z.looseObject({ ...common, traits: facts.describe('facts about the person') }).meta({
    id: 'Identify',
    examples: [{ userId: 'ann', traits: { email: 'ann@example.com', name: 'Ann' } }],
  }),
  track: z
    .looseObject({
      ...common,
      event: z.string().describe('name of what happened'),
      properties: facts.describe('facts about the event; `total`, `revenue`, `value` and `currency` are money'),
    })
    .meta({ id: 'Track', examples: [ORDER] }),
  page: z
    .looseObject({ ...common, name: z.string().optional(), properties: facts })
    .meta({ id: 'Page', examples: [{ anonymousId: 'c1', name: 'Teapots', properties: { path: '/teapots' } }] }),
  screen: z.looseObject({ ...common, name: z.string().optional(), properties: facts }).meta({ id: 'Screen' }),
  group: z
    .looseObject({
      ...common,
      groupId: z.union([z.string(), z.number()]).describe('company; it links no two people'),
      traits: facts.describe('facts about the company'),
    })
    .meta({ id: 'Group', examples: [{ userId: 'ann', groupId: 'acme', traits: { name: 'Acme' } }] }),
  alias: z
    .looseObject({ ...common, previousId: z.union([z.string(), z.number()]).describe('id that the person had before') })
    .meta({ id: 'Alias', examples: [{ userId: 'ann', previousId: 'c1' }] }),
  merge: z
    .looseObject({
      ...common,
      mergeProperties: z
        .array(z.looseObject({ type: z.string(), value: z.string() }))
        .describe('identifiers of one person'),
    })
    .meta({ id: 'Merge' }),
} as const;

export const batchSchema = z
  .looseObject({
    batch: z
      .array(
        z.looseObject({ ...common, type: z.enum(INTERACTION_TYPES).describe('decides what else the event needs') }),
      )
      .describe('1 to 2,500 events; each is judged alone'),
    sentAt: time,
    context: context.optional().describe('fills in for what an event’s own context lacks'),
    writeKey: common.writeKey,
  })
  .meta({ id: 'Batch', examples: [{ batch: [{ type: 'track', ...ORDER, messageId: 'order-1001' }] }] });

export const acceptedSchema = z
  .object({
    success: z.literal(true),
    accepted: z.number().int().describe('events that are durable now; a copy of an earlier one among them'),
    rejected: z
      .array(
        z.object({
          index: z.number().int().describe('place in the batch, from 0'),
          messageId: z.string().nullable(),
          code: z.string().describe('code of the error catalogue'),
          path: z.string().describe('field at fault: `$.batch[3].timestamp`'),
          reason: z.string(),
        }),
      )
      .describe('events that were refused and are kept as failed events, or records that were refused'),
  })
  .meta({ id: 'Accepted' });
