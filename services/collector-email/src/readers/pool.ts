import { type Outcome, refused } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import type { Logger, Metrics } from '@kenal/service-kit';
import { launchReader, type ReaderThread } from './reader-thread.ts';
import type { ReadBy, ReaderName } from './readers.ts';
import type { ReaderJob } from './worker.ts';

/** Reads bodies in a thread of its own, one after the other; what takes too long or too much memory is ended with it. */
export interface ReaderPool {
  /**
   * Never rejects for what the body holds: that is a fault, `bad_body`.
   * @throws KenalError `overloaded` where too many wait, `draining`, `unavailable` where no thread starts
   */
  read<Name extends ReaderName>(reader: Name, body: Uint8Array, contentType?: string): Promise<ReadBy<Name>>;
  close(): Promise<void>;
}

export interface ReaderPoolDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Longest time for one body; default 2 s. */
  readonly timeoutMs?: number;
  /** Heap of the thread; default 256 MB. */
  readonly heapMb?: number;
}

const TIMEOUT_MS = 2_000;
const HEAP_MB = 256;
const MOST_WAITING = 256;

interface Task extends Omit<ReaderJob, 'id'> {
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly fail: (error: KenalError) => void;
}

/** What is being read. */
interface Reading {
  readonly task: Task;
  readonly id: number;
  readonly timer: NodeJS.Timeout;
}

export function createReaderPool(deps: ReaderPoolDeps): ReaderPool {
  const { logger, metrics, timeoutMs = TIMEOUT_MS, heapMb = HEAP_MB } = deps;
  const killed = metrics.counter('kenal_mail_reader_killed_total', 'Threads that were ended over one body', ['why']);
  const waiting: Task[] = [];
  let thread: ReaderThread | null = null;
  let isReady = false;
  let reading: Reading | null = null;
  let ids = 0;
  let closed = false;

  function launch(): ReaderThread {
    return launchReader(heapMb, {
      onReady() {
        isReady = true;
        next();
      },
      onAnswer(id, outcome) {
        if (reading?.id === id) finish(outcome);
        next();
      },
      onGone(why, error) {
        if (why === 'crash') logger.error({ err: error }, 'a thread that reads mail failed');
        replace(why, why === 'memory' ? `takes more than ${heapMb} MB to read` : 'cannot be read');
      },
    });
  }

  function finish(outcome: Outcome<unknown>): void {
    if (reading === null) return;
    clearTimeout(reading.timer);
    const { task } = reading;
    reading = null;
    task.settle(outcome);
  }

  /** The thread is gone, the body becomes a fault, and the next one gets a new thread. */
  function replace(why: string, what: string): void {
    killed.inc({ why });
    // One that did not even begin would not the next time either: whoever waits first is told
    if (!isReady) waiting.shift()?.fail(new KenalError('unavailable', 'no thread can be started that reads mail'));
    thread = null;
    isReady = false;
    finish(refused('bad_body', '$', what));
    next();
  }

  function next(): void {
    if (reading !== null || waiting.length === 0 || closed) return;
    thread ??= launch();
    if (!isReady) return;
    const task = waiting.shift()!;
    const { reader, body, contentType } = task;
    reading = { task, id: ++ids, timer: setTimeout(onLate, timeoutMs) };
    thread.send({ id: reading.id, reader, body, contentType });
  }

  function onLate(): void {
    void thread?.end();
    replace('time', `takes longer than ${timeoutMs / 1_000} s to read`);
  }

  return {
    read(reader, body, contentType = '') {
      if (closed) return Promise.reject(new KenalError('draining'));
      if (waiting.length >= MOST_WAITING) return Promise.reject(new KenalError('overloaded'));
      return new Promise((resolve, reject) => {
        // The thread gives what its reader of this name gives
        const settle = (outcome: Outcome<unknown>): void => resolve(outcome as ReadBy<typeof reader>);
        waiting.push({ reader, body, contentType, settle, fail: reject });
        next();
      });
    },
    async close() {
      closed = true;
      if (reading !== null) {
        clearTimeout(reading.timer);
        reading.task.fail(new KenalError('draining'));
      }
      for (const { fail } of waiting.splice(0)) fail(new KenalError('draining'));
      await thread?.end();
    },
  };
}
