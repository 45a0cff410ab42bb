import { z } from 'zod';
import { actorSchema, identifierSchema, participantSchema } from './identifier.ts';
import { receiptSchema } from './receipt.ts';

export const CHANNELS = [
  'email',
  'phone',
  'web',
  'chat',
  'store',
  'mail',
  'field',
  'commerce',
  'back_office',
  'community',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** Seen from the organisation: inbound = the person acted. */
export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** As Segment's specification writes them. */
export const INTERACTION_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type InteractionType = (typeof INTERACTION_TYPES)[number];

const micros = z.number().int();
const jsonText = z.string();

/** A decimal number as text, never through a float: `-12.500000`; at most 32 digits before the point and 6 after. */
export const DECIMAL_PATTERN = /^-?\d{1,32}(\.\d{1,6})?$/;

export const campaignSchema = z.object({
  id: z.string().nullable(),
  name: z.string().nullable(),
  source: z.string().nullable(),
  medium: z.string().nullable(),
  term: z.string().nullable(),
  content: z.string().nullable(),
});
export type Campaign = z.infer<typeof campaignSchema>;

/**
 * One contact between a person and the organisation: immutable, the envelope of topic `kenal.interactions.v1`.
 * It is named by (workspace, source, id) everywhere; a further copy with the same name is a duplicate.
 */
export const interactionSchema = z.object({
  id: z.string().min(1).max(512),
  workspace: z.string().min(1),
  source: z.string().min(1),
  channel: z.enum(CHANNELS),
  direction: z.enum(DIRECTIONS),
  type: z.enum(INTERACTION_TYPES),
  /** Event name of a track, page or screen name; null where the type has none. */
  name: z.string().nullable(),
  /** The caller's own time, equal in every copy; null where it sent none. Identity and traits order by it. */
  clientAt: micros.nullable(),
  /** When the caller says it sent this copy; null where it does not say. */
  sentAt: micros.nullable(),
  /** When this copy arrived here. */
  receivedAt: micros,
  /** The time for reports: the caller's own, corrected where its clock is provably ahead (wire.md). */
  occurredAt: micros,
  /** Of the ONE subject, as sent, not yet normalised. Only these are evidence. */
  identifiers: z.array(identifierSchema),
  participants: z.array(participantSchema),
  actor: actorSchema.nullable(),
  accountId: z.string().nullable(),
  caseId: z.string().nullable(),
  conversationId: z.string().nullable(),
  sessionId: z.string().nullable(),
  userId: z.string().nullable(),
  anonymousId: z.string().nullable(),
  /** Facts about the subject. JSON object. */
  traits: jsonText,
  /** Facts about the event. JSON object. */
  properties: jsonText,
  /** Where and with what it happened. JSON object. */
  context: jsonText,
  /** Top-level fields that the caller sent and Kenal has no place for. JSON object. */
  extra: jsonText,
  /** Purpose → granted; null where the event says nothing about consent. */
  consent: z.record(z.string(), z.boolean()).nullable(),
  campaign: campaignSchema.nullable(),
  /** Money moved by this event, decimal string; null where none. */
  amount: z.string().regex(DECIMAL_PATTERN).nullable(),
  /** ISO 4217 code, upper case. */
  currency: z.string().nullable(),
  receipt: receiptSchema,
});
export type Interaction = z.infer<typeof interactionSchema>;
