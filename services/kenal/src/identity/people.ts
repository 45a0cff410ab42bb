import { UsageError } from '../cli/usage-error.ts';
import type { ByteColumn } from './byte-column.ts';
import type { MappedColumn } from './mapped-columns.ts';
import type { PeopleMapping } from './people-mapping.ts';

/** A table of people as the linkage takes it. */
export interface People {
  /** Records. */
  readonly size: number;
  /** What the file calls a record. */
  readonly idOf: (record: number) => string;
  /** Person by record, numbered as they come; null where the mapping names no truth. A record without one is a person of its own. */
  readonly truth: Int32Array | null;
  readonly columns: readonly ByteColumn[];
  readonly broken: Broken;
}

/** Rows that nobody can read, and why not the first of them. */
export interface Broken {
  readonly count: number;
  readonly first: string;
}

/** A file with its mapping, and who is told how far it has been read. */
export interface PeopleFile {
  readonly path: string;
  readonly mapping: PeopleMapping;
  readonly columns: readonly MappedColumn[];
  readonly onProgress: (bytes: number, rows: number) => void;
}

export function missingId(path: string, line: number): UsageError {
  return new UsageError(`${path}, line ${line}: the id is empty`);
}

export function doubleId(path: string, id: string, first: number, second: number): UsageError {
  return new UsageError(
    `${path}: the id ${id} stands in line ${first} and in line ${second}; each record must have its own`,
  );
}

/** Number people by what the file calls them (-1: nothing), in the order in which they come. */
export function numberPeople(codes: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  let next = 0;
  return codes.map((code) => {
    let number = code < 0 ? undefined : numbers.get(code);
    if (number === undefined) {
      number = next++;
      if (code >= 0) numbers.set(code, number);
    }
    return number;
  });
}
