import type { LinkageSourcePlan } from '@kenal/contracts';
import { createSource, type Source, type Value } from './fields/source.ts';
import { int32 } from './memory.ts';
import type { Column } from './table.ts';
import { hashText, mixHashes } from './text/hash.ts';

/** What is known of one source for all records, as numbers in memory that another thread may share. */
export interface EncodedData {
  /** Number of the value by record; -1: nothing known. */
  readonly codes: Int32Array;
  /** By value: a row of the columns that has it. */
  readonly rows: Int32Array;
  /** By key name, then by value: 32-bit hash, 0 where the value has no such key. */
  readonly keys: readonly Int32Array[];
}

/** One source of evidence for all records: parsed values, which of them each record has, and the hashes of their keys. */
export interface EncodedSource extends EncodedData {
  readonly source: Source<Value>;
  value(code: number): Value;
  /** All values; parses those that were not yet. */
  values(): readonly Value[];
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

export function encodeSource(plan: LinkageSourcePlan, columns: readonly Column[], rows: Int32Array): EncodedSource {
  const source = createSource(plan);
  const own = columnsOfPlan(plan, columns);
  const { codes, firsts } = combine(own, rows);
  const parse = createParser(source, own);
  const values: Value[] = [];
  const codeOf = int32(firsts.length);
  const rowOf = int32(firsts.length);
  for (let combination = 0; combination < firsts.length; combination += 1) {
    const row = firsts[combination]!;
    const value = parse(row);
    codeOf[combination] = value === null ? -1 : values.push(value) - 1;
    if (value !== null) rowOf[values.length - 1] = row;
  }
  for (let record = 0; record < codes.length; record += 1)
    codes[record] = codes[record]! < 0 ? -1 : codeOf[codes[record]!]!;
  const data = { codes, rows: rowOf.subarray(0, values.length), keys: hashKeys(source, values) };
  return { ...data, source, value: (code) => values[code]!, values: () => values };
}

/** A source that another thread has encoded: its values are parsed here as they are asked for, which few are. */
export function openSource(plan: LinkageSourcePlan, columns: readonly Column[], data: EncodedData): EncodedSource {
  const source = createSource(plan);
  const parse = createParser(source, columnsOfPlan(plan, columns));
  const parsed = new Map<number, Value>();
  const value = (code: number): Value => {
    let found = parsed.get(code);
    if (found === undefined) {
      found = parse(data.rows[code]!)!;
      parsed.set(code, found);
    }
    return found;
  };
  return { ...data, source, value, values: () => Array.from(data.rows, (_, code) => value(code)) };
}

function columnsOfPlan(plan: LinkageSourcePlan, columns: readonly Column[]): readonly Column[] {
  return plan.columns.map(({ name }) => columns.find((column) => column.name === name)!);
}

/** @returns reads the value of a row; null where its cells say nothing */
function createParser({ parse }: Source<Value>, columns: readonly Column[]): (row: number) => Value | null {
  const cells = columns.map(() => '');
  return (row) => {
    for (let i = 0; i < columns.length; i += 1) {
      const code = columns[i]!.codes[row]!;
      cells[i] = code < 0 ? '' : columns[i]!.text(code);
    }
    return parse(cells);
  };
}

interface Combinations {
  /** By record; -1: empty cells, where there is one column. */
  readonly codes: Int32Array;
  /** By combination: a row that has it. */
  readonly firsts: Int32Array;
}

/** Combinations of cells that occur. Columns are joined two by two. */
function combine([first, ...others]: readonly Column[], rows: Int32Array): Combinations {
  let found = codesOf(first!, rows);
  for (const { codes } of others) found = renumber(rows, codes, found.codes);
  return found;
}

/** The cells of one column have their numbers already. */
function codesOf({ codes: ofRows, size }: Column, rows: Int32Array): Combinations {
  const [codes, firsts] = [int32(rows.length), int32(size)];
  for (let record = rows.length - 1; record >= 0; record -= 1) {
    const row = rows[record]!;
    codes[record] = ofRows[row]!;
    if (ofRows[row]! >= 0) firsts[ofRows[row]!] = row;
  }
  return { codes, firsts };
}

/** Number each pair of a row's code and its number before, in a hash table with open addressing. */
function renumber(rows: Int32Array, ofRows: Int32Array, before: Int32Array): Combinations {
  const codes = int32(rows.length);
  const mask = 2 ** Math.ceil(Math.log2(rows.length * 2 + 2)) - 1;
  const slots = int32(mask + 1);
  const firstRecords = int32(rows.length);
  let size = 0;
  for (let record = 0; record < rows.length; record += 1) {
    const [code, other] = [ofRows[rows[record]!]!, before[record]!];
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
      if (ofRows[rows[first]!] === code && before[first] === other) {
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
