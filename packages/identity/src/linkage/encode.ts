import type { LinkageSourcePlan } from '@kenal/contracts';
import { createSource, type Source, type Value } from './fields/source.ts';
import { int32 } from './memory.ts';
import type { Column } from './table.ts';
import { hashText, mixHashes } from './text/hash.ts';

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
  return plans.map((plan) => encodeSource(plan, columns, rows));
}

function encodeSource(plan: LinkageSourcePlan, columns: readonly Column[], rows: Int32Array): EncodedSource {
  const source = createSource(plan);
  const own = plan.columns.map(({ name }) => columns.find((column) => column.name === name)!);
  const { codes: combinations, firsts } = combine(own, rows);
  const values: Value[] = [];
  const codeOf = int32(firsts.length);
  const cells = own.map(() => '');
  for (let combination = 0; combination < firsts.length; combination += 1) {
    for (let i = 0; i < own.length; i += 1) {
      const code = own[i]!.codes[firsts[combination]!]!;
      cells[i] = code < 0 ? '' : own[i]!.text(code);
    }
    const value = source.parse(cells);
    codeOf[combination] = value === null ? -1 : values.push(value) - 1;
  }
  for (let record = 0; record < combinations.length; record += 1) combinations[record] = codeOf[combinations[record]!]!;
  return { source, values, codes: combinations, keys: hashKeys(source, values) };
}

interface Combinations {
  /** By record. */
  readonly codes: Int32Array;
  /** By combination: a row that has it. */
  readonly firsts: Int32Array;
}

/** Combinations of cells that occur, in the order of the records. Columns are joined two by two. */
function combine([first, ...others]: readonly Column[], rows: Int32Array): Combinations {
  let found = renumber(rows, (row) => first!.codes[row]! + 1, null);
  for (const { codes } of others) found = renumber(rows, (row) => codes[row]! + 1, found.codes);
  return found;
}

/** Number each pair of `codeOf(row)` and `before`, in a hash table with open addressing. */
function renumber(rows: Int32Array, codeOf: (row: number) => number, before: Int32Array | null): Combinations {
  const codes = int32(rows.length);
  const mask = 2 ** Math.ceil(Math.log2(rows.length * 2 + 2)) - 1;
  const slots = int32(mask + 1);
  const firstRecords = int32(rows.length);
  let size = 0;
  for (let record = 0; record < rows.length; record += 1) {
    const [code, other] = [codeOf(rows[record]!), before === null ? 0 : before[record]!];
    let slot = mixHashes(code, other) & mask;
    for (;;) {
      const known = slots[slot]! - 1;
      if (known < 0) {
        firstRecords[size++] = record;
        slots[slot] = size;
        codes[record] = size - 1;
        break;
      }
      const first = firstRecords[known]!;
      if (codeOf(rows[first]!) === code && (before === null || before[first] === other)) {
        codes[record] = known;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return { codes, firsts: rowsOf(firstRecords.subarray(0, size), rows) };
}

function rowsOf(records: Int32Array, rows: Int32Array): Int32Array {
  const found = int32(records.length);
  for (let i = 0; i < found.length; i += 1) found[i] = rows[records[i]!]!;
  return found;
}

function hashKeys(source: Source<Value>, values: readonly Value[]): Int32Array[] {
  const hashes = source.keyNames.map(() => int32(values.length));
  values.forEach((value, code) => {
    const keys = source.keys(value);
    for (let i = 0; i < keys.length; i += 1) if (keys[i] !== '') hashes[i]![code] = hashText(keys[i]!);
  });
  return hashes;
}
