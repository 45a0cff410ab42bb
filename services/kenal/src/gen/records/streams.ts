import { createRandom, type Random } from '../random.ts';

/** Sequences of chance that must not disturb each other: what is true, what is written down, what goes wrong with it. */
export const STREAMS = { building: 1, household: 2, number: 3, records: 4, damage: 5, shuffle: 6, block: 7 } as const;

/** Chance of one thing: the same whatever else is made before or after it. */
export function randomOf(seed: number, stream: (typeof STREAMS)[keyof typeof STREAMS], index: number): Random {
  return createRandom(seed, Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(stream, 0x85ebca6b));
}
