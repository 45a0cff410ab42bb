import { DIRECTIVE_KINDS, PAIR_VERBS } from '@kenal/contracts';
import { z } from 'zod';
import { actorSchema, reasonSchema } from './request.ts';

const KINDS = Object.values(DIRECTIVE_KINDS);
export const MOST_SHOWN_PAIRS = 1_000;
const LONGEST_WAIT_S = 60;

const gone = 'null where the person was erased since';

export const directiveView = z
  .object({
    id: z.string().describe('UUIDv7'),
    kind: z.enum(KINDS),
    issuedAt: z.string().describe('ISO 8601, UTC; the last word on a pair or a source holds'),
    actor: z.string().describe('who decided: what the caller said, and the key that it came with'),
    reason: z.string().nullable().describe(gone),
    pairs: z
      .array(
        z.object({
          a: z.string().nullable().describe(`\`type:value\`, normalised; ${gone}`),
          b: z.string().nullable(),
          verb: z.enum(PAIR_VERBS),
          weight: z.number().nullable().describe('of a link by probability: log2 of the odds'),
        }),
      )
      .describe(`at most ${MOST_SHOWN_PAIRS}`),
    pairCount: z.number().int(),
    source: z.string().nullable().describe('revoke, clear: all of this source'),
    profileId: z.string().nullable().describe('split, erase, consent'),
    erased: z.number().int().describe('erase: how many identifiers; none of them is kept'),
    consent: z
      .object({ owner: z.string().nullable().describe(gone), purpose: z.string(), granted: z.boolean() })
      .nullable(),
    document: z.unknown().describe('ruleset, model; else null'),
    model: z.string().nullable().describe('version of the model'),
    position: z.number().int().describe('place in the log of the directives'),
  })
  .meta({ id: 'Directive', description: 'a decision about who is who' });
export type DirectiveView = z.infer<typeof directiveView>;

export const issuedView = z
  .object({
    directive: directiveView,
    settled: z.string().describe('ask this address, with `&wait=` seconds, whether it has taken effect'),
    note: z
      .string()
      .nullable()
      .describe('what whoever decides should know of it: that it changes nothing, or how far it goes; else null'),
  })
  .meta({ id: 'IssuedDirective', description: 'the decision is durable; it takes effect within a moment' });

export const listQuery = z.object({
  kind: z
    .string()
    .optional()
    .describe(`${KINDS.join(', ')}; several with commas`),
  identifier: z
    .string()
    .min(1)
    .optional()
    .describe('`type:value` in any spelling, or a profile id: what was decided of it'),
  actor: z.string().min(1).optional().describe('a part of who decided, letters of any case'),
  since: z.string().optional().describe('ISO 8601, inclusive'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('entries of a page, at most 500'),
  cursor: z.string().optional().describe('`cursor` of the page before'),
});
export type ListQuery = z.infer<typeof listQuery>;

export const listView = z
  .object({
    directives: z
      .array(directiveView)
      .describe('newest first; from the warehouse, so a second or so after the answer 202'),
    cursor: z.string().nullable().describe('give it back for the next page; null on the last one'),
  })
  .meta({ id: 'Directives' });

export const settledQuery = z.object({
  position: z.coerce.number().int().min(0).describe('of the directive, as its answer says'),
  wait: z.coerce
    .number()
    .min(0)
    .max(LONGEST_WAIT_S)
    .default(0)
    .describe(`seconds to wait for it, at most ${LONGEST_WAIT_S}`),
});

export const settledView = z
  .object({
    applied: z.boolean().describe('profiles, and every event from now on, are as decided'),
    settled: z
      .boolean()
      .describe('SQL, timelines and search are as well; once true it stays so while the service runs'),
  })
  .meta({ id: 'DirectiveSettled' });

export const eraseQuery = z.object({ reason: reasonSchema, actor: actorSchema });
