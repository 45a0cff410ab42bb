import type { JsonValue } from '@kenal/contracts';

/** One row of a file, whatever its format. */
export interface Row {
  /** Line of the file where it begins, from 1; position in the array for a JSON array. */
  readonly line: number;
  /** Its own content, independent of quoting and line ends: what its id is a hash of. */
  readonly identity: string;
  /** Cells by position (CSV), or the object itself (NDJSON, JSON). */
  readonly cells: readonly string[] | { readonly [key: string]: JsonValue };
}

/** A row that could not be read at all. */
export interface BrokenRow {
  readonly line: number;
  readonly reason: string;
}

export type ReadRow = { readonly ok: true; readonly row: Row } | { readonly ok: false; readonly broken: BrokenRow };

/** Rows of one file in order, in groups as they are read. */
export interface RowSource {
  readonly format: FileFormat;
  /** Names of the columns; for JSON those of the first rows. */
  readonly columns: readonly string[];
  /** @returns the cell of a column, undefined where the row has none; null where there is no such column */
  cell(column: string): ((row: Row) => JsonValue | undefined) | null;
  rows(onBytes?: (bytes: number) => void): AsyncGenerator<readonly ReadRow[]>;
}

export const FILE_FORMATS = ['csv', 'ndjson', 'json'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
