import { z } from 'zod';

const time = z.string().describe('ISO 8601, UTC');

export const explainQuery = z.object({
  other: z
    .string({ error: 'must be the other identifier, `type:value`, or a profile id' })
    .min(1, { error: 'must be the other identifier, `type:value`, or a profile id' })
    .describe('`type:value` or a profile id: the other identifier'),
});

const explainedEnd = z.object({
  identifier: z.string().describe('`type:value`, normalised; of a profile id the identifier that anchors it'),
  profileId: z.string().nullable().describe('null where only links name it that joined nobody'),
});
const explainedEvent = z.object({
  at: time,
  messageId: z.string().nullable().describe('the event, or the directive; null where it is not known'),
});
const explainedLink = z.object({
  a: z.string(),
  b: z.string(),
  class: z.string().describe('`must`, `deterministic`, `probabilistic`: the stronger joins first'),
  rule: z
    .string()
    .describe('`link`: the two came in one interaction; `must`: somebody decided so; `linkage`: by probability'),
  first: explainedEvent,
  last: explainedEvent,
  sources: z.array(z.string()),
  weight: z.number().nullable().describe('of a link by probability: log2 of the odds'),
  waterfall: z.unknown().describe('of such a link: bits by field; else null'),
});

const explainedDecision = z.object({
  id: z.string().describe('of the directive'),
  kind: z.string().describe('must, unlink, revoke, split, review'),
  verb: z.string().describe('what it says of the pair: must, cannot, revoke; of a source: revoke'),
  a: z.string().nullable(),
  b: z.string().nullable(),
  source: z.string().nullable().describe('of a source that is revoked; a and b are null'),
  issuedAt: time,
  actor: z.string(),
  reason: z.string(),
});

export const explainView = z
  .object({
    a: explainedEnd,
    b: explainedEnd,
    samePerson: z.boolean(),
    path: z.array(explainedLink).describe('links that lead from a to b, the fewest; empty where they are two people'),
    rejected: z
      .array(
        explainedLink.extend({
          reason: z.string().describe('`limit:<type>`, `hub:<identifier>`, `cannot:<a>|<b>`, `oversize`, `guard`'),
          why: z.string().describe('the same in words'),
        }),
      )
      .describe(
        'links between the two people that joined them not; where there are none, those around them. Those of the two identifiers first, then the strongest',
      ),
    decisions: z
      .array(explainedDecision)
      .describe('what people decided that has to do with it: of the two identifiers first, then newest first'),
    review: z
      .object({ id: z.string(), a: z.string(), b: z.string(), probability: z.number() })
      .nullable()
      .describe('a pair of records of the two that waits for somebody to decide (`GET /v1/reviews/{id}`)'),
    revokedSources: z.array(z.string()).describe('sources that saw one of the two, and count as never seen'),
  })
  .meta({ id: 'Explanation', description: 'why two identifiers are one person, or two' });
