import type { Random } from '../random.ts';

/** A stock of names: frequent ones in the order of their frequency, and parts that compose the long tail. */
export interface Words {
  /** Most frequent first; `_` stands for a space: `Ann Jean-Luc De_la_Cruz`. */
  readonly frequent: string;
  /** Exponent of Zipf's law over the frequent ones: 0 is even, 1 what most countries show, 1.5 very uneven. */
  readonly skew: number;
  /** Share of draws that are composed: a start with an end. */
  readonly composed?: number;
  readonly start?: string;
  readonly end?: string;
}

export type Draw = (random: Random) => string;

export function words(text: string): readonly string[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('_', ' '));
}

/**
 * Draw from a list so that rank r has the weight 1 / (r + 2)^skew (Zipf–Mandelbrot): the first few are frequent, the last
 * ones rare.
 */
export function createRanked<T>(items: readonly T[], skew: number): (random: Random) => T {
  const sums = new Float64Array(items.length);
  let total = 0;
  for (let rank = 0; rank < items.length; rank += 1) {
    total += (rank + 2) ** -skew;
    sums[rank] = total;
  }
  return (random) => {
    const wanted = random.next() * total;
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return items[low] as T;
  };
}

/** Draw a name: of the frequent ones, or one put together of parts, so that there are thousands. */
export function createDraw({ frequent, skew, composed = 0, start = '', end = '' }: Words): Draw {
  const known = createRanked(words(frequent), skew);
  if (composed === 0) return known;
  const first = createRanked(words(start), 0.5);
  const last = createRanked(words(end), 0.5);
  return (random) => (random.chance(composed) ? first(random) + last(random) : known(random));
}
