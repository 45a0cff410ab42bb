import type { BuyingHistory, OrderLines } from './history.ts';
import { buyingHistoryOf } from './history.ts';

export interface AlsoBoughtOptions {
  /** Last day that counts, inclusive. */
  readonly until: number;
  /** Days after which an order counts half. Default: 180. */
  readonly halfLifeDays?: number;
  /** Added below the line, in orders of today: two items seen together once are not the best of friends. Default: 5. */
  readonly shrinkage?: number;
  /** Default: 50. */
  readonly most?: number;
}

/** An item that is bought with another one. */
export interface Related {
  readonly item: number;
  /** Cosine of the two over orders, 0 to 1, shrunk. */
  readonly basket: number;
  /** Cosine of the two over customers, whenever they bought them, 0 to 1, shrunk. */
  readonly customer: number;
  /** Mean of the two; what they are ranked by. */
  readonly score: number;
}

/**
 * What else is bought by those who buy an item: Σ_g √(w_gi w_gj) / (√(Σ w_gi · Σ w_gj) + shrinkage) over orders and over customers
 * g, where w is 2^(−days since / half-life) of the last line (item to item: Linden, Smith & York 2003, IEEE Internet Computing 7).
 * @returns asks for an item: its companions, the closest first, those of equal score by number
 */
export function createAlsoBought(lines: OrderLines, options: AlsoBoughtOptions): (item: number) => Related[] {
  const { until, halfLifeDays = 180, shrinkage = 5, most = 50 } = options;
  // An order is a customer who bought once
  const ofOrders = buyingHistoryOf({ ...lines, customer: lines.order, customers: lines.orders }, until);
  const inBaskets = createCosines(ofOrders, halfLifeDays, shrinkage);
  const atCustomers = createCosines(buyingHistoryOf(lines, until), halfLifeDays, shrinkage);
  return (item) => {
    const [baskets, customers] = [inBaskets(item), atCustomers(item)];
    const all = new Set([...baskets.keys(), ...customers.keys()]);
    const related = Array.from(all, (other) => {
      const [basket, customer] = [baskets.get(other) ?? 0, customers.get(other) ?? 0];
      return { item: other, basket, customer, score: (basket + customer) / 2 };
    });
    return related.sort((one, other) => other.score - one.score || one.item - other.item).slice(0, most);
  };
}

/** @returns the cosines of an item with all that share a group with it */
function createCosines(
  { customers, items, starts, item, age }: BuyingHistory,
  halfLifeDays: number,
  shrinkage: number,
): (of: number) => ReadonlyMap<number, number> {
  const root = age.map((days) => Math.sqrt(2 ** (-days / halfLifeDays)));
  const length = new Float64Array(items);
  const rowsOf: number[][] = Array.from({ length: items }, () => []);
  const groupOf = new Int32Array(item.length);
  for (let group = 0; group < customers; group += 1)
    for (let row = starts[group]!; row < starts[group + 1]!; row += 1) {
      groupOf[row] = group;
      rowsOf[item[row]!]!.push(row);
      length[item[row]!]! += root[row]! ** 2;
    }
  return (of) => {
    const together = new Map<number, number>();
    for (const row of rowsOf[of] ?? []) {
      const group = groupOf[row]!;
      for (let at = starts[group]!; at < starts[group + 1]!; at += 1)
        if (at !== row) together.set(item[at]!, (together.get(item[at]!) ?? 0) + root[row]! * root[at]!);
    }
    for (const [other, sum] of together)
      together.set(other, sum / (Math.sqrt(length[of]! * length[other]!) + shrinkage));
    return together;
  };
}
