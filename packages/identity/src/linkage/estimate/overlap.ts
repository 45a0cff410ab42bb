import { MISSING, SCOPES } from '../compare/comparator.ts';
import type { Feature } from '../compare/features.ts';
import type { Patterns } from './patterns.ts';

/**
 * How much is new in what a feature says when another has said the same: postcode, city and state agree together, and
 * who has moved differs in all of them. Without that, neighbours would be one household and movers two people.
 */
export interface Overlap {
  /** Features of places, the rarest agreement first. */
  readonly order: readonly number[];
  /** By place in the order, by place before it: share of the bits for one person that counts where both agree. */
  readonly agree: readonly (readonly number[])[];
  /** The same of the bits against, where both differ. */
  readonly differ: readonly (readonly number[])[];
}

/** What is believed before any pair is seen, and the pairs that it counts for. */
const FURTHER = 0.6;
const BELIEF = 20;

/** @param u by feature, by level */
export function createOverlap(features: readonly Feature[], u: readonly Float64Array[]): Overlap {
  const order = features
    .flatMap(({ comparator: { group, scope } }, f) =>
      scope === SCOPES.household && group !== 'name' && group !== 'phone' ? [f] : [],
    )
    .sort((f, e) => u[f]![0]! - u[e]![0]! || f - e);
  const rows = order.map((_, place) => Array<number>(place).fill(FURTHER));
  return { order, agree: rows, differ: rows };
}

/** What is known of pairs while their overlap is learnt. */
export interface Weighed {
  readonly patterns: Patterns;
  /** By feature, by level: bits for one person. */
  readonly bits: readonly Float64Array[];
  /** By pattern: how many pairs are of one person, and of any two who do not share a home. */
  readonly one: Float64Array;
  readonly any: Float64Array;
  readonly m: readonly Float64Array[];
  readonly u: readonly Float64Array[];
  /** By feature: the bit of its source. */
  readonly sources: readonly number[];
}

/** @param isWhole whether pairs of any two people are among the patterns; else what they agree in stays as it was learnt */
export function learnOverlap({ order, agree }: Overlap, weighed: Weighed, isWhole: boolean): Overlap {
  const rows = (sign: 1 | -1) => order.map((f, place) => order.slice(0, place).map((e) => keptOf(f, e, sign, weighed)));
  return { order, agree: isWhole ? rows(1) : agree, differ: rows(-1) };
}

/** The chance of agreeing (differing) beside `e` to that of agreeing at all, both in bits. */
function keptOf(f: number, e: number, sign: 1 | -1, { patterns, bits, one, any, m, u, sources }: Weighed): number {
  const [own, other, weights] = [bits[f]!, bits[e]!, sign > 0 ? any : one];
  const [levels, others] = [patterns.levels[f]!, patterns.levels[e]!];
  const shares = sign > 0 ? u[f]! : m[f]!;
  const usual = shares.reduce((sum, share, l) => (own[l]! * sign > 0 ? sum + share : sum), 0);
  if (usual <= 0 || usual >= 1) return 1;
  let [both, all] = [BELIEF * usual ** FURTHER, BELIEF];
  for (let i = 0; i < patterns.size; i += 1) {
    const [l, k] = [levels[i]!, others[i]!];
    if (l === MISSING || k === MISSING || other[k]! * sign <= 0) continue;
    if ((patterns.blockedBy[i]! & sources[f]!) !== 0) continue;
    all += weights[i]!;
    if (own[l]! * sign > 0) both += weights[i]!;
  }
  return Math.max(0, Math.min(1, Math.log(both / all) / Math.log(usual)));
}

/** Bits by which the sum of a pair's evidence says too much. @param bitsAt bits of the feature at a place of the order */
export function repeated({ order, agree, differ }: Overlap, bitsAt: (place: number) => number): number {
  let twice = 0;
  for (let place = 1; place < order.length; place += 1) {
    const bits = bitsAt(place);
    if (bits === 0) continue;
    const kept = (bits > 0 ? agree : differ)[place]!;
    let least = 1;
    for (let before = 0; before < place; before += 1)
      if (kept[before]! < least && bitsAt(before) * bits > 0) least = kept[before]!;
    twice += (1 - least) * bits;
  }
  return twice;
}
