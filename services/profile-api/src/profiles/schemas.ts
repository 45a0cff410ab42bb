import { SURVIVORSHIPS } from '@kenal/contracts';
import { z } from 'zod';
import { cursor, fields, limit, yes } from './query.ts';

const time = z.string().describe('ISO 8601, UTC');
// Whatever a caller sent: not walked through again on the way out
const jsonValue = z.unknown();
const json = z.record(z.string(), jsonValue);

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
    version: z.number().int().describe('strictly increasing, with gaps; counts all changes, also of what is not shown'),
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
  fields,
});

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
