import { formatDecimal } from '@kenal/collector-commerce/mapping';
import { ENVELOPE, RECORD_COLUMNS, type Zone } from '@kenal/collector-kit';
import { formatTime, type JsonObject, type JsonValue, type RecordKind } from '@kenal/contracts';
import { type Cell, type CellReader, type CellReaders, constantOf, zoneNamed } from '../cell.ts';
import type { ValueSpec } from '../mapping-file.ts';
import type { Row, RowSource } from '../rows.ts';
import { createTimeReader } from '../time-column.ts';
import { dayLater, isDay } from './last-day.ts';
import { type RecordMapping, refusePersonal } from './mapping.ts';

/** A row as `POST /v1/records` takes it, or the column at fault. */
export type RowRecord =
  | { readonly ok: true; readonly record: JsonObject }
  | { readonly ok: false; readonly column: string; readonly reason: string };

export interface RecordReading {
  readonly kind: RecordKind;
  /** null: columns are named as the fields. */
  readonly mapping: RecordMapping | null;
  readonly readers: CellReaders;
  readonly source: RowSource;
  readonly zone: Zone;
  /** For messages: the mapping, or the file where there is none. */
  readonly path: string;
}

const TIMES = ['from', 'to', 'recorded_at'] as const;

/** @throws UsageError where mapping and file do not fit together, or a column names a person */
export async function createRowToRecord(reading: RecordReading): Promise<(row: Row) => RowRecord> {
  const { kind, readers, source, path } = reading;
  const mapping = reading.mapping ?? mappingByName(source);
  refusePersonal(Object.keys(mapping.fields), path);
  const fields: [string, CellReader<JsonValue>][] = [];
  if (mapping.id !== undefined) fields.push(['id', readers.text(mapping.id, 'id', false)]);
  for (const name of TIMES) {
    const spec = mapping[name];
    if (spec !== undefined) fields.push([name, await timeReader(spec, name, reading)]);
  }
  for (const [name, spec] of Object.entries(mapping.fields))
    fields.push([name, fieldReader(kind, name, spec, readers)]);

  return (row) => {
    const record: Record<string, JsonValue> = { kind };
    for (const [name, read] of fields) {
      const cell = read(row);
      if (!cell.ok) return cell;
      if (cell.value !== null) record[name] = cell.value;
    }
    return { ok: true, record };
  };
}

/** Every column under its own name; of JSON the outermost keys, whole. */
function mappingByName(source: RowSource): RecordMapping {
  const { format, columns } = source;
  const names = format === 'csv' ? columns : columns.filter((name) => !isInside(name, columns));
  const own = new Set<string>(ENVELOPE);
  const given = (name: string): object => (names.includes(name) ? { [name]: { column: name } } : {});
  const fields = names.filter((name) => !own.has(name)).map((name) => [name, { column: name }] as const);
  return {
    ...{ ...given('id'), ...given('from'), ...given('to'), ...given('recorded_at') },
    ...{ file: {}, fields: Object.fromEntries(fields) },
  };
}

/** `size.height` beside `size` */
function isInside(name: string, columns: readonly string[]): boolean {
  const dot = name.indexOf('.');
  return dot > 0 && columns.includes(name.slice(0, dot));
}

/** Amounts digit by digit, with the column's own decimal sign. */
function fieldReader(kind: RecordKind, name: string, spec: ValueSpec, readers: CellReaders): CellReader<JsonValue> {
  const { columns } = RECORD_COLUMNS[kind];
  const type = Object.hasOwn(columns, name) ? columns[name] : undefined;
  const where = `fields.${name}`;
  if (type !== 'decimal' || readers.column(spec, where, false) === null) return readers.value(spec, where, false);
  const read = readers.decimal(spec, where);
  return (row) => written(read(row), formatDecimal);
}

async function timeReader(spec: ValueSpec, name: string, reading: RecordReading): Promise<CellReader<JsonValue>> {
  const { readers, source, zone, path } = reading;
  const column = readers.column(spec, name, false);
  if (column === null) {
    const value = constantOf(spec);
    return () => ({ ok: true, value });
  }
  const { date, format, zone: _zone, timezone: _timezone, ...bare } = column;
  const isGiven = readers.text(bare, name, false);
  const own = zoneNamed(column.zone ?? column.timezone, zone, `${path}: ${name}`);
  const form = { ...bare, ...(date === undefined ? {} : { date }), ...(format === undefined ? {} : { format }) };
  const time = await createTimeReader(form, readers, source, own, path, name);
  // A `to` that is a day holds to its end, in the zone of the column
  const dayEnd = name === 'to' ? await createTimeReader(form, readers, source, dayLater(own), path, name) : null;
  return (row) => {
    const given = isGiven(row);
    if (!given.ok || given.value === null) return given;
    const isWhole = dayEnd !== null && isDay(given.value, date ?? format);
    return written((isWhole ? dayEnd : time)(row), formatTime);
  };
}

function written<T>(cell: Cell<T>, write: (value: T) => string): Cell<JsonValue> {
  if (!cell.ok) return cell;
  return { ok: true, value: cell.value === null ? null : write(cell.value) };
}
