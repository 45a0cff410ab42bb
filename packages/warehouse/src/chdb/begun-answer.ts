import { Readable } from 'node:stream';
import { mapFault } from '../sql-error.ts';
import type { NativeAnswer, TakeBytes } from './guarded-session.ts';

/** As long as no more than this has come, a failure is told instead of an answer; ClickHouse's own buffer has this size. */
const HELD_BYTES = 1024 * 1024;

/** More than this may not wait for one reader, or for all of them: then a statement is ended, and its answer fails. */
const MOST_WAITING = { ofOne: 256 * 1024 * 1024, ofAll: 512 * 1024 * 1024 } as const;

type Known = Omit<NativeAnswer, 'bytes'>;

/** An answer that has begun, or is whole. */
export interface BegunAnswer {
  /** Fails with the engine's fault where the statement does so after its first bytes. */
  readonly stream: Readable;
  /** Figures so far; whole once the stream has ended. */
  readonly known: () => Known;
}

/** What waits in memory for readers. */
export interface Waiting {
  add(stream: Readable, end: () => void): void;
  /** More has come for this one. Where it is too much of it, it ends; where it is too much of all, the largest. */
  grown(stream: Readable): void;
}

export function createWaiting({
  ofOne,
  ofAll,
}: Readonly<Record<keyof typeof MOST_WAITING, number>> = MOST_WAITING): Waiting {
  const ends = new Map<Readable, () => void>();
  return {
    add(stream, end) {
      ends.set(stream, end);
      stream.once('close', () => ends.delete(stream));
    },
    grown(stream) {
      if (stream.readableLength > ofOne) ends.get(stream)?.();
      const largestFirst = [...ends.keys()].toSorted((a, b) => b.readableLength - a.readableLength);
      if (largestFirst.reduce((sum, one) => sum + one.readableLength, 0) > ofAll) ends.get(largestFirst[0]!)?.();
    },
  };
}

/**
 * Run a statement whose bytes go to the caller while the engine still works. Whoever reads slowly does not hold the session:
 * what was not read waits in memory, up to a limit.
 * @param run gets a signal that tells it to end the statement
 * @throws what the engine threw, before the first {@link HELD_BYTES}
 */
export function beginAnswer(
  run: (take: TakeBytes, signal: AbortSignal) => Promise<NativeAnswer>,
  waiting: Waiting = createWaiting(),
): Promise<BegunAnswer> {
  const tooSlow = new AbortController();
  const begun = Promise.withResolvers<BegunAnswer>();
  const stream = new Readable({ read: () => undefined });
  stream.on('error', () => undefined); // told to whoever reads it
  waiting.add(stream, () => {
    const fault = new Error(TOO_SLOW);
    tooSlow.abort(fault);
    stream.destroy(mapFault(fault)); // also where the statement has long ended
  });
  const startedAt = performance.now();
  let known: Known = { rowsRead: 0, bytesRead: 0, rowsWritten: 0, elapsedSeconds: 0 };
  const begin = () => begun.resolve({ stream, known: () => known });
  const push = (bytes: Uint8Array) => {
    if (!stream.destroyed) stream.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)); // else the reader has gone
  };
  const take: TakeBytes = (bytes, rows) => {
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    known = { ...known, rowsRead: known.rowsRead + rows, bytesRead: known.bytesRead + bytes.length, elapsedSeconds };
    push(bytes);
    waiting.grown(stream);
    if (known.bytesRead > HELD_BYTES) begin();
  };
  run(take, tooSlow.signal).then(
    (answer) => {
      known = answer;
      if (answer.bytes.length > 0) push(answer.bytes);
      if (!stream.destroyed) stream.push(null);
      begin();
    },
    (error: unknown) => {
      begun.reject(error);
      stream.destroy(mapFault(error));
    },
  );
  return begun.promise;
}

const TOO_SLOW =
  'Code: 396. DB::Exception: Too much of the answer waits for its reader: take it faster, or ask for less at a time. (TOO_MANY_ROWS_OR_BYTES)';
