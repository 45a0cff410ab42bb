import { countingPass } from './block/group.ts';
import { int32 } from './memory.ts';
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
  const [high, low] = [int32(size), int32(size)];
  for (const { name, size: texts, hash, codes } of [...columns].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const own = hashText(name);
    const [first, second] = [int32(texts), int32(texts)];
    for (let code = 0; code < texts; code += 1) {
      first[code] = hash(code, own);
      second[code] = hash(code, ~own);
    }
    for (let row = 0; row < size; row += 1) {
      const code = codes[row]!;
      high[row] = mixHashes(high[row]!, code < 0 ? 1 : first[code]!);
      low[row] = mixHashes(low[row]!, code < 0 ? 1 : second[code]!);
    }
  }
  const rows = int32(size);
  const recordOf = int32(size);
  let records = 0;
  for (const row of orderBy(high, low)) {
    const last = rows[records - 1];
    if (last === undefined || high[last] !== high[row] || low[last] !== low[row]) rows[records++] = row;
    recordOf[row] = records - 1;
  }
  return { rows: rows.subarray(0, records), recordOf };
}

/** Rows by `high`, then `low`, then their number: four stable passes of counting sort over 16 bits each. */
function orderBy(high: Int32Array, low: Int32Array): Int32Array {
  let [order, other] = [int32(high.length), int32(high.length)];
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  for (const hashes of [low, high])
    for (const shift of [0, 16]) {
      countingPass(order, other, hashes, shift);
      [order, other] = [other, order];
    }
  return order;
}
