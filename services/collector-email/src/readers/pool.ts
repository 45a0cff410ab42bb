import type { Headers, Outcome, Source } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import type { Logger, Metrics } from '@kenal/service-kit';
import { createFairQueue } from './fair-queue.ts';
import type { ReadBy, ReaderName } from './readers.ts';
import { createSeat, type Seat, type Task } from './seat.ts';

/** Reads bodies in threads of its own, the sources by turns; what takes too long or too much memory ends its thread. */
export interface ReaderPool {
  /**
   * Never rejects for what the body holds: that is a fault, `bad_body`.
   * @param headers of the delivery, for its content type
   * @param source whose it is; without it, of those that are nobody's
   * @throws KenalError `overloaded` where too many of its source wait, `draining`, `unavailable` where no thread starts
   */
  read<Name extends ReaderName>(
    reader: Name,
    body: Uint8Array,
    headers?: Headers,
    source?: Pick<Source, 'workspace' | 'id'>,
  ): Promise<ReadBy<Name>>;
  close(): Promise<void>;
}

export interface ReaderPoolDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Bodies that are read at once; default 2. One source has all of them but one. */
  readonly threads?: number;
  /** Longest time for one body; default 2 s. */
  readonly timeoutMs?: number;
  /** Heap of each thread; default 256 MB. */
  readonly heapMb?: number;
}

const THREADS = 2;
const TIMEOUT_MS = 2_000;
const HEAP_MB = 256;
/** Of one source. Their bytes are bounded where they come in. */
const MOST_WAITING = 256;

export function createReaderPool(deps: ReaderPoolDeps): ReaderPool {
  const { logger, metrics, threads = THREADS, timeoutMs = TIMEOUT_MS, heapMb = HEAP_MB } = deps;
  const killed = metrics.counter('kenal_mail_reader_killed_total', 'Threads that were ended over one body', ['why']);
  const waiting = createFairQueue<Task>(MOST_WAITING);
  const onKilled = (why: string): void => killed.inc({ why });
  const seats = Array.from({ length: threads }, () =>
    createSeat({ logger, timeoutMs, heapMb, onKilled, onFree: next }),
  );
  /** One seat is left for the others: a flood of one source is never what they wait for. */
  const mostOfLane = Math.max(1, threads - 1);
  const may = (lane: string): boolean => seats.filter(({ task }) => task?.lane === lane).length < mostOfLane;
  const isFree = ({ task }: Seat): boolean => task === null;
  let closed = false;

  function next(): void {
    for (let seat = seats.find(isFree); seat !== undefined && !closed; seat = seats.find(isFree)) {
      const task = waiting.take(may);
      if (task === null) return;
      seat.read(task);
    }
  }

  return {
    read(reader, body, headers = {}, source) {
      if (closed) return Promise.reject(new KenalError('draining'));
      const { 'content-type': contentType = '' } = headers;
      const lane = source === undefined ? '' : `${source.workspace}/${source.id}`;
      return new Promise((resolve, reject) => {
        // The thread gives what its reader of this name gives
        const settle = (outcome: Outcome<unknown>): void => resolve(outcome as ReadBy<typeof reader>);
        const task: Task = { lane, reader, body, contentType, settle, fail: reject };
        if (waiting.add(lane, task)) next();
        else reject(new KenalError('overloaded'));
      });
    },
    async close() {
      closed = true;
      for (const { fail } of waiting.clear()) fail(new KenalError('draining'));
      await Promise.all(seats.map((seat) => seat.close()));
    },
  };
}
