import type { Random } from '../random.ts';
import type { DrawCulture } from './address.ts';
import type { Profile } from './profile.ts';

/** What all households of one file have in common. */
export interface World {
  readonly seed: number;
  readonly profile: Profile;
  readonly cultures: DrawCulture;
}

/** Poisson distributed, by Knuth's multiplication of uniform numbers; for small means. */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  return count;
}
