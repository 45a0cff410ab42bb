import { type Outcome, refused } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import type { Logger } from '@kenal/service-kit';
import { launchReader, type ReaderThread } from './reader-thread.ts';
import type { ReaderJob } from './worker.ts';

/** A body that somebody waits for. */
export interface Task extends Omit<ReaderJob, 'id'> {
  /** Whose it is. */
  readonly lane: string;
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly fail: (error: KenalError) => void;
}

/** One thread after the other, each of which reads one body at a time. */
export interface Seat {
  /** What is being read; null: free. */
  readonly task: Task | null;
  /** Only where it is free. */
  read(task: Task): void;
  close(): Promise<void>;
}

export interface SeatDeps {
  readonly logger: Logger;
  readonly timeoutMs: number;
  readonly heapMb: number;
  /** A thread was ended over a body. */
  readonly onKilled: (why: string) => void;
  readonly onFree: () => void;
}

export function createSeat({ logger, timeoutMs, heapMb, onKilled, onFree }: SeatDeps): Seat {
  let thread: ReaderThread | null = null;
  let isReady = false;
  let task: Task | null = null;
  let timer: NodeJS.Timeout | undefined;
  let id = 0;

  function launch(): ReaderThread {
    return launchReader(heapMb, {
      onReady() {
        isReady = true;
        if (task !== null) begin(task);
      },
      onAnswer(answered, outcome) {
        if (answered === id) finish(({ settle }) => settle(outcome));
      },
      onGone(why, error) {
        if (why === 'crash') logger.error({ err: error }, 'a thread that reads mail failed');
        replace(why, why === 'memory' ? `takes more than ${heapMb} MB to read` : 'cannot be read');
      },
    });
  }

  /** Its time counts from here: a thread that starts is not the fault of a body. */
  function begin({ reader, body, contentType }: Task): void {
    timer = setTimeout(onLate, timeoutMs);
    thread?.send({ id: ++id, reader, body, contentType });
  }

  function onLate(): void {
    void thread?.end();
    replace('time', `takes longer than ${timeoutMs / 1_000} s to read`);
  }

  /** The thread is gone, the body becomes a fault, and the next one gets a new thread. */
  function replace(why: string, what: string): void {
    onKilled(why);
    const hadBegun = isReady;
    thread = null;
    isReady = false;
    // One that did not even begin would not the next time either: whoever waits is told
    if (hadBegun) finish(({ settle }) => settle(refused('bad_body', '$', what)));
    else finish(({ fail }) => fail(new KenalError('unavailable', 'no thread can be started that reads mail')));
  }

  function finish(tell: (done: Task) => void): void {
    clearTimeout(timer);
    const done = task;
    task = null;
    if (done !== null) tell(done);
    onFree();
  }

  return {
    get task() {
      return task;
    },
    read(next) {
      task = next;
      thread ??= launch();
      if (isReady) begin(next);
    },
    async close() {
      clearTimeout(timer);
      task?.fail(new KenalError('draining'));
      task = null;
      await thread?.end();
    },
  };
}
