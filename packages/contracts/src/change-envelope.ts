import { z } from 'zod';
import { assignmentSchema, CHANGE_TYPES, type Change, type ProfileContent } from './change.ts';
import { COMPUTED_KINDS, type ComputedAttribute } from './computed.ts';
import { DIRECTIVE_KINDS } from './directive.ts';
import { identifierSchema } from './identifier.ts';
import { jsonPart } from './json.ts';
import { jsonValueSchema } from './json-schema.ts';
import { formatTime } from './time.ts';

const computedAttributeSchema = z
  .object({
    value: jsonValueSchema,
    kind: z.enum(COMPUTED_KINDS),
    computedAt: z.string(),
    fitId: z.string().describe('of the model that it comes from, empty where none'),
    reason: z.string(),
  })
  .meta({ id: 'ChangeComputedAttribute' });

const contentSchema = z
  .object({
    traits: z.record(z.string(), jsonValueSchema),
    identifiers: z.array(identifierSchema).describe('strongest first, 1,000 at most'),
    identifierCount: z.number().int().describe('how many there are in all'),
    consent: z.record(z.string(), z.boolean()).describe('purpose → granted, the last word on each'),
    computed: z
      .record(z.string(), computedAttributeSchema)
      .describe('scores, tiers, computed traits, and `segment.<name>` of those the profile is in'),
  })
  .meta({ id: 'ChangeContent' });
export type ContentEnvelope = z.infer<typeof contentSchema>;

/**
 * One version step of one profile as SSE, webhooks and the client show it (wire.md, "Change feed"): the record of topic
 * `kenal.profile.changes.v1` with its JSON texts as values and its times in ISO 8601, UTC.
 */
export const changeEnvelopeSchema = z
  .object({
    id: z.string().describe('`<profileId>:<version>`; the same id is the same change, and may come twice'),
    type: z
      .enum(CHANGE_TYPES)
      .describe(
        'merged: the profile is gone, `mergedInto` has its identifiers now; erased: gone, and nobody has; split: some of its identifiers went to `splitInto`',
      ),
    workspace: z.string(),
    profileId: z.string(),
    version: z.number().int().describe('strictly increases per profile, with gaps'),
    previousVersion: z.number().int().describe('version of the change before this one, 0 for the first'),
    occurredAt: z.string(),
    before: contentSchema
      .nullable()
      .describe('null for the first, and where it cannot be told any more (the rules changed, the person is erased)'),
    after: contentSchema.nullable().describe('null where the profile is gone'),
    changed: z.array(z.string()).describe('paths that differ: `traits.email`, `computed.churn.band`, `identifiers`'),
    assigned: z
      .array(assignmentSchema)
      .describe('identifiers that point to this profile from this version on, and whose they were'),
    released: z.array(z.string()).describe('identifiers, `type:value`, that nobody has now; never those of an erasure'),
    cause: z.object({
      messageId: z.string().describe('of the interaction or decision; of rule `computed` the fit'),
      source: z.string(),
      rule: z.string(),
    }),
    mergedInto: z.string().nullable(),
    mergedFrom: z.array(z.string()).describe('profiles that are part of this one from this version on'),
    splitInto: z.array(z.string()),
  })
  .meta({ id: 'ChangeEnvelope' });
export type ChangeEnvelope = z.infer<typeof changeEnvelopeSchema>;

/**
 * Parse the JSON texts of a change, once for all who are shown it. An erasure does not say whose identifiers it took: a
 * subscriber knows the profile by its id, and what is sent may be kept (attempts of a webhook).
 */
export function envelopeOf(change: Change): ChangeEnvelope {
  const { before, after, occurredAt, released, cause } = change;
  return {
    ...change,
    occurredAt: formatTime(occurredAt),
    before: before === null ? null : contentOf(before),
    after: after === null ? null : contentOf(after),
    released: cause.rule === DIRECTIVE_KINDS.erase ? [] : released,
  };
}

function contentOf({ traits, identifiers, identifierCount, consent, computed }: ProfileContent): ContentEnvelope {
  return {
    traits: jsonPart(traits),
    identifiers,
    identifierCount,
    consent: jsonPart(consent) as Record<string, boolean>,
    computed: jsonPart(computed) as unknown as Record<string, ComputedAttribute>,
  } as ContentEnvelope;
}
