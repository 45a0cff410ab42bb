import { createZone } from '@kenal/collector-kit';
import { type CellReader, createCellReaders } from '../import/cell.ts';
import { openFileText } from '../import/file-text.ts';
import { openRows } from '../import/open-rows.ts';
import type { Row } from '../import/rows.ts';
import { asOption, createTimeReader } from '../import/time-column.ts';
import type { DecimalSign } from '../model/decimal-sign.ts';
import { createAmount } from '../model/read-purchases.ts';
import { createLeftOut, type RowsLeftOut } from './rows-left-out.ts';

/** Columns of a file of order lines, by the option that names each. */
export interface LineColumns {
  /** Option → column; a row without one of them is left out. */
  readonly names: Readonly<Record<string, string>>;
  readonly date?: string | undefined;
  /** Form of the date in Luxon's tokens, where the column does not show it. */
  readonly dateFormat?: string | undefined;
  /** Where named, rows that bought nothing are left out: quantity or price not above 0. */
  readonly value?: string | undefined;
  readonly quantity?: string | undefined;
  readonly decimal?: DecimalSign | undefined;
  readonly delimiter?: string | undefined;
}

const DAY_MICROS = 86_400_000_000;

/**
 * Read order lines (CSV, NDJSON, JSON; .gz).
 * @param take told the names in the order of `names`, trimmed, and when in days since 1970 (NaN without a date)
 * @throws UsageError for a column that is not there or a form of date that cannot be told
 */
export async function readColumns(
  path: string,
  columns: LineColumns,
  take: (names: readonly string[], at: number) => void,
): Promise<RowsLeftOut> {
  const source = await openRows(await openFileText(path), { delimiter: columns.delimiter });
  const zone = createZone('UTC')!;
  const cells = createCellReaders(source, zone, path);
  const names = Object.entries(columns.names).map(([option, column]) => ({
    column,
    read: cells.text({ column }, option, false),
  }));
  const { date, dateFormat } = columns;
  const spec = date === undefined ? null : { column: date, ...(dateFormat === undefined ? {} : { date: dateFormat }) };
  const time: CellReader<number> | null =
    spec === null ? null : await createTimeReader(spec, cells, source, zone, path, '--date', asOption);
  const isPriced = columns.value !== undefined || columns.quantity !== undefined;
  const amount = isPriced ? createAmount(cells, columns) : null;
  const leftOut = createLeftOut();
  const takeRow = (row: Row): void => {
    const texts = names.map(({ read }) => read(row));
    const [when, paid] = [time?.(row), amount?.(row)];
    const fault = [...texts, when, paid].find((cell) => cell?.ok === false);
    const missing = texts.findIndex((cell) => cell.ok && cell.value === null);
    if (fault?.ok === false) leftOut.unreadable(row.line, `${fault.column}: ${fault.reason}`);
    else if (missing >= 0) leftOut.add(`without ${names[missing]!.column}`);
    else if (paid?.ok && paid.value === null) leftOut.add('returned, cancelled or given away');
    else
      take(
        texts.map((cell) => (cell.ok ? cell.value! : '')),
        when?.ok ? when.value! / DAY_MICROS : Number.NaN,
      );
  };
  let rows = 0;
  for await (const group of source.rows()) {
    rows += group.length;
    for (const found of group)
      if (found.ok) takeRow(found.row);
      else leftOut.unreadable(found.broken.line, found.broken.reason);
  }
  return leftOut.tell(rows);
}
