import { z } from 'zod';
import { orderView } from '../orders/schemas.ts';

const text = z.string().nullable();
const time = z.string().describe('ISO 8601, UTC');

const caseView = z.object({
  id: z.string(),
  source: z.string(),
  channel: z.string(),
  openedAt: time.nullable(),
  reopened: z.number().int().describe('how often it was opened again'),
  priority: text,
  status: text.describe('as its source said it last'),
  team: text,
  conversationId: text,
});

const contactView = z.object({
  id: z.string().describe('message id'),
  source: z.string(),
  channel: z.string(),
  direction: z.string(),
  type: z.string(),
  name: text,
  at: time,
});

const offerView = z.object({
  kind: z.string().describe('new: never bought; reorder: bought before'),
  itemId: z.string(),
  reason: z.string(),
  inStock: z.boolean().nullable(),
});

export const cardView = z
  .object({
    id: z.string(),
    version: z.number().int(),
    name: text.describe('trait `name`, or first and last name'),
    traits: z.record(z.string(), z.unknown()),
    identifiers: z.array(z.object({ type: z.string(), value: z.string() })).describe('strongest first'),
    consent: z.record(z.string(), z.boolean()),
    computed: z.record(z.string(), z.unknown()).describe('scores, computed traits and segments'),
    customerSince: time.describe('first interaction'),
    openCases: z.array(caseView).nullable().describe('the newest first; null where the key shows no timeline'),
    lastContact: contactView.nullable().describe('what the person or somebody with them did last'),
    lastOrder: orderView.nullable(),
    nextBest: z.array(offerView).nullable().describe('what to offer next, at most three of each kind'),
  })
  .meta({ id: 'Card', description: 'who is calling' });
export type CardView = z.infer<typeof cardView>;
