import { randomUUID } from 'node:crypto';
import type { Job, JobWorker } from '@kenal/contracts';
import type { WarnLogger } from '@kenal/storage-kit';
import type { Leases } from './leases.ts';
import { type JobRow, toJob } from './row.ts';

/** How soon a job that another process added is seen. One that this process added is seen at once. */
const POLL_MS = 200;

export interface WorkerDeps {
  readonly leases: Leases;
  readonly leaseMs: number;
  readonly logger: WarnLogger;
}

export interface EmbeddedWorker extends JobWorker {
  /** Look for jobs now. */
  wake(): void;
}

/** Take jobs of one name, at most `concurrency` at once, until drained. */
export function startWorker(
  { leases, leaseMs, logger }: WorkerDeps,
  name: string,
  concurrency: number,
  handler: (job: Job) => Promise<void>,
): EmbeddedWorker {
  const token = randomUUID();
  const running = new Set<Promise<void>>();
  let draining = false;
  let timer: NodeJS.Timeout | undefined;
  const renewal = setInterval(() => guarded(() => leases.renew(token)), Math.max(1, Math.floor(leaseMs / 3)));

  /** SQLite may be busy for a moment: the next look tries again. */
  function guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (err) {
      logger.warn({ err, job: name }, 'job queue: the database did not take a statement');
      return undefined;
    }
  }

  async function run(row: JobRow): Promise<void> {
    try {
      await handler(toJob(row, 0));
      guarded(() => leases.succeed(row, token));
    } catch (error) {
      guarded(() => leases.fail(row, token, error));
    }
  }

  function look(): void {
    clearTimeout(timer);
    if (draining) return;
    const room = concurrency - running.size;
    const rows = room > 0 ? (guarded(() => leases.take(name, token, room)) ?? []) : [];
    for (const row of rows) {
      const job = run(row).finally(() => {
        running.delete(job);
        look();
      });
      running.add(job);
    }
    if (rows.length < room)
      timer = setTimeout(look, Math.min(POLL_MS, guarded(() => leases.untilNext(name)) ?? POLL_MS));
  }

  queueMicrotask(look);
  return {
    wake: look,
    async drain() {
      draining = true;
      clearTimeout(timer);
      await Promise.all(running);
      clearInterval(renewal);
    },
  };
}
