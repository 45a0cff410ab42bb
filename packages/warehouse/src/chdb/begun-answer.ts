import { Readable } from 'node:stream';
import { mapFault } from '../sql-error.ts';
import type { NativeAnswer, TakeBytes } from './guarded-session.ts';

/** As long as no more than this has come, a failure is told instead of an answer; ClickHouse's own buffer has this size. */
const HELD_BYTES = 1024 * 1024;

/** More than this may not wait for a reader: then the statement is ended, and the answer fails. */
const MOST_WAITING_BYTES = 256 * 1024 * 1024;

type Known = Omit<NativeAnswer, 'bytes'>;

/** An answer that has begun, or is whole. */
export interface BegunAnswer {
  /** Fails with the engine's fault where the statement does so after its first bytes. */
  readonly stream: Readable;
  /** Figures so far; whole once the stream has ended. */
  readonly known: () => Known;
}

/**
 * Run a statement whose bytes go to the caller while the engine still works. Whoever reads slowly does not hold the session:
 * what was not read waits in memory, up to a limit.
 * @param run gets a signal that tells it to end the statement
 * @throws what the engine threw, before the first {@link HELD_BYTES}
 */
export function beginAnswer(
  run: (take: TakeBytes, signal: AbortSignal) => Promise<NativeAnswer>,
  mostWaiting: number = MOST_WAITING_BYTES,
): Promise<BegunAnswer> {
  const tooSlow = new AbortController();
  const begun = Promise.withResolvers<BegunAnswer>();
  const stream = new Readable({ read: () => undefined });
  stream.on('error', () => undefined); // told to whoever reads it
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
    if (stream.readableLength > mostWaiting) tooSlow.abort(new Error(TOO_SLOW));
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
