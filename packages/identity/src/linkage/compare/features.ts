import type { EncodedSource } from '../encode.ts';
import type { Value } from '../fields/source.ts';
import { uint8 } from '../memory.ts';
import { type Comparator, MISSING } from './comparator.ts';

/** A comparator over the values of one source. */
export interface Feature {
  readonly comparator: Comparator<Value>;
  /** Position of its source. */
  readonly source: number;
}

export function featuresOf(sources: readonly EncodedSource[]): readonly Feature[] {
  return sources.flatMap(({ source }, index) =>
    source.comparators.map((comparator) => ({ comparator, source: index })),
  );
}

/** A part of the pairs, and where what is found of them goes. All arrays are shared. */
export interface PairRange {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly from: number;
  readonly to: number;
  /** By feature, by pair. */
  readonly levels: readonly Uint8Array[];
}

/** Results of one comparator on pairs of values seen lately; at most 2^17 of them, the newest wins its place. */
const REMEMBERED = 1 << 17;

/** @returns the level of each pair of records, by feature */
export function compareAll(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  a: Int32Array,
  b: Int32Array,
): readonly Uint8Array[] {
  const levels = features.map(() => uint8(a.length));
  compareInto(features, sources, { a, b, from: 0, to: a.length, levels });
  return levels;
}

/** Pairs whose values are fetched at once. */
const AT_ONCE = 4_096;

/** Write the levels of some pairs. */
export function compareInto(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  { a, b, from, to, levels }: PairRange,
): void {
  const [xs, ys] = [new Int32Array(AT_ONCE), new Int32Array(AT_ONCE)];
  sources.forEach(({ values, codes }, source) => {
    const own = features.flatMap((feature, f) =>
      feature.source === source
        ? [{ found: levels[f]!, lookUp: createLookUp(feature.comparator, values, to - from) }]
        : [],
    );
    for (let begin = from; begin < to; begin += AT_ONCE) {
      const end = Math.min(to, begin + AT_ONCE);
      for (let i = begin; i < end; i += 1) {
        xs[i - begin] = codes[a[i]!]!;
        ys[i - begin] = codes[b[i]!]!;
      }
      for (const { found, lookUp } of own) lookUpAll(xs, ys, lookUp, found, begin, end);
    }
  });
}

type LookUp = (x: number, y: number) => number;

function lookUpAll(xs: Int32Array, ys: Int32Array, lookUp: LookUp, found: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i += 1) {
    const [x, y] = [xs[i - from]!, ys[i - from]!];
    found[i] = x < 0 || y < 0 ? MISSING : lookUp(x, y);
  }
}

/** Pairs from which on it pays to look at all values beforehand. */
const MANY = 5_000;

function createLookUp(comparator: Comparator<Value>, values: readonly Value[], pairs: number): LookUp {
  if (pairs > MANY && comparator.prepare !== undefined) return comparator.prepare(values);
  if (values.length > REMEMBERED) return (x, y) => comparator.compare(values[x]!, values[y]!);
  const places = Math.min(REMEMBERED, 2 ** Math.ceil(Math.log2(pairs + 1)));
  const keys = new Float64Array(places).fill(-1);
  const levels = new Uint8Array(places);
  const width = values.length;
  return (x, y) => {
    const [low, high] = x < y ? [x, y] : [y, x];
    const key = low * width + high;
    const slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) & (places - 1);
    if (keys[slot] === key) return levels[slot]!;
    const found = comparator.compare(values[low]!, values[high]!);
    keys[slot] = key;
    levels[slot] = found;
    return found;
  };
}
