/** Who bought how much of what: rows are customers, columns categories, cell i · categories + j. */
export interface Spending {
  readonly categories: number;
  /** Money, ≥ 0, in one currency. */
  readonly spent: Float64Array;
  /** Orders of the customer with something of the category, ≥ 0. */
  readonly orders: Float64Array;
}

/** Shares of each customer's spending, and how many purchases they rest on: an order counts once in each of its categories. */
export interface Shares {
  readonly categories: number;
  readonly shares: Float64Array;
  /** By customer. */
  readonly purchases: Float64Array;
}

/** How many purchases of the base are added to the customer's own: as view rhythm does with gaps. */
const PRIOR = 3;

/** Customers who spent nothing have shares of 0. */
export function sharesOf({ categories, spent, orders }: Spending): Shares {
  const rows = spent.length / categories;
  const [shares, purchases] = [new Float64Array(spent.length), new Float64Array(rows)];
  for (let i = 0; i < rows; i += 1) {
    const from = i * categories;
    let sum = 0;
    for (let j = from; j < from + categories; j += 1) {
      sum += spent[j]!;
      purchases[i]! += orders[j]!;
    }
    for (let j = from; j < from + categories && sum > 0; j += 1) shares[j] = spent[j]! / sum;
  }
  return { categories, shares, purchases };
}

/** What customers spend on average, those with more purchases counting more. */
export function baseOf({ categories, shares, purchases }: Shares): Float64Array {
  const base = new Float64Array(categories);
  let all = 0;
  for (let i = 0; i < purchases.length; i += 1) {
    all += purchases[i]!;
    for (let j = 0; j < categories; j += 1) base[j]! += purchases[i]! * shares[i * categories + j]!;
  }
  return base.map((sum) => sum / all);
}

/**
 * Points whose distance is how unlike two customers' needs are. Shares are drawn to the base as if three of its purchases had been
 * made too, for one or two say little; their roots have the Hellinger distance as √2 of their Euclidean one, which takes shares of 0
 * and does not let the large categories drown the small ones (Legendre & Gallagher 2001, Oecologia 129).
 */
export function pointsOf({ categories, shares, purchases }: Shares, base: Float64Array): Float64Array {
  return shares.map((share, cell) => {
    const n = purchases[Math.floor(cell / categories)]!;
    return Math.sqrt((n * share + PRIOR * base[cell % categories]!) / (n + PRIOR));
  });
}

/**
 * The same purchases dealt to the customers anew: everybody keeps how many, nobody has needs of their own. A purchase takes along
 * what it was of its customer's spending, so that rich and poor stay comparable.
 */
export function shuffled(
  { categories, shares, purchases }: Shares,
  orders: Float64Array,
  chance: () => number,
): Shares {
  const units: { category: number; weight: number }[] = [];
  for (const [cell, times] of orders.entries()) {
    const weight = (shares[cell]! * purchases[Math.floor(cell / categories)]!) / times;
    for (let n = 0; n < times; n += 1) units.push({ category: cell % categories, weight });
  }
  for (let i = units.length - 1; i > 0; i -= 1) {
    const j = Math.floor(chance() * (i + 1));
    [units[i], units[j]] = [units[j]!, units[i]!];
  }
  const dealt = new Float64Array(shares.length);
  let next = 0;
  for (let i = 0; i < purchases.length; i += 1) {
    const own = units.slice(next, next + purchases[i]!);
    next += own.length;
    const sum = own.reduce((all, { weight }) => all + weight, 0);
    for (const { category, weight } of own)
      dealt[i * categories + category]! += sum === 0 ? 1 / own.length : weight / sum;
  }
  return { categories, shares: dealt, purchases };
}
