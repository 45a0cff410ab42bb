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
  const known = new Map<string, number>();
  const codes = rows.map((row) => {
    let key = '';
    for (const { codes } of columns) key += `${codes[row]!},`;
    let code = known.get(key);
    if (code === undefined) {
      const value = source.parse(columns.map(({ codes, values: texts }) => texts[codes[row]!] ?? ''));
      code = value === null ? -1 : values.push(value) - 1;
      known.set(key, code);
    }
    return code;
  });
  return { values, codes };
}

function hashKeys(source: Source<Value>, values: readonly Value[]): Int32Array[] {
  const hashes = source.keyNames.map(() => new Int32Array(values.length));
  values.forEach((value, code) => {
    const keys = source.keys(value);
    for (let i = 0; i < keys.length; i += 1) if (keys[i] !== '') hashes[i]![code] = hashText(keys[i]!);
  });
  return hashes;
}
