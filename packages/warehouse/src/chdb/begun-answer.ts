import { Readable } from 'node:stream';
import { mapFault } from '../sql-error.ts';
import type { NativeAnswer, TakeBytes } from './guarded-session.ts';

/** As long as no more than this has come, a failure is told instead of an answer; ClickHouse's own buffer has this size. */
const HELD_BYTES = 1024 * 1024;

/** An answer that has begun, or is whole. */
export interface BegunAnswer {
  /** Fails with the engine's fault where the statement does so after its first bytes. */
  readonly stream: Readable;
  /** Figures: so far where there is more to come. */
  readonly known: Omit<NativeAnswer, 'bytes'>;
}

/**
 * Run a statement whose bytes go to the caller while the engine still works. Whoever reads slowly does not hold the session:
 * what was not read waits in memory, under the limits of the result.
 * @throws what the engine threw, before the first {@link HELD_BYTES}
 */
export function beginAnswer(run: (take: TakeBytes) => Promise<NativeAnswer>): Promise<BegunAnswer> {
  const begun = Promise.withResolvers<BegunAnswer>();
  const stream = new Readable({ read: () => undefined });
  stream.on('error', () => undefined); // told to whoever reads it
  const startedAt = performance.now();
  let held = 0;
  const take: TakeBytes = (bytes) => {
    if (stream.destroyed) return; // the reader has gone
    stream.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    held += bytes.length;
    if (held <= HELD_BYTES) return;
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    begun.resolve({ stream, known: { rowsRead: 0, bytesRead: held, rowsWritten: 0, elapsedSeconds } });
  };
  run(take).then(
    (answer) => {
      if (answer.bytes.length > 0) take(answer.bytes);
      stream.push(null);
      begun.resolve({ stream, known: answer });
    },
    (error: unknown) => {
      begun.reject(error);
      stream.destroy(mapFault(error));
    },
  );
  return begun.promise;
}
