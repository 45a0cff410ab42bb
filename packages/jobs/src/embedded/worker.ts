import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobHandler, JobWorker } from '@kenal/contracts';
import type { WarnLogger } from '@kenal/storage-kit';
import { progressOf } from '../rules.ts';
import type { Leases, Outcome } from './leases.ts';
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
  handler: JobHandler,
): EmbeddedWorker {
  const token = randomUUID();
  const running = new Set<Promise<void>>();
  let outcomes: readonly Outcome[] = [];
  let draining = false;
  let drained = false;
  let looking = false;
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

  async function run(row: JobRow): Promise<Outcome> {
    try {
      await handler(toJob(row, 0), async (done, total, note) => {
        guarded(() => leases.progress(row.id, token, progressOf(done, total, note)));
      });
      return { row, ok: true };
    } catch (error) {
      return { row, ok: false, error };
    }
  }

  function begin(row: JobRow): void {
    const job = run(row).then((outcome) => {
      running.delete(job);
      outcomes = [...outcomes, outcome];
      look();
    });
    running.add(job);
  }

  function turn(): void {
    if (drained) return;
    looking = false;
    clearTimeout(timer);
    const room = draining ? 0 : concurrency - running.size;
    const took = guarded(() => leases.turn(name, token, outcomes, room));
    if (took !== undefined) outcomes = [];
    for (const row of took?.rows ?? []) begin(row);
    const hasMore = took !== undefined && took.rows.length === room;
    if (!hasMore) timer = setTimeout(look, Math.min(POLL_MS, took?.waitMs ?? POLL_MS));
  }

  /** At the end of this turn of the loop: jobs that end together are written down together. */
  function look(): void {
    if (looking || (draining && outcomes.length === 0)) return;
    looking = true;
    setImmediate(turn);
  }

  look();
  return {
    wake: look,
    async drain() {
      draining = true;
      await Promise.all(running);
      turn();
      // A lease that has run out is no more ours to end
      for (const end = Date.now() + leaseMs; outcomes.length > 0 && Date.now() < end; turn()) await sleep(POLL_MS);
      drained = true;
      clearTimeout(timer);
      clearInterval(renewal);
    },
  };
}
