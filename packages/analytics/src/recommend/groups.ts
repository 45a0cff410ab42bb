import type { BuyingHistory } from './history.ts';

/** Items that an order, or a customer, has; each once. */
export interface Groups {
  readonly count: number;
  readonly items: number;
  /** Where the rows of a group begin; one more than there are groups. */
  readonly starts: Int32Array;
  readonly item: Int32Array;
  /** Days since. */
  readonly age: Float64Array;
  /** Groups that had more items than they may. */
  readonly beyond: number;
}

/** @param keeps what is left of a group with more than `most` items: nothing, or those that were bought last (of equal age the lower numbers) */
export function limited(history: BuyingHistory, most: number, keeps: 'none' | 'newest'): Groups {
  const { customers: count, items, starts, item, age } = history;
  const kept = new Int32Array(item.length);
  const begins = new Int32Array(count + 1);
  let [size, beyond] = [0, 0];
  for (let group = 0; group < count; group += 1) {
    const [from, to] = [starts[group]!, starts[group + 1]!];
    const isBeyond = to - from > most;
    if (isBeyond) beyond += 1;
    if (!isBeyond) for (let row = from; row < to; row += 1) kept[size++] = row;
    else if (keeps === 'newest') for (const row of newestOf(age, from, to, most)) kept[size++] = row;
    begins[group + 1] = size;
  }
  const rows = kept.subarray(0, size);
  return {
    ...{ count, items, starts: begins, beyond },
    item: rows.map((row) => item[row]!),
    age: Float64Array.from(rows, (row) => age[row]!),
  };
}

/** Rows by age, which ascend by item number. */
function newestOf(age: Float64Array, from: number, to: number, most: number): Int32Array {
  const rows = Int32Array.from({ length: to - from }, (_, at) => from + at);
  return rows
    .sort((one, other) => age[one]! - age[other]! || one - other)
    .subarray(0, most)
    .sort();
}
