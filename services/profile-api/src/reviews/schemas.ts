import { z } from 'zod';
import { actorSchema, reasonSchema } from '../directives/request.ts';
import { issuedView } from '../directives/schemas.ts';

const STATES = ['open', 'accepted', 'rejected', 'obsolete'] as const;
export type ReviewState = (typeof STATES)[number];

export const reviewQuery = z.object({
  state: z
    .enum([...STATES, 'all'])
    .default('open')
    .describe('obsolete: one profile by now, or the model in force no longer says so'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('entries of a page, at most 500'),
  cursor: z.string().optional().describe('`cursor` of the page before'),
});
export type ReviewQuery = z.infer<typeof reviewQuery>;

export const reviewParams = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, { error: 'must be 32 hexadecimal digits, as GET /v1/reviews names the pair' })
    .describe('`id` of the pair in the list'),
});

const end = z.object({
  identifier: z.string().describe('owner of the record, `type:value`'),
  source: z.string().describe('source that the record is of'),
  profileId: z.string().nullable().describe('today; null where it has none'),
});

const review = z.object({
  id: z.string(),
  state: z.enum(STATES),
  a: end,
  b: end,
  probability: z.number().describe('that the two are one person'),
  weight: z.number().describe('the same as log2 of the odds'),
  model: z.string(),
  doubt: z
    .string()
    .describe(
      'why they were not joined: probability, thin, twins, generations, relatives, identifier, cluster, accounts',
    ),
  suggestedAt: z.string().describe('ISO 8601, UTC'),
  decidedAt: z.string().nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
});

const reviewView = review.meta({ id: 'Review', description: 'two records that may be one person' });

export const reviewsView = z
  .object({
    reviews: z.array(reviewView).describe('the most likely first'),
    cursor: z.string().nullable().describe('give it back for the next page; null on the last one'),
  })
  .meta({ id: 'Reviews' });

export const reviewDetailView = review
  .extend({
    records: z
      .array(z.object({ field: z.string(), a: z.string().nullable(), b: z.string().nullable() }))
      .describe('both records side by side, as they stand today'),
    doubtInWords: z.string().describe('the same as a sentence'),
    waterfall: z
      .array(z.object({ field: z.string(), level: z.string(), bits: z.number(), words: z.string() }))
      .describe('what each field gave when the pair was found; the bits add up to the weight'),
  })
  .meta({ id: 'ReviewDetail' });

/** A body of `POST /v1/reviews/{id}`. */
export const decisionSchema = z.strictObject({
  decision: z.enum(['accept', 'reject']).describe('accept: one person; reject: two people, and never asked again'),
  reason: reasonSchema,
  actor: actorSchema,
});

export const decidedView = issuedView;
