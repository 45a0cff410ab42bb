import type { RowWriter } from './row-writer.ts';

/** A column of a table, and how a row writes its value. */
export interface Column<T> {
  readonly name: string;
  /** As `system.columns` of ClickHouse has it: a server takes no other. */
  readonly type: string;
  readonly write: (writer: RowWriter, row: T) => void;
}

const MOMENT = "DateTime64(6, 'UTC')";
const MONEY = 'Nullable(Decimal(38, 6))';

/** Makers of the columns of rows of one kind: `const { text, moment } = columnsOf<Receipt>()`. */
export function columnsOf<T>() {
  const text = (name: string, of: (row: T) => string | null, type = 'String'): Column<T> => ({
    ...{ name, type },
    write: (writer, row) => writer.text(of(row) ?? ''),
  });
  const nullable = <V>(type: string, write: (writer: RowWriter, value: V) => void) => {
    return (name: string, of: (row: T) => V | null): Column<T> => ({
      ...{ name, type },
      write: (writer, row) => writeNullable(writer, of(row), write),
    });
  };
  return {
    /** null is written as the empty text. */
    text,
    /** A text whose values repeat. */
    word: (name: string, of: (row: T) => string | null) => text(name, of, 'LowCardinality(String)'),
    /** Microseconds. */
    moment: (name: string, of: (row: T) => number): Column<T> => ({
      ...{ name, type: MOMENT },
      write: (writer, row) => writer.int64(of(row)),
    }),
    optionalMoment: nullable<number>(`Nullable(${MOMENT})`, (writer, value) => writer.int64(value)),
    /** Seconds. */
    minute: (name: string, of: (row: T) => number): Column<T> => ({
      ...{ name, type: "DateTime('UTC')" },
      write: (writer, row) => writer.uint32(of(row)),
    }),
    /** Millionths. */
    money: nullable<bigint>(MONEY, (writer, value) => writer.int128(value)),
    uint32: (name: string, of: (row: T) => number): Column<T> => ({
      ...{ name, type: 'UInt32' },
      write: (writer, row) => writer.uint32(of(row)),
    }),
    uint64: (name: string, of: (row: T) => number): Column<T> => ({
      ...{ name, type: 'UInt64' },
      write: (writer, row) => writer.int64(of(row)),
    }),
    column: (name: string, type: string, write: Column<T>['write']): Column<T> => ({ name, type, write }),
  };
}

/** A Nullable. */
export function writeNullable<V>(
  writer: RowWriter,
  value: V | null,
  write: (writer: RowWriter, value: V) => void,
): void {
  writer.byte(value === null ? 1 : 0);
  if (value !== null) write(writer, value);
}

/** An Array, or the pairs of a Map. */
export function writeList<V>(
  writer: RowWriter,
  list: readonly V[],
  write: (writer: RowWriter, value: V) => void,
): void {
  writer.count(list.length);
  for (const value of list) write(writer, value);
}
