import type { EncodedSource } from '../encode.ts';
import type { Source, Value } from '../fields/source.ts';
import { type Comparator, MISSING } from './comparator.ts';

/** A comparator over the values of one source. */
export interface Feature {
  readonly comparator: Comparator<Value>;
  /** Position of its source. */
  readonly source: number;
}

export function featuresOf(sources: readonly Source<Value>[]): readonly Feature[] {
  return sources.flatMap(({ comparators }, source) => comparators.map((comparator) => ({ comparator, source })));
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

/** Pairs whose values are fetched at once. */
const AT_ONCE = 4_096;

/** Write the levels of pairs in the features of one source. @param source its position */
export function compareInto(
  features: readonly Feature[],
  source: number,
  encoded: EncodedSource,
  pairs: readonly PairRange[],
): void {
  const [xs, ys] = [new Int32Array(AT_ONCE), new Int32Array(AT_ONCE)];
  const { codes } = encoded;
  const many = pairs.reduce((sum, { from, to }) => sum + to - from, 0);
  const own = features.flatMap(({ comparator, source: of }, f) =>
    of === source ? [{ f, lookUp: createLookUp(comparator, encoded.values(), many) }] : [],
  );
  for (const { a, b, from, to, levels } of pairs)
    for (let begin = from; begin < to; begin += AT_ONCE) {
      const end = Math.min(to, begin + AT_ONCE);
      for (let i = begin; i < end; i += 1) {
        xs[i - begin] = codes[a[i]!]!;
        ys[i - begin] = codes[b[i]!]!;
      }
      for (const { f, lookUp } of own) lookUpAll(xs, ys, lookUp, levels[f]!, begin, end);
    }
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
    const key = x * width + y;
    const slot = (Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b)) & (places - 1);
    if (keys[slot] === key) return levels[slot]!;
    const found = comparator.compare(values[x]!, values[y]!);
    keys[slot] = key;
    levels[slot] = found;
    return found;
  };
}
