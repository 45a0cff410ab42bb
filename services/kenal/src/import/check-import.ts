import type { Micros } from '@kenal/contracts';
import type { Normaliser } from '@kenal/identity';
import { createJudge } from './judge.ts';
import { createNobodyCount, type Nobodies } from './nobodies.ts';
import type { PreparedImport } from './prepare.ts';
import { type RowError, SHOWN_ERRORS } from './row-errors.ts';
import type { RowContent } from './to-event.ts';
import { type Line, toLine } from './to-line.ts';

/** A row as it would be sent, or why it would not be. */
export type PreviewedRow =
  | { readonly line: number; readonly interaction: RowContent }
  | { readonly line: number; readonly error: { readonly column: string; readonly reason: string } };

/** What an import of the file would come to. `rows` = good + bad. */
export interface ImportCheck {
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  readonly withoutIdentifier: number;
  /** Values of good rows that name nobody. */
  readonly nobodies: Nobodies;
  /** Bad rows by the column at fault; '' counts those that are at fault as a whole. */
  readonly badByColumn: Readonly<Record<string, number>>;
  /** The first ones. */
  readonly errors: readonly RowError[];
  readonly preview: readonly PreviewedRow[];
}

const PREVIEW_ROWS = 5;
/** Rows draw no ids here, so that no row has to be remembered; a real one is as long. */
const AN_ID = `row-${'0'.repeat(24)}-1`;

/**
 * Look at every row as an import would, and as the tracking API then would, and send nothing. Memory does not grow with
 * the file.
 * @param normalise as the workspace does it
 * @param onProgress told how far it has come: bytes of the file, rows
 */
export async function checkImport(
  prepared: PreparedImport,
  now: Micros,
  normalise: Normaliser,
  onProgress: (bytes: number, rows: number) => void,
): Promise<ImportCheck> {
  const judge = createJudge(now, Object.keys(prepared.mapping.mapping.identifiers));
  const nobodies = createNobodyCount(normalise);
  const preview: PreviewedRow[] = [];
  const errors: RowError[] = [];
  const badByColumn = new Map<string, number>();
  const counts = { rows: 0, good: 0, bad: 0, withoutIdentifier: 0 };
  let bytes = 0;
  for await (const group of prepared.rows.rows((read) => (bytes = read))) {
    for (const read of group) {
      counts.rows++;
      const line = toLine(read, () => AN_ID, prepared.toEvent);
      const judgement = line.ok ? judge(line.text) : null;
      const error = line.ok ? judgement && { line: line.line, column: '', ...judgement } : line.error;
      if (error === null) counts.good++;
      else {
        counts.bad++;
        badByColumn.set(error.column, (badByColumn.get(error.column) ?? 0) + 1);
        if (errors.length < SHOWN_ERRORS) errors.push(error);
      }
      if (error === null && line.ok) {
        nobodies.take(line.identifiers);
        if (line.identifiers.length === 0) counts.withoutIdentifier++;
      }
      if (preview.length < PREVIEW_ROWS) preview.push(previewOf(line, error));
    }
    onProgress(bytes, counts.rows);
  }
  return { ...counts, nobodies: nobodies.found(), badByColumn: Object.fromEntries(badByColumn), errors, preview };
}

function previewOf(line: Line, error: RowError | null): PreviewedRow {
  if (!line.ok || error !== null) {
    const { line: at, column, reason } = line.ok ? (error as RowError) : line.error;
    return { line: at, error: { column, reason } };
  }
  const { messageId: _, ...interaction } = JSON.parse(line.text) as RowContent & { messageId: string };
  return { line: line.line, interaction };
}
