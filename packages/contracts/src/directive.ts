import { z } from 'zod';
import { MICROS_PER_MILLI, type Micros } from './time.ts';

/** What somebody decided about who is who (identity.md, "Directives"). */
export const DIRECTIVE_KINDS = {
  /** Two identifiers are one person, whatever limits say of their other links. */
  must: 'must',
  /** Two identifiers are two people; survives that they are seen together again. */
  unlink: 'unlink',
  /** A link, or all that a source said, counts as never seen. */
  revoke: 'revoke',
  /** Take back what was decided of a pair or a source. */
  clear: 'clear',
  /** One profile becomes the given groups. */
  split: 'split',
  /** Answer to a suggestion of the probabilistic pass. */
  review: 'review',
  /** Links that the probabilistic pass made, under one model. */
  linkage: 'linkage',
  /** A person is forgotten and not made again from what was received before. */
  erase: 'erase',
  consent: 'consent',
  /** Another set of identity rules is in force. */
  ruleset: 'ruleset',
  /** Another model of the probabilistic pass is in force. */
  model: 'model',
} as const;
export type DirectiveKind = (typeof DIRECTIVE_KINDS)[keyof typeof DIRECTIVE_KINDS];

/** What holds of a pair: the last word by (issuedAt, directive id). `link`: evidence by probability, not a decision. */
export const PAIR_VERBS = ['must', 'cannot', 'revoke', 'clear', 'link'] as const;
export type PairVerb = (typeof PAIR_VERBS)[number];

const micros = z.number().int();

export const directivePairSchema = z.object({
  /** Normalised keys, `type:value`. */
  a: z.string().min(3),
  b: z.string().min(3),
  verb: z.enum(PAIR_VERBS),
  /** Of a `link`: log2 of the odds that the two are one person; else null. */
  weight: z.number().nullable(),
  /** Of a `link`: its waterfall, bits by field as a JSON object; else ''. */
  detail: z.string(),
});
export type DirectivePair = z.infer<typeof directivePairSchema>;

/**
 * A decision about who is who: the value of topic `kenal.directives.v1`, kept for ever. Reading all of them again in any
 * order gives the same rules. An erasure carries keyed hashes, no identifier.
 */
export const directiveSchema = z.object({
  /** UUIDv7 of the time by the door's clock: {@link askedAt}. */
  id: z.string().min(1),
  workspace: z.string().min(1),
  issuedAt: micros,
  /** Who decided: a key's name, a person, `model:<version>`. */
  actor: z.string(),
  reason: z.string(),
  kind: z.enum(DIRECTIVE_KINDS),
  /** must, unlink, revoke, clear, split, review, linkage. */
  pairs: z.array(directivePairSchema),
  /** revoke, clear: all of this source. */
  source: z.string().nullable(),
  /** split, erase, consent: the profile as the caller named it. */
  profileId: z.string().nullable(),
  /** erase: keyed hash of each identifier, hex. */
  erased: z.array(z.string()),
  consent: z.object({ owner: z.string(), purpose: z.string().min(1), granted: z.boolean() }).nullable(),
  /** ruleset: `identity` of the workspace as JSON; model: the model as JSON. */
  document: z.string().nullable(),
  /** ruleset: hash of the kenal.yaml rules that it took the place of. Where the file says something else by now, the file holds. */
  base: z.string().nullable(),
  /** linkage: version of the model. */
  model: z.string().nullable(),
});
export type Directive = z.infer<typeof directiveSchema>;

const UUIDV7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;

/**
 * When a directive was asked for, to the end of the millisecond, by the clock of the door that it came through: its id
 * tells. `issuedAt` is its place among the directives and may lie ahead, where one before it was issued by a clock that is.
 */
export function askedAt({ id, issuedAt }: Pick<Directive, 'id' | 'issuedAt'>): Micros {
  const [, high = '', low = ''] = UUIDV7.exec(id) ?? [];
  if (high === '') return issuedAt;
  return Math.min(issuedAt, Number.parseInt(high + low, 16) * MICROS_PER_MILLI + MICROS_PER_MILLI - 1);
}
