import { createChance } from '../numerics/chance.ts';
import { type BuyingDays, createBuyingDays } from '../purchases/buying-days.ts';

/** Who begins on any day of the first 120, buys at an own pace and leaves at an own one; large baskets are those of people who stay. */
export function shop(customers: number, seed: number, until = 400): BuyingDays {
  const chance = createChance(seed);
  const builder = createBuyingDays();
  const wait = (mean: number): number => -Math.log1p(-chance()) * mean;
  for (let c = 0; c < customers; c += 1) {
    const stays = chance() < 0.5;
    const [pace, end] = [15 + wait(30), wait(stays ? 900 : 120)];
    const start = Math.floor(chance() * 120);
    for (let now = 0; now <= end && start + now < until; now += 1 + wait(pace))
      for (let line = 0; line < (stays ? 4 : 1); line += 1) builder.add(`c${c}`, start + Math.floor(now), 5 + wait(10));
  }
  return builder.build();
}
