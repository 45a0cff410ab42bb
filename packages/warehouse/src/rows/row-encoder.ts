import type { Column } from './columns.ts';
import { RowWriter } from './row-writer.ts';

/** What rows as bytes have in common: the columns that they fill. */
export interface RowShape {
  readonly columns: readonly Pick<Column<never>, 'name' | 'type'>[];
  /** Names and types of the columns as RowBinaryWithNamesAndTypes begins with them. */
  readonly head: Uint8Array;
}

/** Makes rows of one table. */
export interface RowEncoder<T> extends RowShape {
  /** @throws whatever a column throws: that row leaves nothing behind */
  encode(row: T): Uint8Array;
}

export function createRowEncoder<T>(columns: readonly Column<T>[]): RowEncoder<T> {
  const writer = new RowWriter();
  writer.count(columns.length);
  for (const { name } of columns) writer.text(name);
  for (const { type } of columns) writer.text(type);
  return {
    columns,
    head: Uint8Array.from(writer.take()),
    encode(row) {
      writer.begin();
      for (const column of columns) column.write(writer, row);
      return writer.take();
    },
  };
}
