/** Evidence that repeats itself: street, postcode, city and state say one thing four times. */
export interface Overlap {
  /** Bits in favour, by pair: all of them, and the strongest. */
  readonly sum: Float32Array;
  readonly strongest: Float32Array;
}

/** How much a further agreement counts beside the strongest one. */
const FURTHER = 0.6;

export function createOverlap(pairs: number): Overlap {
  return { sum: new Float32Array(pairs), strongest: new Float32Array(pairs) };
}

export function addToOverlap({ sum, strongest }: Overlap, pair: number, bits: number): void {
  if (bits <= 0) return;
  sum[pair]! += bits;
  if (bits > strongest[pair]!) strongest[pair] = bits;
}

/** Bits by which the sum of a pair's evidence says too much. */
export function repeated({ sum, strongest }: Overlap, pair: number): number {
  return (1 - FURTHER) * (sum[pair]! - strongest[pair]!);
}
