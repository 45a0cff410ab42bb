import { postBatch } from '../../client/post-batch.ts';
import { type Batch, createBatcher } from '../batcher.ts';
import { createLanes } from '../lanes.ts';
import { createRowErrors, type RowError } from '../row-errors.ts';
import type { PreparedRecords } from './prepare.ts';

export interface RecordsJob {
  readonly prepared: PreparedRecords;
  /** Root of the tracking API. */
  readonly url: string;
  readonly key: string;
  /** Where rows that did not become records are listed. */
  readonly errorsPath: string;
  readonly onProgress: (bytes: number, rows: number) => void;
  readonly onRetry: (error: Error, waitMs: number) => void;
}

/** What came of it. `rows` = accepted + rejected. */
export interface RecordsResult {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly RowError[];
  readonly errorsPath: string | null;
}

const IN_FLIGHT = 3;

/** Send a file as records. Cut short, it is run again from its first row: what is there already stays as it is. */
export async function runRecords(job: RecordsJob): Promise<RecordsResult> {
  const errors = createRowErrors(job.errorsPath, false);
  const batcher = createBatcher(undefined, undefined, 'records');
  let [bytes, rows, accepted] = [0, 0, 0];
  const lanes = createLanes<Sent>(IN_FLIGHT, ({ batch, answer }) => {
    for (const { index, code, path, reason } of answer.rejected)
      errors.add({ line: batch.lines[index] ?? 0, column: columnOf(path), code, reason });
    accepted += answer.accepted;
    job.onProgress(bytes, rows);
  });
  const send = async (batch: Batch | null): Promise<void> => {
    if (batch === null) return;
    const options = { url: `${job.url}/v1/records`, key: job.key, onRetry: job.onRetry };
    await lanes.submit(async () => ({ batch, answer: await postBatch(batch.body, options) }));
  };
  try {
    for await (const group of job.prepared.rows.rows((read) => (bytes = read))) {
      for (const read of group) {
        rows++;
        const line = job.prepared.toLine(read);
        if (line.ok) await send(batcher.add(line.text, line.line, rows));
        else errors.add(line.error);
      }
    }
    await send(batcher.flush(rows));
    await lanes.drain();
  } finally {
    await errors.close();
  }
  return { rows, accepted, rejected: rows - accepted, errors: errors.first, errorsPath: errors.path };
}

interface Sent {
  readonly batch: Batch;
  readonly answer: Awaited<ReturnType<typeof postBatch>>;
}

/** `$.records[3].amount` → `amount` */
export function columnOf(path: string): string {
  return path.replace(/^\$(?:\.records\[\d+\])?\.?/, '');
}
