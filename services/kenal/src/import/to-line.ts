import type { Identifier } from '@kenal/contracts';
import type { PreparedImport } from './prepare.ts';
import type { RowError } from './row-errors.ts';
import type { ReadRow } from './rows.ts';

/** A row as the JSON text of its event, or why it cannot be one. */
export type Line =
  | {
      readonly ok: true;
      readonly text: string;
      readonly line: number;
      /** As the file has them. */
      readonly identifiers: readonly Identifier[];
    }
  | { readonly ok: false; readonly error: RowError };

/**
 * The tracking API judges single events and keeps those that it refuses (by default those over 32 KB), but a body over 4 MB
 * it refuses whole. A row beyond this is nobody's event: it is an error of that row, and the import goes on.
 */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** @param nextId draws the id of every readable row, sent or not: equal rows are counted from the beginning of the file */
export function toLine(read: ReadRow, nextId: (row: string) => string, toEvent: PreparedImport['toEvent']): Line {
  if (!read.ok) {
    const { line, reason } = read.broken;
    return { ok: false, error: { line, column: '', code: 'row_unreadable', reason } };
  }
  const { row } = read;
  const messageId = nextId(row.identity);
  const made = toEvent(row);
  if (!made.ok)
    return { ok: false, error: { line: row.line, column: made.column, code: 'row_refused', reason: made.reason } };
  const text = JSON.stringify({ messageId, ...made.event });
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_EVENT_BYTES) {
    const reason = `the row makes an event of ${bytes} bytes; ${MAX_EVENT_BYTES} are the most that is sent`;
    return { ok: false, error: { line: row.line, column: '', code: 'event_too_large', reason } };
  }
  return { ok: true, text, line: row.line, identifiers: made.identifiers };
}
