import { type BatchAnswer, postBatch } from '../client/post-batch.ts';
import { type Batch, createBatcher } from './batcher.ts';
import type { Census } from './census.ts';
import { createLanes } from './lanes.ts';
import type { NobodyCount } from './nobodies.ts';
import type { PreparedImport } from './prepare.ts';
import type { ImportState, ResumeFile } from './resume.ts';
import { createRowErrors, type RowError } from './row-errors.ts';
import { createRowIds } from './row-ids.ts';
import { toLine } from './to-line.ts';

export interface ImportJob {
  readonly prepared: PreparedImport;
  /** Root of the tracking API. */
  readonly url: string;
  readonly key: string;
  readonly resume: ResumeFile;
  /** Forget how far an earlier run came. */
  readonly restart: boolean;
  /** What the source had before; kept with the place to go on from, so that it is known of the import as a whole. */
  readonly before: () => Promise<Census | null>;
  /** Counts values that name nobody; null where the rules are not known. */
  readonly nobodies: NobodyCount | null;
  /** Where rows that did not become interactions are listed. */
  readonly errorsPath: string;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly onRetry: (error: Error, waitMs: number) => void;
}

export interface ImportProgress {
  /** Of the file on disk. */
  readonly bytes: number;
  readonly rows: number;
  readonly acknowledged: number;
}

/** What came of it. `rows` = accepted + rejected. */
export interface ImportResult {
  readonly rows: number;
  /** Durable in the event log; a copy of what is there already is among them. */
  readonly accepted: number;
  readonly rejected: number;
  readonly withoutIdentifier: number;
  /** Rows that an earlier, interrupted run had sent already; they are among `rows`. */
  readonly resumedAt: number;
  readonly errors: readonly RowError[];
  readonly errorsPath: string | null;
  /** As the job named it, or as an earlier, interrupted run of this import did. */
  readonly before: Census | null;
}

const IN_FLIGHT = 3;

/**
 * Send a file as interactions: read, map, batch, post, remember how far.
 * Whatever is cut short or repeated adds nothing twice, since ids come from the rows alone.
 */
export async function runImport(job: ImportJob): Promise<ImportResult> {
  const before = job.restart ? null : job.resume.load();
  const errors = createRowErrors(job.errorsPath, before !== null);
  const census = before === null ? await job.before() : before.census;
  const tally = createTally(before, census);
  const ids = createRowIds();
  const batcher = createBatcher();
  let bytes = 0;
  let rows = 0;
  const lanes = createLanes<Sent>(IN_FLIGHT, (sent) => {
    const { batch, answer } = sent;
    for (const { index, code, reason } of answer.rejected)
      errors.add({ line: batch.lines[index] ?? 0, column: '', code, reason });
    tally.acknowledge(sent);
    job.resume.save(tally.state());
    job.onProgress({ bytes, rows, acknowledged: tally.state().accepted });
  });
  const send = async (batch: Batch | null): Promise<void> => {
    if (batch === null) return;
    const { refused, anonymous } = tally; // of the rows up to this batch's last one
    await lanes.submit(async () => ({ batch, refused, anonymous, answer: await post(job, batch) }));
  };

  try {
    for await (const group of job.prepared.rows.rows((read) => (bytes = read))) {
      for (const read of group) {
        rows++;
        const made = toLine(read, ids.next, job.prepared.toEvent);
        if (made.ok) job.nobodies?.take(made.identifiers);
        if (rows <= tally.skip) continue;
        if (!made.ok) {
          errors.add(made.error);
          tally.refused++;
          continue;
        }
        await send(batcher.add(made.text, made.line, rows));
        if (made.identifiers.length === 0) tally.anonymous++;
      }
    }
    await send(batcher.flush(rows));
    await lanes.drain();
  } finally {
    await errors.close();
  }
  job.resume.clear();
  const { accepted } = tally.state();
  return {
    rows,
    accepted,
    rejected: rows - accepted,
    withoutIdentifier: tally.anonymous,
    resumedAt: tally.skip,
    errors: errors.first,
    errorsPath: errors.path,
    before: census,
  };
}

interface Sent {
  readonly batch: Batch;
  readonly answer: BatchAnswer;
  readonly refused: number;
  readonly anonymous: number;
}

function post(job: ImportJob, batch: Batch): Promise<BatchAnswer> {
  return postBatch(batch.body, { url: `${job.url}/v1/import`, key: job.key, onRetry: job.onRetry });
}

interface Tally {
  /** Rows that an earlier run has done. */
  readonly skip: number;
  /** Rows so far that could not be made an event. */
  refused: number;
  /** Rows so far that name nobody. */
  anonymous: number;
  acknowledge(sent: Sent): void;
  state(): ImportState;
}

function createTally(before: ImportState | null, census: Census | null): Tally {
  let rows = before?.rows ?? 0;
  let accepted = before?.accepted ?? 0;
  let turnedAway = 0; // by the server
  const tally: Tally = {
    skip: rows,
    refused: before?.rejected ?? 0,
    anonymous: before?.withoutIdentifier ?? 0,
    acknowledge: ({ batch, answer, refused, anonymous }) => {
      rows = batch.rowsRead;
      accepted += answer.accepted;
      turnedAway += answer.rejected.length;
      durable = { rows, accepted, rejected: refused + turnedAway, withoutIdentifier: anonymous, census };
    },
    state: () => durable,
  };
  let durable: ImportState = { rows, accepted, rejected: tally.refused, withoutIdentifier: tally.anonymous, census };
  return tally;
}
