import type { JobQueue } from '@kenal/contracts';

export interface WholeQueueDeps {
  readonly queue: Pick<JobQueue, 'find' | 'add'>;
  /** Put into the queue again what it has lost. */
  readonly recover: () => Promise<void>;
}

/** A job that nobody takes: where it is not there, the queue has lost its jobs, or is new. */
const MARKER = 'webhook-marker';
const MARK = { uniqueKey: 'here' } as const;
const TEN_YEARS_MS = 315_360_000_000;
const SURE_MS = 1_000;

/**
 * A job is never the only record of a promise: Redis may be flushed, or come back without its last seconds. Until the
 * marker is there nothing new is put into the queue, so what is put into it again keeps its place before what is new.
 * @returns resolves when the queue is known to be whole
 */
export function createWholeQueue({ queue, recover }: WholeQueueDeps): () => Promise<void> {
  let checked = Number.NEGATIVE_INFINITY;
  let checking: Promise<void> | null = null;

  async function check(): Promise<void> {
    if ((await queue.find(MARKER, MARK)) === null) {
      await recover();
      await queue.add([{ name: MARKER, data: {}, ...MARK, delayMs: TEN_YEARS_MS }]);
    }
    checked = performance.now();
  }

  return function whole() {
    if (performance.now() - checked < SURE_MS) return Promise.resolve();
    checking ??= check().finally(() => {
      checking = null;
    });
    return checking;
  };
}
