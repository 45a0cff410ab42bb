import { DEFAULT_LIMITS, type RecordFrame, readRecord } from '@kenal/collector-kit';
import type { JsonObject } from '@kenal/contracts';
import { type RowError, SHOWN_ERRORS } from '../row-errors.ts';
import type { PreparedRecords, RecordLine } from './prepare.ts';
import { columnOf } from './run.ts';

/** What an import of the file would come to. `rows` = good + bad. */
export interface RecordsCheck {
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  /** Bad rows by the column at fault; '' counts those that are at fault as a whole. */
  readonly badByColumn: Readonly<Record<string, number>>;
  /** The first ones. */
  readonly errors: readonly RowError[];
  /** The first good rows, as they would be sent. */
  readonly preview: readonly JsonObject[];
}

const PREVIEW_ROWS = 5;

/** Look at every row as an import would, and as `POST /v1/records` then would under its default limits, and send nothing. */
export async function checkRecords(
  { rows, toLine }: PreparedRecords,
  frame: Pick<RecordFrame, 'source' | 'receivedAt'>,
): Promise<RecordsCheck> {
  const preview: JsonObject[] = [];
  const errors: RowError[] = [];
  const badByColumn = new Map<string, number>();
  const counts = { rows: 0, good: 0, bad: 0 };
  for await (const group of rows.rows()) {
    for (const read of group) {
      counts.rows++;
      const line = toLine(read);
      const error = line.ok ? judge(line, frame) : line.error;
      if (error === null && line.ok) {
        counts.good++;
        if (preview.length < PREVIEW_ROWS) preview.push(JSON.parse(line.text) as JsonObject);
      } else if (error !== null) {
        counts.bad++;
        badByColumn.set(error.column, (badByColumn.get(error.column) ?? 0) + 1);
        if (errors.length < SHOWN_ERRORS) errors.push(error);
      }
    }
  }
  return { ...counts, badByColumn: Object.fromEntries(badByColumn), errors, preview };
}

function judge(
  { text, line }: Extract<RecordLine, { ok: true }>,
  frame: Pick<RecordFrame, 'source' | 'receivedAt'>,
): RowError | null {
  const limits = DEFAULT_LIMITS;
  if (Buffer.byteLength(text) > limits.eventBytes)
    return { line, column: '', code: 'event_too_large', reason: `more than ${limits.eventBytes} bytes` };
  const outcome = readRecord(JSON.parse(text), { ...frame, limits, mayHoldOddText: true });
  if (outcome.ok) return null;
  const { code, path, reason } = outcome.fault;
  return { line, column: columnOf(path), code, reason };
}
