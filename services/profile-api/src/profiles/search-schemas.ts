import { z } from 'zod';
import { cursor, limit } from './query.ts';

/** Each is looked for in every profile. */
const MOST_WORDS = 8;
const time = z.string().describe('ISO 8601, UTC');

export const searchQuery = z.object({
  query: z
    .string({ error: 'must be words, each a part of a name, e-mail, phone number or id' })
    .trim()
    .min(1, { error: 'must be words, each a part of a name, e-mail, phone number or id' })
    .max(200, { error: 'must have at most 200 characters' })
    .refine((text) => text.split(/\s+/).length <= MOST_WORDS, { error: `must have at most ${MOST_WORDS} words` })
    .describe('words, each a part of a name, e-mail, phone number or id; eight at most'),
  limit: limit.default(20),
  cursor,
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const foundProfile = z
  .object({
    id: z.string(),
    version: z.number().int(),
    traits: z.record(z.string(), z.unknown()),
    identifiers: z.array(z.object({ type: z.string(), value: z.string() })),
    interactions: z.number().int(),
    firstSeen: time.nullable(),
    lastSeen: time.nullable(),
  })
  .meta({ id: 'FoundProfile' });

export const searchView = z
  .object({ profiles: z.array(foundProfile).describe('last changed first'), cursor: z.string().nullable() })
  .meta({ id: 'FoundProfiles' });
