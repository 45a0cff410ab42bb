import { MISSING } from '../compare/comparator.ts';
import type { Feature } from '../compare/features.ts';
import type { EncodedSource } from '../encode.ts';
import type { Parameters } from './parameters.ts';
import type { Rates } from './rates.ts';

/** No single observation proves or refutes a person by more than this, in bits. */
const MOST = 20;
const LEAST = -9;

/** Bits of evidence of each level: log2 m/u, with the rate of the very value in place of u where a level asks for it. */
export interface Weights {
  /** Log2 of the odds that any two records are of one person. */
  readonly prior: number;
  /** By feature, by level; of a level with a key the part that does not hang on the value. */
  readonly fixed: readonly Float64Array[];
  /** By feature: which level takes the value's rate, and `-log2 rate` by record; null where none does. */
  readonly rated: readonly (readonly RatedLevel[])[];
}

export interface RatedLevel {
  readonly level: number;
  readonly bits: Float32Array;
}

export function weightsOf(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  { prior, m, u }: Parameters,
  rates: readonly Rates[],
): Weights {
  const bitsOf = new Map(rates.map((rate) => [`${rate.source}/${rate.key}`, bitsByRecord(rate, sources)]));
  return {
    prior: Math.log2(prior / (1 - prior)),
    fixed: features.map(({ comparator }, f) =>
      Float64Array.from(comparator.levels, ({ key }, l) => Math.log2(m[f]![l]!) - (key < 0 ? Math.log2(u[f]![l]!) : 0)),
    ),
    rated: features.map(({ comparator, source }) =>
      comparator.levels.flatMap(({ key }, l) => (key < 0 ? [] : [{ level: l, bits: bitsOf.get(`${source}/${key}`)! }])),
    ),
  };
}

function bitsByRecord({ source, key, rest, common }: Rates, sources: readonly EncodedSource[]): Float32Array {
  const { codes, keys } = sources[source]!;
  const ofValue = Float32Array.from(keys[key]!, (hash) => -Math.log2(common.get(hash) ?? rest));
  return Float32Array.from(codes, (code) => (code < 0 ? 0 : ofValue[code]!));
}

/** Bits that feature `f` gives a pair at a level. @param record either of the two */
export function bitsOf(weights: Weights, f: number, level: number, record: number): number {
  if (level === MISSING) return 0;
  let bits = weights.fixed[f]![level]!;
  for (const rated of weights.rated[f]!) if (rated.level === level) bits += rated.bits[record]!;
  return Math.max(LEAST, Math.min(MOST, bits));
}

/** Log2 odds that each pair is of one person, prior included. @param levels by feature, then by pair */
export function scoreAll(weights: Weights, levels: readonly Uint8Array[], a: Int32Array): Float32Array {
  const scores = new Float32Array(a.length).fill(weights.prior);
  levels.forEach((ofFeature, f) => {
    for (let i = 0; i < scores.length; i += 1) {
      const level = ofFeature[i]!;
      if (level !== MISSING) scores[i]! += bitsOf(weights, f, level, a[i]!);
    }
  });
  return scores;
}
