import {
  converterOf,
  type Decimal,
  Fault,
  formOf,
  negate,
  parseDecimal,
  quote,
  textOf,
} from '@kenal/collector-commerce/mapping';
import { createZone, type Zone } from '@kenal/collector-kit';
import type { JsonValue } from '@kenal/contracts';
import { UsageError } from '../cli/usage-error.ts';
import type { ColumnSpec, ValueSpec } from './mapping-file.ts';
import type { Row, RowSource } from './rows.ts';

/** A cell's value, null where it is empty, or why it could not be taken. */
export type Cell<T> =
  | { readonly ok: true; readonly value: T | null }
  | { readonly ok: false; readonly column: string; readonly reason: string };
/** Reads one thing out of a row. */
export type CellReader<T> = (row: Row) => Cell<T>;

/** Turns the value specifications of a mapping into readers, for one file. */
export interface CellReaders {
  /**
   * Any value: text unless a converter says otherwise.
   * @param where place in the mapping, for messages
   * @param literals whether a bare word that is no column stands for itself
   */
  value(spec: ValueSpec, where: string, literals: boolean): CellReader<JsonValue>;
  text(spec: ValueSpec, where: string, literals: boolean): CellReader<string>;
  decimal(spec: ValueSpec, where: string): CellReader<Decimal>;
  /** The column that a specification reads, null for a constant. */
  column(spec: ValueSpec, where: string, literals: boolean): ColumnSpec | null;
}

const NOTHING = { ok: true, value: null } as const;

/**
 * @param zone of times that have none and whose specification names none
 * @throws UsageError (from the methods) naming a column that the file does not have, and those that it has
 */
export function createCellReaders(source: RowSource, zone: Zone, mappingPath: string): CellReaders {
  const unknown = (name: string, where: string): UsageError =>
    new UsageError(
      `${mappingPath}: ${where} names the column ${name}, which the file does not have; it has ${source.columns.join(', ')} (a constant is written {const: ${name}})`,
    );
  const columnOf = (spec: ValueSpec, where: string, literals: boolean): ColumnSpec | null => {
    if (typeof spec === 'object') return 'column' in spec ? spec : null;
    if (typeof spec !== 'string') return null;
    if (source.cell(spec) !== null) return { column: spec };
    if (literals) return null;
    throw unknown(spec, where);
  };
  const rawCell = (spec: ColumnSpec, where: string): ((row: Row) => JsonValue | null) => {
    const cell = source.cell(spec.column);
    if (cell === null) throw unknown(spec.column, where);
    const empty = new Set(spec.empty ?? []);
    const fallback = spec.default ?? null;
    return (row) => {
      const raw = cell(row) ?? null;
      if (typeof raw !== 'string') return raw ?? fallback;
      const text = raw.trim();
      return text === '' || empty.has(text) ? fallback : text;
    };
  };
  const reader = <T>(column: ColumnSpec, where: string, take: (raw: JsonValue) => T | Fault): CellReader<T> => {
    const cell = rawCell(column, where);
    return (row) => {
      const raw = cell(row);
      if (raw === null) return NOTHING;
      const taken = take(raw);
      return taken instanceof Fault
        ? { ok: false, column: column.column, reason: taken.reason }
        : { ok: true, value: taken };
    };
  };
  const converter = (column: ColumnSpec, where: string) =>
    converterOf(column, () => zoneNamed(column.zone ?? column.timezone, zone, `${mappingPath}: ${where}`));

  return {
    column: columnOf,
    value: (spec, where, literals) => {
      const column = columnOf(spec, where, literals);
      if (column === null) return always(constantOf(spec));
      return reader<JsonValue>(column, where, converter(column, where));
    },
    text: (spec, where, literals) => {
      const column = columnOf(spec, where, literals);
      if (column === null) return always(textOf(constantOf(spec)));
      const convert = converter(column, where);
      return reader(column, where, (raw) => {
        const value = convert(raw);
        return value instanceof Fault ? value : textOf(value);
      });
    },
    decimal: (spec, where) => {
      const column = columnOf(spec, where, false);
      if (column === null) {
        const value = parseDecimal(textOf(constantOf(spec)));
        if (value === null)
          throw new UsageError(`${mappingPath}: ${where}: ${quote(constantOf(spec))} is not a number`);
        return always(value);
      }
      const form = formOf(column);
      return reader(column, where, (raw) => {
        const value = parseDecimal(textOf(raw), form);
        if (value === null) return new Fault(`${quote(raw)} is not a number`);
        return column.sign === 'negate' ? negate(value) : value;
      });
    },
  };
}

export function zoneNamed(name: string | undefined, fallback: Zone, where: string): Zone {
  if (name === undefined) return fallback;
  const zone = createZone(name);
  if (zone === null) throw new UsageError(`${where}: there is no time zone ${name}; write it like Europe/London`);
  return zone;
}

/** What a specification that names no column stands for. */
export function constantOf(spec: ValueSpec): JsonValue {
  if (typeof spec !== 'object') return spec;
  if ('const' in spec) return spec.const;
  return 'value' in spec ? spec.value : null;
}

function always<T>(value: T): CellReader<T> {
  const cell = { ok: true, value } as const;
  return () => cell;
}
