import { type Groups, limited } from './groups.ts';
import { buyingHistoryOf, type OrderLines } from './history.ts';

export interface AlsoBoughtOptions {
  /** Last day that counts, inclusive. */
  readonly until: number;
  /** Days after which an order counts half. Default: 180. */
  readonly halfLifeDays?: number;
  /** Added below the line, in orders of today: two items seen together once are not the best of friends. Default: 5. */
  readonly shrinkage?: number;
  /** Default: 50. */
  readonly most?: number;
  /** Orders, or customers, that must have both items; one is a chance. Default: 2. */
  readonly least?: number;
  /** Orders with more different items are left out. Default: 200. */
  readonly mostItems?: number;
  /** Of a customer no more different items are looked at: those bought last. Default: 500. */
  readonly mostHistory?: number;
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

export interface AlsoBought {
  /** The item's companions, the closest first, those of equal score by number. */
  companions(item: number): Related[];
  /** Orders that were left out for having too many items. */
  readonly giants: number;
  /** Customers of whom not all that they bought was looked at. */
  readonly shortened: number;
}

/**
 * What else is bought by those who buy an item: Σ_g √(w_gi w_gj) / (√(Σ w_gi · Σ w_gj) + shrinkage) over orders and over customers
 * g, where w is 2^(−days since / half-life) of the last line (item to item: Linden, Smith & York 2003, IEEE Internet Computing 7).
 * A group of n items makes n² pairs: hence the limits.
 */
export function createAlsoBought(lines: OrderLines, options: AlsoBoughtOptions): AlsoBought {
  const {
    until,
    halfLifeDays = 180,
    shrinkage = 5,
    most = 50,
    least = 2,
    mostItems = 200,
    mostHistory = 500,
  } = options;
  // An order is a customer who bought once
  const ofOrders = buyingHistoryOf({ ...lines, customer: lines.order, customers: lines.orders }, until);
  const orders = limited(ofOrders, mostItems, 'none');
  const people = limited(buyingHistoryOf(lines, until), mostHistory, 'newest');
  const inBaskets = createCosines(orders, halfLifeDays, shrinkage);
  const atCustomers = createCosines(people, halfLifeDays, shrinkage);
  return {
    companions(item) {
      const [baskets, customers] = [inBaskets(item), atCustomers(item)];
      const related: Related[] = [];
      for (const other of new Set([...baskets.others, ...customers.others])) {
        if (Math.max(baskets.groups[other]!, customers.groups[other]!) < least) continue;
        const [basket, customer] = [baskets.cosine(other), customers.cosine(other)];
        related.push({ item: other, basket, customer, score: (basket + customer) / 2 });
      }
      return related.sort((one, other) => other.score - one.score || one.item - other.item).slice(0, most);
    },
    giants: orders.beyond,
    shortened: people.beyond,
  };
}

/** What was seen with an item, until the next is asked for. */
interface Together {
  readonly others: readonly number[];
  /** By item: groups that have both. */
  readonly groups: Int32Array;
  cosine(other: number): number;
}

/** @returns tells what shares a group with an item */
function createCosines(
  { count, items, starts, item, age }: Groups,
  halfLifeDays: number,
  shrinkage: number,
): (of: number) => Together {
  const root = age.map((days) => Math.sqrt(2 ** (-days / halfLifeDays)));
  const length = new Float64Array(items);
  const rowsOf: number[][] = Array.from({ length: items }, () => []);
  const groupOf = new Int32Array(item.length);
  for (let group = 0; group < count; group += 1)
    for (let row = starts[group]!; row < starts[group + 1]!; row += 1) {
      groupOf[row] = group;
      rowsOf[item[row]!]!.push(row);
      length[item[row]!]! += root[row]! ** 2;
    }
  const [sums, groups] = [new Float64Array(items), new Int32Array(items)];
  let others: number[] = [];
  return (of) => {
    for (const other of others) sums[other] = groups[other] = 0;
    others = [];
    for (const row of rowsOf[of] ?? []) {
      const group = groupOf[row]!;
      for (let at = starts[group]!; at < starts[group + 1]!; at += 1) {
        if (at === row) continue;
        const other = item[at]!;
        if (groups[other] === 0) others.push(other);
        groups[other]! += 1;
        sums[other]! += root[row]! * root[at]!;
      }
    }
    const cosine = (other: number): number => sums[other]! / (Math.sqrt(length[of]! * length[other]!) + shrinkage);
    return { others, groups, cosine };
  };
}
