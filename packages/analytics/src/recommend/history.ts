import { sortedBy } from '../numerics/counting-sort.ts';

/** Lines of orders: parallel columns, in any order. Customers, items and orders are numbered from 0. */
export interface OrderLines {
  /** How many numbers there are. */
  readonly customers: number;
  readonly items: number;
  readonly orders: number;
  readonly customer: ArrayLike<number>;
  readonly item: ArrayLike<number>;
  readonly order: ArrayLike<number>;
  /** When, in days since any fixed midnight; with fractions where the time of day is known. */
  readonly at: ArrayLike<number>;
}

/** Who had bought what by the end of a day. Rows by customer, then by item. */
export interface BuyingHistory {
  readonly customers: number;
  readonly items: number;
  /** Where the rows of a customer begin; one more than there are customers. */
  readonly starts: Int32Array;
  readonly item: Int32Array;
  /** Orders of the customer that held the item. */
  readonly orders: Int32Array;
  /** Days since the last of them. */
  readonly age: Float64Array;
  /** By item: customers who bought it; 0 where nobody had yet. */
  readonly buyers: Int32Array;
  /** By item: days since anybody bought it first. */
  readonly firstAge: Float64Array;
}

/** @param until last day that counts, inclusive */
export function buyingHistoryOf(lines: OrderLines, until: number): BuyingHistory {
  const end = until + 1;
  const rows = sortedRows(lines, (at) => at < end);
  const { customers, items } = lines;
  const starts = new Int32Array(customers + 1);
  const [item, orders] = [new Int32Array(rows.length), new Int32Array(rows.length)];
  const age = new Float64Array(rows.length);
  const [buyers, firstAge] = [new Int32Array(items), new Float64Array(items)];
  let [size, before] = [0, -1];
  for (const row of rows) {
    const [who, what, days] = [lines.customer[row]!, lines.item[row]!, end - lines.at[row]!];
    const isSame = before >= 0 && lines.customer[before] === who && lines.item[before] === what;
    if (!isSame) {
      item[size] = what;
      age[size] = days;
      size += 1;
      starts[who + 1]! += 1;
      buyers[what]! += 1;
    }
    if (!isSame || lines.order[before] !== lines.order[row]) orders[size - 1]! += 1;
    age[size - 1] = Math.min(age[size - 1]!, days);
    firstAge[what] = Math.max(firstAge[what]!, days);
    before = row;
  }
  for (let who = 0; who < customers; who += 1) starts[who + 1]! += starts[who]!;
  const cut = { item: item.slice(0, size), orders: orders.slice(0, size), age: age.slice(0, size) };
  return { customers, items, starts, ...cut, buyers, firstAge };
}

/** Rows that count, by customer, item and order. */
function sortedRows(lines: OrderLines, counts: (at: number) => boolean): Int32Array {
  let rows = Int32Array.from({ length: lines.at.length }, (_, row) => row).filter((row) => counts(lines.at[row]!));
  for (const [column, count] of [
    [lines.order, lines.orders],
    [lines.item, lines.items],
    [lines.customer, lines.customers],
  ] as const) {
    const { order } = sortedBy(
      rows.map((row) => column[row]!),
      count,
    );
    const sorted = rows;
    rows = order.map((place) => sorted[place]!);
  }
  return rows;
}

/** What customers of a history bought after it, up to a day. */
export interface Later {
  /** Customers who bought anything that was known, ascending. */
  readonly customers: readonly number[];
  /** What they bought of it, by customer; each item once. */
  readonly items: ReadonlyMap<number, ReadonlySet<number>>;
}

/**
 * @param from the last day of the history
 * @param to the last day that is looked at
 * @param onlyNew leave out what the customer had bought before
 */
export function laterThan(
  lines: OrderLines,
  history: BuyingHistory,
  { from, to, onlyNew }: { readonly from: number; readonly to: number; readonly onlyNew: boolean },
): Later {
  const items = new Map<number, Set<number>>();
  for (let row = 0; row < lines.at.length; row += 1) {
    const [who, what, at] = [lines.customer[row]!, lines.item[row]!, lines.at[row]!];
    if (at < from + 1 || at >= to + 1 || history.buyers[what] === 0) continue;
    if (history.starts[who] === history.starts[who + 1]) continue;
    const bought = items.get(who) ?? new Set();
    items.set(who, bought);
    bought.add(what);
  }
  if (onlyNew)
    for (const [who, bought] of items) {
      for (let row = history.starts[who]!; row < history.starts[who + 1]!; row += 1) bought.delete(history.item[row]!);
      if (bought.size === 0) items.delete(who);
    }
  return { customers: [...items.keys()].sort((one, other) => one - other), items };
}
