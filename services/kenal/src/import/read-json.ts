import type { JsonObject, JsonValue } from '@kenal/contracts';
import { UsageError } from '../cli/usage-error.ts';
import type { FileText } from './file-text.ts';
import type { ReadRow, Row, RowSource } from './rows.ts';

const GROUP = 1_000;
/** Rows whose keys make the list of columns. */
const SAMPLE = 1_000;
/** A JSON array is read whole; beyond this it should be a file of lines. */
const ARRAY_LIMIT = 256 * 1024 * 1024;

/** One JSON object a line. Columns are keys, with dots for what lies deeper: `customer.email`. */
export async function readNdjson(text: FileText): Promise<RowSource> {
  const lines = async function* (onBytes?: (bytes: number) => void): AsyncGenerator<readonly ReadRow[]> {
    let rest = '';
    let line = 0;
    for await (const piece of text.read(onBytes)) {
      const parts = (rest + piece).split('\n');
      rest = parts.pop() ?? '';
      const group = parts.flatMap((part) => readLine(part, ++line));
      if (group.length > 0) yield group;
    }
    if (rest.trim() !== '') yield readLine(rest, ++line);
  };
  return jsonSource('ndjson', lines);
}

/** One JSON array of objects. */
export async function readJsonArray(text: FileText): Promise<RowSource> {
  let whole = '';
  for await (const piece of text.read()) {
    whole += piece;
    if (whole.length > ARRAY_LIMIT)
      throw new UsageError(`${text.path} is too long for one JSON array; write it as one object a line (.ndjson)`);
  }
  let list: JsonValue;
  try {
    list = JSON.parse(whole) as JsonValue;
  } catch (error) {
    throw new UsageError(`${text.path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(list)) throw new UsageError(`${text.path} must hold an array of objects`);
  const all: ReadRow[] = (list as JsonValue[]).map((item, index) => objectRow(item, index + 1, JSON.stringify(item)));
  return jsonSource('json', async function* (onBytes) {
    for (let from = 0; from < all.length; from += GROUP) {
      onBytes?.(Math.round((text.size * (from + GROUP)) / all.length));
      yield all.slice(from, from + GROUP);
    }
  });
}

type Rows = RowSource['rows'];

async function jsonSource(format: 'ndjson' | 'json', rows: Rows): Promise<RowSource> {
  const columns = await sampleColumns(rows);
  return {
    format,
    columns,
    rows,
    cell: (column) => {
      if (!columns.includes(column)) return null;
      const path = column.split('.');
      return (row) => lookUp(row.cells as JsonObject, column, path);
    },
  };
}

// A key that itself holds a dot comes before a path.
function lookUp(object: JsonObject, column: string, path: readonly string[]): JsonValue | undefined {
  if (Object.hasOwn(object, column)) return object[column];
  let value: JsonValue | undefined = object;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
  }
  return value;
}

async function sampleColumns(rows: Rows): Promise<readonly string[]> {
  const columns = new Set<string>();
  let seen = 0;
  for await (const group of rows()) {
    for (const read of group) if (read.ok) collect(read.row.cells as JsonObject, '', columns);
    seen += group.length;
    if (seen >= SAMPLE) break;
  }
  return [...columns];
}

function collect(object: JsonObject, prefix: string, columns: Set<string>): void {
  for (const [key, value] of Object.entries(object)) {
    columns.add(prefix + key);
    const deeper = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (deeper && prefix.split('.').length < 6) collect(value as JsonObject, `${prefix}${key}.`, columns);
  }
}

function readLine(text: string, line: number): ReadRow[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  try {
    return [objectRow(JSON.parse(trimmed) as JsonValue, line, trimmed)];
  } catch (error) {
    const reason = `the line is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    return [{ ok: false, broken: { line, reason } }];
  }
}

function objectRow(value: JsonValue, line: number, identity: string): ReadRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, broken: { line, reason: 'the row is not a JSON object' } };
  const row: Row = { line, identity, cells: value as JsonObject };
  return { ok: true, row };
}
