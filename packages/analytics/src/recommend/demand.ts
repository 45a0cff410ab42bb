import type { BuyingHistory } from './history.ts';

/** By item: customers who bought it, each counting 2^(−days since they last did / half-life). */
export function demandOf({ items, item, age }: BuyingHistory, halfLifeDays: number): Float64Array {
  const demand = new Float64Array(items);
  for (let row = 0; row < item.length; row += 1) demand[item[row]!]! += 2 ** (-age[row]! / halfLifeDays);
  return demand;
}

/** By item: customers who bought it within so many days; all of them where none is said. */
export function popularityOf({ items, item, age }: BuyingHistory, days = Number.POSITIVE_INFINITY): Float64Array {
  const popularity = new Float64Array(items);
  for (let row = 0; row < item.length; row += 1) if (age[row]! <= days) popularity[item[row]!]! += 1;
  return popularity;
}
