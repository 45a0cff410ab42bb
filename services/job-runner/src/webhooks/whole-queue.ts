import type { JobQueue } from '@kenal/contracts';

export interface WholeQueueDeps {
  readonly queue: Pick<JobQueue, 'find' | 'add'>;
  /** Put into the queue again what it has lost: all that it may have had, or what was put into it in the last minutes. */
  readonly recover: (what: 'all' | 'recent') => Promise<void>;
}

export interface WholeQueue {
  /** Resolves when the queue is known to be whole; rejects where that cannot be said now. */
  check(): Promise<void>;
  /** It did not answer: it may come back without what it was given last. */
  doubt(): void;
}

/** A job that nobody takes: where it is not there, the queue has lost its jobs, or is new. */
const MARKER = 'webhook-marker';
const MARK = { uniqueKey: 'here' } as const;
const TEN_YEARS_MS = 315_360_000_000;
const SURE_MS = 1_000;

/**
 * A job is never the only record of a promise: Redis may be flushed, or, after it was away, lack its last second. Until
 * that is mended nothing new is put into the queue, so what is put into it again keeps its place before what is new.
 */
export function createWholeQueue({ queue, recover }: WholeQueueDeps): WholeQueue {
  let checked = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | null = null;
  // Also at the start: it may have been away together with us
  let doubted = true;

  async function ask(): Promise<void> {
    const isThere = (await queue.find(MARKER, MARK)) !== null;
    const isDoubted = doubted;
    doubted = false; // it may be doubted again meanwhile
    if (!isThere) {
      await recover('all');
      await queue.add([{ name: MARKER, data: {}, ...MARK, delayMs: TEN_YEARS_MS }]);
    } else if (isDoubted) {
      await recover('recent');
    }
    checked = performance.now();
  }

  function doubt(): void {
    doubted = true;
  }

  return {
    check() {
      if (!doubted && performance.now() - checked < SURE_MS) return Promise.resolve();
      checking ??= ask()
        .catch((error: unknown) => {
          doubt();
          throw error;
        })
        .finally(() => {
          checking = null;
        });
      return checking;
    },
    doubt,
  };
}
