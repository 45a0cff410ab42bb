import { createZone, type Zone } from '@kenal/collector-kit';
import type { RecordKind } from '@kenal/contracts';
import { createCellReaders, zoneNamed } from '../cell.ts';
import { type FileText, openFileText } from '../file-text.ts';
import { openRows } from '../open-rows.ts';
import type { RowError } from '../row-errors.ts';
import type { ReadRow, RowSource } from '../rows.ts';
import { MAX_EVENT_BYTES } from '../to-line.ts';
import { readRecordMapping } from './mapping.ts';
import { createRowToRecord } from './row-to-record.ts';

/** A row as the JSON text of its record, or why it cannot be one. */
export type RecordLine =
  | { readonly ok: true; readonly text: string; readonly line: number }
  | { readonly ok: false; readonly error: RowError };

/** A file of records, open, and what its rows become. */
export interface PreparedRecords {
  readonly text: FileText;
  readonly rows: RowSource;
  readonly toLine: (read: ReadRow) => RecordLine;
  /** As the mapping names it. */
  readonly source: string | undefined;
}

/**
 * @param map path of a mapping; undefined: columns are named as the fields
 * @param timezone the workspace's, for times without one where the mapping names none
 */
export async function prepareRecords(
  file: string,
  kind: RecordKind,
  map: string | undefined,
  timezone: string,
): Promise<PreparedRecords> {
  const mapping = map === undefined ? null : readRecordMapping(map);
  const hints = mapping?.file ?? {};
  const path = map ?? file;
  const text = await openFileText(file, hints.encoding);
  const source = await openRows(text, hints);
  const utc = createZone('UTC') as Zone;
  const zone = zoneNamed(mapping?.zone, zoneNamed(timezone, utc, 'the workspace'), path);
  const readers = createCellReaders(source, zone, path);
  const toRecord = await createRowToRecord({ kind, mapping, readers, source, zone, path });
  const toLine = (read: ReadRow): RecordLine => {
    if (!read.ok) return refused(read.broken.line, '', 'row_unreadable', read.broken.reason);
    const { row } = read;
    const made = toRecord(row);
    if (!made.ok) return refused(row.line, made.column, 'row_refused', made.reason);
    const json = JSON.stringify(made.record);
    if (Buffer.byteLength(json) > MAX_EVENT_BYTES)
      return refused(row.line, '', 'event_too_large', `the row makes a record of over ${MAX_EVENT_BYTES} bytes`);
    return { ok: true, text: json, line: row.line };
  };
  return { text, rows: source, toLine, source: mapping?.source };
}

function refused(line: number, column: string, code: string, reason: string): RecordLine {
  return { ok: false, error: { line, column, code, reason } };
}
