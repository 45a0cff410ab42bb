import { hashText } from './text/hash.ts';

/** One column of a table of records: every distinct text once, and which of them each record has. */
export interface Column {
  /** Name of the trait or identifier: `family_name`, `passport`. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Distinct texts; their codes count from 0. */
  readonly size: number;
  /** Code by record; -1: the record has none. */
  readonly codes: Int32Array;
  text(code: number): string;
  /** 32 bits of the text, others for another seed. */
  hash(code: number, seed: number): number;
}

/** What the mapping says a column is. */
export const COLUMN_KINDS = { identifier: 'identifier', trait: 'trait', other: 'other' } as const;
export type ColumnKind = (typeof COLUMN_KINDS)[keyof typeof COLUMN_KINDS];

/** Collects the cells of one column, record after record. */
export interface ColumnBuilder {
  add(cell: string): void;
  build(): Column;
}

export function createColumn(name: string, kind: ColumnKind): ColumnBuilder {
  const index = new Map<string, number>();
  const values: string[] = [];
  let codes = new Int32Array(1_024);
  let size = 0;
  return {
    add(cell) {
      if (size === codes.length) {
        const longer = new Int32Array(size * 2);
        longer.set(codes);
        codes = longer;
      }
      codes[size++] = cell === '' ? -1 : codeOf(cell, index, values);
    },
    build: () => ({
      ...{ name, kind, size: values.length, codes: codes.slice(0, size) },
      text: (code) => values[code]!,
      hash: (code, seed) => hashText(values[code]!, seed),
    }),
  };
}

/** The code of a text in a growing dictionary. */
function codeOf(text: string, index: Map<string, number>, values: string[]): number {
  const known = index.get(text);
  if (known !== undefined) return known;
  const code = values.length;
  index.set(text, code);
  values.push(text);
  return code;
}
