import { CHANNELS, SURVIVORSHIPS } from '@kenal/contracts';
import { z } from 'zod';

const time = z.string().describe('ISO 8601, UTC');
// Whatever a caller sent: not walked through again on the way out
const jsonValue = z.unknown();
const json = z.record(z.string(), jsonValue);

export const MAX_PAGE = 500;
const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(MAX_PAGE)
  .default(50)
  .describe(`entries of a page, at most ${MAX_PAGE}`);
const cursor = z.string().optional().describe('`cursor` of the page before; stable while new entries come in');
const yes = z
  .enum(['true', 'false', '1', '0', ''], { error: 'must be true or false' })
  .optional()
  .transform((text) => text === 'true' || text === '1' || text === '');

const fields = z
  .string()
  .optional()
  .describe('what to show, with commas: `traits.email,computed.churn,identifiers`; without it all that the key shows');

export const profileParams = z.object({
  profile: z
    .string()
    .min(1)
    .describe('`type:value`, URL-encoded (`email:ann%40example.com`), or any profile id that was ever issued'),
});
export const spaceParams = profileParams.extend({ space: z.string().describe('the workspace; the read key decides') });

export const identifierView = z
  .object({ type: z.string(), value: z.string(), firstSeen: time, lastSeen: time })
  .meta({ id: 'ProfileIdentifier' });

export const traitDetail = z
  .object({
    value: jsonValue,
    source: z.string().describe('source whose word holds'),
    at: time.describe('when it said so'),
    messageId: z.string().describe('the event that said so'),
    confirmedAt: time.describe('when any source last said the same'),
    survivorship: z.enum(SURVIVORSHIPS).describe('the rule by which it holds (`traits` of the configuration)'),
  })
  .meta({ id: 'TraitDetail' });

export const saidTrait = z
  .object({
    trait: z.string(),
    value: jsonValue.describe('null: the source took the trait away'),
    source: z.string(),
    firstAt: time.describe('first event that is known to have said so'),
    lastAt: time.describe('last event that said so'),
    messageId: z.string().describe('the event of `lastAt`'),
    holds: z.boolean().describe('it is what the profile shows'),
  })
  .meta({ id: 'SaidTrait', description: 'a value that a source gave a trait' });

const quality = z
  .object({
    completeness: z.number().describe('share of the wanted traits that the profile has, 0 to 1'),
    freshness: z
      .number()
      .nullable()
      .describe('share of those it has that somebody said within `freshForDays`; null where it has none'),
    missing: z.array(z.string()).describe('wanted traits that it has not'),
    stale: z.array(z.string()).describe('wanted traits that it has, said for the last time too long ago'),
  })
  .meta({
    id: 'ProfileQuality',
    description:
      'how much is known of what the configuration wants (`traits`; where nothing is required: name, email, phone, address, birthday), and how fresh it is. An identifier of the trait’s name tells it too',
  });

const refusedLink = z
  .object({
    own: z.string().describe('identifier of this person, `type:value`'),
    other: z.string().describe('identifier that was linked with it, and is somebody else’s'),
    class: z
      .string()
      .describe(
        '`deterministic`: they came in one event; `probabilistic`: a model found likely that they are one person',
      ),
    reason: z.string().describe('`limit:<type>`, `hub:<identifier>`, `cannot:<a>|<b>`, `oversize`, `guard`'),
    why: z.string().describe('the same in words'),
    type: z.string().describe('of this type one person would have had too many; empty where the reason is another'),
    limit: z.number().int().describe('how many one person may have (`identity.limits` of the configuration); else 0'),
  })
  .meta({ id: 'RefusedLink', description: 'a link between two identifiers that stayed two people' });

export const profileView = z
  .object({
    id: z.string().describe('today’s profile id; may differ from the one that was asked for'),
    aliases: z.array(z.string()).describe('profile ids of before that lead here'),
    workspace: z.string(),
    version: z.number().int().describe('strictly increasing, with gaps'),
    traits: json,
    consent: z
      .record(z.string(), z.boolean())
      .describe('purpose → granted, the last word on each; a purpose of which nothing was said is not in it'),
    computed: json.describe(
      'what was computed of the person, by name: `churn.band`, `trait.<name>`, `segment.<name>` (true); `/scores` says when and why',
    ),
    quality,
    identifiers: z.array(identifierView).describe('strongest first'),
    firstSeen: time,
    lastSeen: time,
    traitDetails: z.record(z.string(), traitDetail).optional().describe('with `?details=true`'),
    traitHistory: z
      .array(saidTrait)
      .optional()
      .describe('with `?details=true`: every value that a trait had, as far as it is at hand; newest first'),
    refusedLinks: z.array(refusedLink).optional().describe('with `?details=true`'),
  })
  .meta({ id: 'Profile' });

export const profileQuery = z.object({
  details: yes.describe('source, time and history of each trait, and links that joined nobody, as well'),
  fields,
});

export const traitsQuery = z.object({
  history: z
    .enum(['true', 'false', '1', '0', '', 'full'], { error: 'must be true, false or full' })
    .optional()
    .transform((text) => (text === 'full' ? 'full' : text === 'true' || text === '1' || text === '' ? 'held' : null))
    .describe(
      'true: the first, the last and (where the rule asks) the longest value of each source as well; full: every value that was ever said, from the interactions, in pages',
    ),
  trait: z.string().optional().describe('history of this trait only'),
  limit,
  cursor,
});

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
  waterfall: jsonValue.describe('of such a link: bits by field; else null'),
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

export const traitsView = z
  .object({
    id: z.string(),
    version: z.number().int(),
    traits: z.record(z.string(), traitDetail),
    history: z.array(saidTrait).optional().describe('with `?history=`: newest first'),
    cursor: z.string().nullable().optional().describe('with `?history=full`: for the next page; null on the last one'),
  })
  .meta({ id: 'ProfileTraits' });

export const identifiersView = z
  .object({ id: z.string(), version: z.number().int(), identifiers: z.array(identifierView) })
  .meta({ id: 'ProfileIdentifiers' });

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

export const searchQuery = z.object({
  query: z
    .string({ error: 'must be words, each a part of a name, e-mail, phone number or id' })
    .trim()
    .min(1, { error: 'must be words, each a part of a name, e-mail, phone number or id' })
    .max(200, { error: 'must have at most 200 characters' })
    .describe('words, each a part of a name, e-mail, phone number or id'),
  limit: limit.default(20),
  cursor,
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const foundProfile = z
  .object({
    id: z.string(),
    version: z.number().int(),
    traits: json,
    identifiers: z.array(z.object({ type: z.string(), value: z.string() })),
    interactions: z.number().int(),
    firstSeen: time.nullable(),
    lastSeen: time.nullable(),
  })
  .meta({ id: 'FoundProfile' });

export const searchView = z
  .object({ profiles: z.array(foundProfile).describe('last changed first'), cursor: nullable })
  .meta({ id: 'FoundProfiles' });
