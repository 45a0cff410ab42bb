import { COLUMN_KINDS, type Column, type ColumnBuilder, createColumn } from '@kenal/identity/linkage';
import { UsageError } from '../cli/usage-error.ts';
import { openFileText } from '../import/file-text.ts';
import { openRows } from '../import/open-rows.ts';
import type { Row, RowSource } from '../import/rows.ts';
import type { PeopleMapping } from './people-mapping.ts';

/** A table of people as the linkage takes it. */
export interface People {
  readonly ids: readonly string[];
  /** Person by record, numbered as they come; null where the mapping names no truth. A record without one is a person of its own. */
  readonly truth: Int32Array | null;
  readonly columns: readonly Column[];
  /** Rows that nobody can read, and why not the first of them. */
  readonly broken: { readonly count: number; readonly first: string };
}

type CellText = (row: Row) => string;

/**
 * @param onProgress told how many bytes and rows have been read
 * @throws UsageError: no such column, no record, an id that is double or missing
 */
export async function readPeople(
  path: string,
  mapping: PeopleMapping,
  mapPath: string,
  onProgress: (bytes: number, rows: number) => void,
): Promise<People> {
  const rows = await openRows(await openFileText(path), {});
  const readers = readersOf(mapping, rows, mapPath);
  const lineOf = new Map<string, number>();
  const truth = createTruth();
  const broken = { count: 0, first: '' };
  let read = 0;
  for await (const group of rows.rows((bytes) => onProgress(bytes, read))) {
    for (const found of group) {
      if (!found.ok) {
        broken.count += 1;
        if (broken.count === 1) broken.first = `line ${found.broken.line}: ${found.broken.reason}`;
        continue;
      }
      takeId(readers.id(found.row), found.row.line, lineOf, path);
      if (readers.truth !== null) truth.add(readers.truth(found.row));
      for (const { cell, builder } of readers.columns) builder.add(cell(found.row));
    }
    read += group.length;
  }
  if (lineOf.size === 0) throw new UsageError(`${path} has no records`);
  return {
    ids: [...lineOf.keys()],
    truth: readers.truth === null ? null : truth.build(),
    columns: readers.columns.map(({ builder }) => builder.build()),
    broken,
  };
}

function takeId(id: string, line: number, lineOf: Map<string, number>, path: string): void {
  if (id === '') throw new UsageError(`${path}, line ${line}: the id is empty`);
  const first = lineOf.get(id);
  if (first !== undefined)
    throw new UsageError(
      `${path}: the id ${id} stands in line ${first} and in line ${line}; each record must have its own`,
    );
  lineOf.set(id, line);
}

interface Readers {
  readonly id: CellText;
  readonly truth: CellText | null;
  readonly columns: readonly { readonly cell: CellText; readonly builder: ColumnBuilder }[];
}

function readersOf(mapping: PeopleMapping, rows: RowSource, mapPath: string): Readers {
  const textOf = (name: string, where: string): CellText => {
    const cell = rows.cell(name);
    if (cell === null)
      throw new UsageError(
        `${mapPath}: ${where} names the column ${name}, which the file does not have; it has ${rows.columns.join(', ')}`,
      );
    return (row) => {
      const value = cell(row);
      return value === undefined || value === null
        ? ''
        : (typeof value === 'string' ? value : JSON.stringify(value)).trim();
    };
  };
  if (mapping.source) textOf(mapping.source, 'source');
  const taken = new Set<string>();
  const columns = Object.values(COLUMN_KINDS).flatMap((kind) =>
    namedColumns(mapping, kind).flatMap(({ name, column, where }) => {
      const cell = textOf(column, where);
      if (taken.has(column)) return [];
      taken.add(column);
      return [{ cell, builder: createColumn(name, kind) }];
    }),
  );
  return {
    id: textOf(mapping.id, 'id'),
    truth: mapping.truth ? textOf(mapping.truth, 'truth') : null,
    columns,
  };
}

interface NamedColumn {
  readonly name: string;
  readonly column: string;
  /** Place in the mapping, for messages. */
  readonly where: string;
}

function namedColumns(mapping: PeopleMapping, kind: (typeof COLUMN_KINDS)[keyof typeof COLUMN_KINDS]): NamedColumn[] {
  if (kind === COLUMN_KINDS.other)
    return (mapping.other ?? []).map((column) => ({ name: column, column, where: 'other' }));
  const key = kind === COLUMN_KINDS.identifier ? 'identifiers' : 'traits';
  return Object.entries(mapping[key]).flatMap(([name, columns]) =>
    [columns ?? []].flat().map((column, i) => ({
      ...{ name: i === 0 ? name : `${name}_${i + 1}`, column, where: `${key}.${name}` },
    })),
  );
}

function createTruth() {
  const people = new Map<string, number>();
  const codes: number[] = [];
  let next = 0;
  return {
    add(text: string): void {
      let code = text === '' ? undefined : people.get(text);
      if (code === undefined) {
        code = next++;
        if (text !== '') people.set(text, code);
      }
      codes.push(code);
    },
    build: () => Int32Array.from(codes),
  };
}
