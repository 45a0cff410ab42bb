/** One column of a table of records: every distinct text once, and which of them each record has. */
export interface Column {
  /** Name of the trait or identifier: `family_name`, `passport`. */
  readonly name: string;
  readonly kind: ColumnKind;
  readonly values: readonly string[];
  /** Index into `values` by record; -1: the record has none. */
  readonly codes: Int32Array;
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
    build: () => ({ name, kind, values, codes: codes.slice(0, size) }),
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
