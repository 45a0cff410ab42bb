import type { EncodedSource } from '../encode.ts';
import type { Value } from '../fields/source.ts';
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

/** Results of one comparator on pairs of values seen lately; at most 2^17 of them, the newest wins its place. */
const REMEMBERED = 1 << 17;

/** @returns the level of each pair of records, by feature */
export function compareAll(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  a: Int32Array,
  b: Int32Array,
): readonly Uint8Array[] {
  return features.map(({ comparator, source }) => {
    const { values, codes } = sources[source]!;
    const levels = new Uint8Array(a.length);
    const lookUp = createLookUp(comparator, values, a.length);
    for (let i = 0; i < levels.length; i += 1) {
      const [x, y] = [codes[a[i]!]!, codes[b[i]!]!];
      levels[i] = x < 0 || y < 0 ? MISSING : lookUp(x, y);
    }
    return levels;
  });
}

function createLookUp(
  comparator: Comparator<Value>,
  values: readonly Value[],
  pairs: number,
): (x: number, y: number) => number {
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
