import type { OrderLines } from '@kenal/analytics';
import { UsageError } from '../cli/usage-error.ts';
import { why } from './mine-file.ts';
import { createNumbers, inOrder } from './numbered.ts';
import { type LineColumns, readColumns } from './read-columns.ts';
import type { RowsLeftOut } from './rows-left-out.ts';

/** Order lines of a file; customers and items are numbered by their names, so that equal scores fall alike in any order of rows. */
export interface NamedOrderLines {
  readonly lines: OrderLines;
  readonly leftOut: RowsLeftOut;
}

/** @param columns its `names` are customer, item and order, in that order @throws UsageError where no row can be taken */
export async function readOrderLines(path: string, columns: LineColumns): Promise<NamedOrderLines> {
  const numbers = [createNumbers(), createNumbers(), createNumbers()] as const;
  const read: [number[], number[], number[]] = [[], [], []];
  const at: number[] = [];
  const leftOut = await readColumns(path, columns, (names, when) => {
    for (const [i, name] of names.entries()) read[i]!.push(numbers[i]!.of(name));
    at.push(when);
  });
  if (at.length === 0) throw new UsageError(`${path} has no line of an order${why(leftOut)}`);
  const [customer, item, order] = read.map((column, i) => {
    const { numberOf } = inOrder(numbers[i]!);
    return column.map((number) => numberOf[number]!);
  });
  const [customers, items, orders] = numbers.map(({ texts }) => texts.length);
  const counts = { customers: customers!, items: items!, orders: orders! };
  return { lines: { ...counts, customer: customer!, item: item!, order: order!, at }, leftOut };
}
