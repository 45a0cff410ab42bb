import { sortedBy } from '../numerics/counting-sort.ts';

/** What was bought together. Baskets and items are numbered from 0; a basket holds an item once. */
export interface Baskets {
  /** How many baskets, those without an item included. */
  readonly count: number;
  /** How many items there are to be in one. */
  readonly itemCount: number;
  /** Where the items of a basket begin; one more than there are baskets. */
  readonly starts: Int32Array;
  /** Item numbers, basket after basket. */
  readonly items: Int32Array;
}

/** Lines of orders, in any order: parallel columns, the same pair as often as it comes. */
export interface BasketLines {
  /** Number of the basket; those from 0 to the highest are counted, with lines or without. */
  readonly basket: ArrayLike<number>;
  readonly item: ArrayLike<number>;
}

/** Gather lines into baskets; an item that a basket has on several lines counts once. */
export function basketsOf({ basket, item }: BasketLines): Baskets {
  let [count, itemCount] = [0, 0];
  for (let i = 0; i < basket.length; i += 1) {
    count = Math.max(count, basket[i]! + 1);
    itemCount = Math.max(itemCount, item[i]! + 1);
  }
  // By item first, then by basket in that order: a basket's items stand side by side in the order of their numbers
  const byItem = sortedBy(item, itemCount);
  const { order, starts } = sortedBy(
    byItem.order.map((line) => basket[line]!),
    count,
  );
  const items = new Int32Array(order.length);
  let kept = 0;
  for (let one = 0; one < count; one += 1) {
    const [from, to] = [starts[one]!, starts[one + 1]!];
    starts[one] = kept;
    for (let i = from; i < to; i += 1) {
      const number = item[byItem.order[order[i]!]!]!;
      if (kept === starts[one] || items[kept - 1] !== number) items[kept++] = number;
    }
  }
  starts[count] = kept;
  return { count, itemCount, starts, items: items.slice(0, kept) };
}

/** Leave out the baskets with more than so many items. @returns the others, and how many those were */
export function withoutGiants(baskets: Baskets, most: number): { readonly baskets: Baskets; readonly giants: number } {
  const { count, starts, items } = baskets;
  const kept: number[] = [];
  for (let one = 0; one < count; one += 1) if (starts[one + 1]! - starts[one]! <= most) kept.push(one);
  if (kept.length === count) return { baskets, giants: 0 };
  const newStarts = new Int32Array(kept.length + 1);
  for (const [at, one] of kept.entries()) newStarts[at + 1] = newStarts[at]! + starts[one + 1]! - starts[one]!;
  const newItems = new Int32Array(newStarts[kept.length]!);
  for (const [at, one] of kept.entries()) newItems.set(items.subarray(starts[one]!, starts[one + 1]!), newStarts[at]);
  return {
    baskets: { ...baskets, count: kept.length, starts: newStarts, items: newItems },
    giants: count - kept.length,
  };
}

/** By item: how many baskets hold it. */
export function countItems({ itemCount, items }: Baskets): Int32Array {
  const counts = new Int32Array(itemCount);
  for (const item of items) counts[item]! += 1;
  return counts;
}
