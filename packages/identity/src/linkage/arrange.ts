import type { Column } from './table.ts';
import { hashText, mixHashes } from './text/hash.ts';

/** The records of a table in an order that hangs on their content alone, equal rows as one. */
export interface Arrangement {
  /** Row of the table by record: the first of its equal rows. */
  readonly rows: Int32Array;
  /** Record by row. */
  readonly recordOf: Int32Array;
}

/**
 * Order rows by two 32-bit hashes of their cells. Whatever is seeded or breaks a tie afterwards hangs on content, so
 * that shuffled rows and other ids give the same clusters. Rows with the same 64 bits are taken for equal.
 */
export function arrange(columns: readonly Column[], size: number): Arrangement {
  const [high, low] = [new Int32Array(size), new Int32Array(size)];
  for (const { name, values, codes } of [...columns].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const own = hashText(name);
    const first = Int32Array.from(values, (value) => hashText(value, own));
    const second = Int32Array.from(values, (value) => hashText(value, ~own));
    for (let row = 0; row < size; row += 1) {
      const code = codes[row]!;
      high[row] = mixHashes(high[row]!, code < 0 ? 1 : first[code]!);
      low[row] = mixHashes(low[row]!, code < 0 ? 1 : second[code]!);
    }
  }
  const order = orderBy(high, low);
  const rows: number[] = [];
  const recordOf = new Int32Array(size);
  for (const row of order) {
    const last = rows.at(-1);
    if (last === undefined || high[last] !== high[row] || low[last] !== low[row]) rows.push(row);
    recordOf[row] = rows.length - 1;
  }
  return { rows: Int32Array.from(rows), recordOf };
}

/** Rows by `high`, then `low`: 53 bits of both make one number that sorts fast, the rest decides among its equals. */
function orderBy(high: Int32Array, low: Int32Array): Int32Array {
  const size = high.length;
  const order = Int32Array.from({ length: size }, (_, i) => i);
  return order.sort((a, b) => high[a]! - high[b]! || low[a]! - low[b]!);
}
