import { CHANNELS } from '@kenal/contracts';
import { z } from 'zod';
import { cursor, fields, limit } from './query.ts';

const time = z.string().describe('ISO 8601, UTC');
// Whatever a caller sent: not walked through again on the way out
const json = z.record(z.string(), z.unknown());

export const timelineQuery = z.object({
  type: z.string().optional().describe('identify, track, page, screen, group or alias; several with commas'),
  name: z.string().optional().describe('event name, exactly'),
  channel: z
    .string()
    .optional()
    .describe(`${CHANNELS.join(', ')}; several with commas`),
  from: z.string().optional().describe('ISO 8601, inclusive'),
  to: z.string().optional().describe('ISO 8601, exclusive'),
  limit,
  cursor,
  fields,
});
export type TimelineQuery = z.infer<typeof timelineQuery>;

const nullable = z.string().nullable();
export const interactionView = z
  .object({
    id: z.string().describe('message id, unique within its source'),
    source: z.string(),
    channel: z.string(),
    direction: z.string(),
    type: z.string(),
    name: nullable,
    occurredAt: time,
    receivedAt: time,
    profileId: nullable,
    owner: nullable.describe(
      'the identifier, `type:value`, by which the interaction belongs to the profile; null in a timeline: it names nobody (a refund) and stands there by its order',
    ),
    identifiers: z.array(z.object({ type: z.string(), value: z.string() })),
    actor: z.object({ kind: z.string(), id: z.string(), team: nullable }).nullable(),
    accountId: nullable,
    conversationId: nullable,
    caseId: nullable,
    sessionId: nullable,
    campaignId: nullable,
    orderId: nullable,
    amount: nullable.describe('decimal as text'),
    currency: nullable,
    traits: json,
    properties: json,
    context: json,
  })
  .meta({ id: 'Interaction' });
export type InteractionView = z.infer<typeof interactionView>;

export const timelineView = z
  .object({
    id: z.string().describe('profile'),
    interactions: z.array(interactionView).describe('newest first'),
    cursor: nullable.describe('give it back for the next page; null on the last one'),
  })
  .meta({ id: 'Timeline' });
