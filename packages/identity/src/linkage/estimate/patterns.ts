import { mixHashes } from '../text/hash.ts';

/** Pairs counted by the levels at which they agree: all that estimation needs. */
export interface Patterns {
  readonly size: number;
  /** By feature: level of each pattern. */
  readonly levels: readonly Uint8Array[];
  /** Bit set of blocked sources, by pattern. */
  readonly blockedBy: Int32Array;
  readonly counts: Float64Array;
}

/** @param step look at every so many-th pair only, and count it so many times */
export function countPatterns(levels: readonly Uint8Array[], blockedBy: Int32Array, step: number): Patterns {
  const known = new Map<number, number>();
  const firsts: number[] = [];
  const counts: number[] = [];
  for (let pair = 0; pair < blockedBy.length; pair += step) {
    let [high, low] = [blockedBy[pair]!, ~blockedBy[pair]!];
    for (const ofFeature of levels) {
      high = mixHashes(high, ofFeature[pair]!);
      low = Math.imul(low, 31) + ofFeature[pair]!;
    }
    const key = (high >>> 0) * 2_097_152 + ((low ^ (low >>> 15)) & 0x1fffff);
    const at = known.get(key);
    if (at === undefined) {
      known.set(key, firsts.length);
      firsts.push(pair);
      counts.push(step);
    } else counts[at]! += step;
  }
  return {
    size: firsts.length,
    levels: levels.map((ofFeature) => Uint8Array.from(firsts, (pair) => ofFeature[pair]!)),
    blockedBy: Int32Array.from(firsts, (pair) => blockedBy[pair]!),
    counts: Float64Array.from(counts),
  };
}

/** Some of the patterns. */
export function selectPatterns({ levels, blockedBy, counts }: Patterns, kept: Int32Array): Patterns {
  return {
    size: kept.length,
    levels: levels.map((ofFeature) => Uint8Array.from(kept, (i) => ofFeature[i]!)),
    blockedBy: Int32Array.from(kept, (i) => blockedBy[i]!),
    counts: Float64Array.from(kept, (i) => counts[i]!),
  };
}
