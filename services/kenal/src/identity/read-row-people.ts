import { COLUMN_KINDS } from '@kenal/identity/linkage';
import type { Row, RowSource } from '../import/rows.ts';
import { type ByteColumnBuilder, createByteColumn } from './byte-column.ts';
import { doubleId, missingId, numberPeople, type People, type PeopleFile } from './people.ts';

/**
 * Read people from rows of any format.
 * @throws UsageError: an id that is double or missing
 */
export async function readRowPeople(
  { path, mapping, columns, onProgress }: PeopleFile,
  rows: RowSource,
): Promise<People> {
  const idOf = cellText(rows, mapping.id);
  const truthOf = mapping.truth ? cellText(rows, mapping.truth) : null;
  const truth = createByteColumn();
  const builders = columns.map((column) => ({
    ...column,
    cell: cellText(rows, column.column),
    cells: createByteColumn(),
  }));
  const add = (cells: ByteColumnBuilder, text: string): void => {
    const bytes = Buffer.from(text);
    cells.add(cells.codeOf(bytes, 0, bytes.length));
  };
  const lineOf = new Map<string, number>();
  const broken = { count: 0, first: '' };
  let read = 0;
  for await (const group of rows.rows((bytes) => onProgress(bytes, read))) {
    for (const found of group) {
      if (!found.ok) {
        broken.count += 1;
        if (broken.count === 1) broken.first = `line ${found.broken.line}: ${found.broken.reason}`;
        continue;
      }
      const { row } = found;
      const id = idOf(row);
      if (id === '') throw missingId(path, row.line);
      const first = lineOf.get(id);
      if (first !== undefined) throw doubleId(path, id, first, row.line);
      lineOf.set(id, row.line);
      if (truthOf !== null) add(truth, truthOf(row));
      for (const { cell, cells } of builders) add(cells, cell(row));
    }
    read += group.length;
  }
  const ids = [...lineOf.keys()];
  return {
    size: ids.length,
    idOf: (record) => ids[record]!,
    truth: truthOf === null ? null : numberPeople(truth.build('truth', COLUMN_KINDS.other).codes),
    columns: builders.map(({ name, kind, cells }) => cells.build(name, kind)),
    broken,
  };
}

function cellText(rows: RowSource, column: string): (row: Row) => string {
  const cell = rows.cell(column);
  return (row) => {
    const value = cell?.(row);
    if (value === undefined || value === null) return '';
    return (typeof value === 'string' ? value : JSON.stringify(value)).trim();
  };
}
