/** Evidence that repeats itself: street, postcode, city and state say one thing four times. */
export interface Overlap {
  readonly positive: Float32Array;
  readonly strongest: Float32Array;
  readonly negative: Float32Array;
  readonly weakest: Float32Array;
}

/** How much of a further agreement counts beside the strongest one, and of a further difference: who moved, moved it all. */
const FURTHER_AGREEMENT = Number(globalThis.process?.env.FA ?? 0.6);
const FURTHER_DIFFERENCE = Number(globalThis.process?.env.FD ?? 0.3);

export function createOverlap(pairs: number): Overlap {
  const empty = (): Float32Array => new Float32Array(pairs);
  return { positive: empty(), strongest: empty(), negative: empty(), weakest: empty() };
}

export function addToOverlap({ positive, strongest, negative, weakest }: Overlap, pair: number, bits: number): void {
  if (bits > 0) {
    positive[pair]! += bits;
    if (bits > strongest[pair]!) strongest[pair] = bits;
  } else {
    negative[pair]! += bits;
    if (bits < weakest[pair]!) weakest[pair] = bits;
  }
}

/** Bits by which the sum of a pair's evidence says too much. */
export function repeated({ positive, strongest, negative, weakest }: Overlap, pair: number): number {
  const agreement = (1 - FURTHER_AGREEMENT) * (positive[pair]! - strongest[pair]!);
  return agreement + (1 - FURTHER_DIFFERENCE) * (negative[pair]! - weakest[pair]!);
}
