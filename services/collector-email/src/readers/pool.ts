import { Worker } from 'node:worker_threads';
import { type Outcome, refused } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import type { Logger, Metrics } from '@kenal/service-kit';
import type { ReadBy, ReaderName } from './readers.ts';
import type { ReaderAnswer, ReaderJob } from './worker.ts';

/** Reads bodies in a thread of its own, one after the other; what takes too long or too much memory is ended with it. */
export interface ReaderPool {
  /**
   * Never rejects for what the body holds: that is a fault, `bad_body`.
   * @throws KenalError `overloaded` where too many wait, `draining`
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
const PROGRAM = new URL('./worker.ts', import.meta.url);

interface Task extends Omit<ReaderJob, 'id'> {
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly fail: (error: KenalError) => void;
}

export function createReaderPool(deps: ReaderPoolDeps): ReaderPool {
  const { logger, metrics, timeoutMs = TIMEOUT_MS, heapMb = HEAP_MB } = deps;
  const killed = metrics.counter('kenal_mail_reader_killed_total', 'Threads that were ended over one body', ['why']);
  const waiting: Task[] = [];
  let thread: Worker | null = null;
  let isReady = false;
  let current: { readonly task: Task; readonly id: number; readonly timer: NodeJS.Timeout } | null = null;
  let ids = 0;
  let closed = false;

  function launch(): Worker {
    const worker = new Worker(PROGRAM, { resourceLimits: { maxOldGenerationSizeMb: heapMb, stackSizeMb: 4 } });
    worker.unref();
    worker.on('message', (said: 'ready' | ReaderAnswer) => {
      if (worker !== thread) return;
      if (said === 'ready') isReady = true;
      else finish(said.id, said.outcome as Outcome<unknown>);
      next();
    });
    worker.on('error', (error) => {
      const why = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
      if (why === 'crash') logger.error({ err: error }, 'a mail could not be read');
      giveUp(worker, why, why === 'memory' ? `takes more than ${heapMb} MB to read` : 'cannot be read');
    });
    worker.on('exit', () => giveUp(worker, 'crash', 'cannot be read'));
    return worker;
  }

  function finish(id: number, outcome: Outcome<unknown>): void {
    if (current?.id !== id) return;
    clearTimeout(current.timer);
    const { task } = current;
    current = null;
    task.settle(outcome);
  }

  /** The thread goes, the body becomes a fault, and the next one gets a new thread. */
  function giveUp(worker: Worker, why: 'time' | 'memory' | 'crash', what: string): void {
    if (worker !== thread) return;
    thread = null;
    isReady = false;
    void worker.terminate();
    if (closed) return;
    killed.inc({ why });
    if (current !== null) finish(current.id, refused('bad_body', '$', what));
    next();
  }

  function next(): void {
    if (current !== null || waiting.length === 0 || closed) return;
    thread ??= launch();
    if (!isReady) return;
    const worker = thread;
    const task = waiting.shift()!;
    const id = ++ids;
    const late = `takes longer than ${timeoutMs / 1_000} s to read`;
    current = { task, id, timer: setTimeout(() => giveUp(worker, 'time', late), timeoutMs) };
    const { reader, contentType } = task;
    // Copied by the call: the caller keeps the body, in case it must be kept whole
    worker.postMessage({ id, reader, body: task.body, contentType } satisfies ReaderJob);
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
      const left = [...(current === null ? [] : [current.task]), ...waiting.splice(0)];
      if (current !== null) clearTimeout(current.timer);
      current = null;
      for (const { fail } of left) fail(new KenalError('draining'));
      const worker = thread;
      thread = null;
      await worker?.terminate();
    },
  };
}
