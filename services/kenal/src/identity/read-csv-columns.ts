import type { ColumnKind } from '@kenal/identity/linkage';
import { type ByteColumnData, columnData, createByteColumn } from './byte-column.ts';
import { type CsvFile, readCsvRecords } from './csv-records.ts';

/** Some columns of a file, for another thread to read. */
export interface ReadTask extends CsvFile {
  readonly columns: readonly PlacedColumn[];
}

/** A column by its place in the file. */
export interface PlacedColumn {
  readonly at: number;
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Read columns of the rows that have as many cells as the header. @returns null where `readCsvRecords` gives up */
export function readCsvColumns({ columns, ...file }: ReadTask): readonly ByteColumnData[] | null {
  const built = columns.map((column) => ({ ...column, cells: createByteColumn() }));
  const isRead = readCsvRecords(
    file,
    (record) => {
      if (record.width !== file.width) return;
      for (const { at, cells } of built) cells.add(cells.codeOf(record.bytes[at]!, record.from[at]!, record.to[at]!));
    },
    () => undefined,
  );
  return isRead ? built.map(({ name, kind, cells }) => columnData(cells.build(name, kind))) : null;
}
