import { MISSING } from '../compare/comparator.ts';
import type { Feature, PairRange } from '../compare/features.ts';
import type { EncodedSource } from '../encode.ts';
import { float32 } from '../memory.ts';
import { DOMAIN_KEY, type Echo, echoOf, isEcho } from './echo.ts';
import { type Overlap, repeated } from './overlap.ts';
import { type Parameters, sharedRatio } from './parameters.ts';
import type { Rates } from './rates.ts';

/** No single observation proves or refutes a person by more than this, in bits. */
const MOST = 20;
const LEAST = -9;

/** Bits of evidence of each level: log2 m/u, with the rate of the very value in place of u where a level asks for it. */
export interface Weights {
  /** Log2 of the odds against any two people that a pair is of one person, and of one household. */
  readonly prior: number;
  readonly household: number;
  /** By feature. */
  readonly features: readonly FeatureWeights[];
  readonly echoes: readonly Echo[];
  readonly overlap: Overlap;
}

interface FeatureWeights {
  /** By level: for one person, and for one household. */
  readonly one: Float64Array;
  readonly home: Float64Array;
  /** By level: bits by value instead, where the rate of the value counts. */
  readonly rated: readonly (RatedBits | null)[];
}

/** Bits by value; `codes` tells the value of each record. */
interface RatedBits {
  readonly codes: Int32Array;
  readonly one: Float32Array;
  readonly home: Float32Array;
}

export function weightsOf(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  { prior, household, shared: sharing, m, u, overlap }: Parameters,
  rates: readonly Rates[],
): Weights {
  const apart = 1 - prior - household;
  const domainBits = (source: number): ((code: number) => number) => {
    const rate = rates.find((each) => each.source === source && each.key === DOMAIN_KEY);
    if (rate === undefined) return () => 0;
    const { one } = ratedBits(sources[source]!, rate, 1, 1, 0);
    return (code) => one[code] ?? 0;
  };
  return {
    overlap,
    echoes: echoOf(features, sources, domainBits),
    prior: Math.log2(prior / apart),
    household: Math.log2(household / apart),
    features: features.map(({ comparator: { levels }, source }, f) => {
      const shared = sharing[f]!;
      // No likeness proves more than being the same: what was never seen by chance (swapped names) would
      const most = Math.log2(m[f]![0]! / u[f]![0]!);
      const one = Float64Array.from(levels, (_, l) => clamp(Math.min(most, Math.log2(m[f]![l]! / u[f]![l]!))));
      const home = one.map((bits) => homeBits(bits, shared));
      const rated = levels.map(({ key }, l) => {
        const rate = rates.find((each) => each.source === source && each.key === key);
        return rate === undefined ? null : ratedBits(sources[source]!, rate, m[f]![l]!, u[f]![l]!, shared);
      });
      return { one, home, rated };
    }),
  };
}

/** @param u of any value: a rare one is no more common than that */
function ratedBits(
  { codes, keys }: EncodedSource,
  { key, rest, common }: Rates,
  m: number,
  u: number,
  shared: number,
): RatedBits {
  const hashes = keys[key]!;
  const usual = clamp(Math.log2(m / Math.min(rest, u)));
  const one = float32(hashes.length).fill(usual);
  const home = float32(hashes.length).fill(homeBits(usual, shared));
  const known = new Map<number, number>();
  for (const [hash, rate] of common) known.set(hash, clamp(Math.log2(m / rate)));
  for (let value = 0; value < hashes.length; value += 1) {
    const bits = known.get(hashes[value]!);
    if (bits === undefined) continue;
    one[value] = bits;
    home[value] = homeBits(bits, shared);
  }
  return { codes, one, home };
}

function homeBits(bits: number, shared: number): number {
  return Math.log2(sharedRatio(2 ** bits, shared));
}

export function clamp(bits: number): number {
  return Math.max(LEAST, Math.min(MOST, bits));
}

/** Bits for one person that feature `f` gives a pair at a level. @param record either of the two */
export function bitsOf({ features }: Weights, f: number, level: number, record: number): number {
  if (level === MISSING) return 0;
  const rated = features[f]!.rated[level]!;
  return rated === null ? features[f]!.one[level]! : rated.one[rated.codes[record]!]!;
}

export function homeBitsOf({ features }: Weights, f: number, level: number, record: number): number {
  if (level === MISSING) return 0;
  const rated = features[f]!.rated[level]!;
  return rated === null ? features[f]!.home[level]! : rated.home[rated.codes[record]!]!;
}

/** Bits of a similar address that the name has said already. */
export function echoOfPair(weights: Weights, echo: Echo, level: number, a: number, b: number): number {
  return Math.max(0, bitsOf(weights, echo.email, level, a) - echo.cap(level, a, b));
}

/** Log2 odds for one person against two of one household or any two. */
export function oddsOf(one: number, home: number): number {
  return one - Math.log2(1 + 2 ** home);
}

/** Pairs scored at once: what is between them stays in the processor's memory. */
const AT_ONCE = 4_096;

/** Write the log2 odds that each pair of a range is of one person, prior included. */
export function scorePairs(weights: Weights, { a, b, from, to, levels }: PairRange, scores: Float32Array): void {
  const { features, overlap } = weights;
  const [ones, homes] = [new Float32Array(AT_ONCE), new Float32Array(AT_ONCE)];
  const parts = overlap.order.map(() => new Float32Array(AT_ONCE));
  let pair = 0;
  const bitsAt = (place: number): number => parts[place]![pair]!;
  for (let begin = from; begin < to; begin += AT_ONCE) {
    const end = Math.min(to, begin + AT_ONCE);
    const [first, second] = [a.subarray(begin, end), b.subarray(begin, end)];
    ones.fill(weights.prior);
    homes.fill(weights.household);
    for (let f = 0; f < levels.length; f += 1) {
      const part = parts[overlap.order.indexOf(f)];
      part?.fill(0);
      addBits(features[f]!, levels[f]!.subarray(begin, end), first, ones, homes, part);
    }
    for (const echo of weights.echoes) takeEchoes(weights, echo, levels, begin, first, second, ones);
    for (pair = 0; pair < first.length; pair += 1) {
      const twice = repeated(overlap, bitsAt);
      scores[begin + pair] = oddsOf(ones[pair]! - twice, homes[pair]! - twice);
    }
  }
}

function takeEchoes(
  weights: Weights,
  echo: Echo,
  levels: readonly Uint8Array[],
  begin: number,
  a: Int32Array,
  b: Int32Array,
  ones: Float32Array,
): void {
  const [email, given, family] = [levels[echo.email]!, levels[echo.given]!, levels[echo.family]!];
  for (let i = 0; i < a.length; i += 1) {
    const level = email[begin + i]!;
    if (isEcho(level, given[begin + i]!, family[begin + i]!))
      ones[i]! -= echoOfPair(weights, echo, level, a[i]!, b[i]!);
  }
}

function addBits(
  { one, home, rated }: FeatureWeights,
  levels: Uint8Array,
  a: Int32Array,
  ones: Float32Array,
  homes: Float32Array,
  part: Float32Array | undefined,
): void {
  for (let i = 0; i < levels.length; i += 1) {
    const level = levels[i]!;
    if (level === MISSING) continue;
    const own = rated[level]!;
    const value = own === null ? 0 : own.codes[a[i]!]!;
    const bits = own === null ? one[level]! : own.one[value]!;
    ones[i]! += bits;
    homes[i]! += own === null ? home[level]! : own.home[value]!;
    if (part !== undefined) part[i] = bits;
  }
}
