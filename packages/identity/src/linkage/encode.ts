import type { LinkageSourcePlan } from '@kenal/contracts';
import { createSource, type Source, type Value } from './fields/source.ts';
import type { Column } from './table.ts';
import { hashText } from './text/hash.ts';

/** One source of evidence for all records: parsed values, which of them each record has, and the hashes of their keys. */
export interface EncodedSource {
  readonly source: Source<Value>;
  readonly values: readonly Value[];
  /** Index into `values` by record; -1: nothing known. */
  readonly codes: Int32Array;
  /** By key name, then by value: 32-bit hash, 0 where the value has no such key. */
  readonly keys: readonly Int32Array[];
}

/**
 * Parse each distinct combination of cells once.
 * @param rows which row of the columns each record is
 */
export function encode(
  plans: readonly LinkageSourcePlan[],
  columns: readonly Column[],
  rows: Int32Array,
): EncodedSource[] {
  return plans.map((plan) => {
    const source = createSource(plan);
    const own = plan.columns.map(({ name }) => columns.find((column) => column.name === name)!);
    const { values, codes } = own.length === 1 ? encodeOne(source, own[0]!, rows) : encodeMany(source, own, rows);
    return { source, values, codes, keys: hashKeys(source, values) };
  });
}

type Encoded = Pick<EncodedSource, 'values' | 'codes'>;

function encodeOne(source: Source<Value>, column: Column, rows: Int32Array): Encoded {
  const values: Value[] = [];
  const codeOfText = column.values.map((text) => {
    const value = source.parse([text]);
    return value === null ? -1 : values.push(value) - 1;
  });
  const codes = rows.map((row) => {
    const code = column.codes[row]!;
    return code < 0 ? -1 : codeOfText[code]!;
  });
  return { values, codes };
}

function encodeMany(source: Source<Value>, columns: readonly Column[], rows: Int32Array): Encoded {
  const values: Value[] = [];
  const combined = combine(columns, rows);
  const codeOf = new Int32Array(combined.firsts.length);
  combined.firsts.forEach((row, combination) => {
    const value = source.parse(columns.map(({ codes, values: texts }) => texts[codes[row]!] ?? ''));
    codeOf[combination] = value === null ? -1 : values.push(value) - 1;
  });
  return { values, codes: combined.codes.map((combination) => codeOf[combination]!) };
}

/** Combinations of cells that occur: which one each record has, and a row that has it. Columns are joined two by two. */
function combine(columns: readonly Column[], rows: Int32Array): { codes: Int32Array; firsts: readonly number[] } {
  let codes = new Int32Array(rows.length);
  let firsts: number[] = [];
  for (const column of columns) {
    const known = new Map<number, number>();
    const width = column.values.length + 1;
    firsts = [];
    codes = codes.map((code, record) => {
      const row = rows[record]!;
      const key = code * width + column.codes[row]! + 1;
      let next = known.get(key);
      if (next === undefined) {
        next = firsts.push(row) - 1;
        known.set(key, next);
      }
      return next;
    });
  }
  return { codes, firsts };
}

function hashKeys(source: Source<Value>, values: readonly Value[]): Int32Array[] {
  const hashes = source.keyNames.map(() => new Int32Array(values.length));
  values.forEach((value, code) => {
    const keys = source.keys(value);
    for (let i = 0; i < keys.length; i += 1) if (keys[i] !== '') hashes[i]![code] = hashText(keys[i]!);
  });
  return hashes;
}
