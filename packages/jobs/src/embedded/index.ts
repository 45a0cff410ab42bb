import { join } from 'node:path';
import type { JobQueue } from '@kenal/contracts';
import { silentLogger, type WarnLogger } from '@kenal/storage-kit';
import { openSqlite } from '@kenal/storage-kit/sqlite';
import { faults } from '../faults.ts';
import { checkName, checkSchedules, DEFAULT_LEASE_MS } from '../rules.ts';
import { createLeases } from './leases.ts';
import { SCHEMA, upgrade } from './schema.ts';
import { createStore } from './store.ts';
import { type EmbeddedWorker, startWorker } from './worker.ts';

export interface EmbeddedQueueOptions {
  /** Kenal's data directory; the file is `jobs/jobs.db` in it. */
  readonly dataDir: string;
  /** Milliseconds; default 30 s. */
  readonly leaseMs?: number | undefined;
  readonly logger?: WarnLogger | undefined;
}

// FULL: a job is on the disk when `add` resolves
const PRAGMAS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;';

const WITHOUT = 'jobs that waited are lost, and schedules are set again by the next start';

/**
 * Jobs in one SQLite file that several processes may have open.
 * Statements run on the calling thread; each touches a few rows by index, an added job costs one fsync.
 * @throws KenalError `unavailable` where the file cannot be opened
 */
export async function openEmbeddedQueue(options: EmbeddedQueueOptions): Promise<JobQueue> {
  const path = join(options.dataDir, 'jobs', 'jobs.db');
  const db = faults.attempt(() => openSqlite({ path, pragmas: PRAGMAS, tables: SCHEMA, without: WITHOUT }));
  faults.attempt(() => upgrade(db));
  const leaseMs = options.leaseMs ?? DEFAULT_LEASE_MS;
  const store = createStore(db);
  const leases = createLeases(db, store, leaseMs);
  const workers = new Map<EmbeddedWorker, string>();
  const wake = (name: string) => {
    for (const [worker, its] of workers) if (its === name) worker.wake();
  };
  return {
    async add(jobs) {
      const ids = faults.attempt(() => store.add(jobs));
      for (const name of new Set(jobs.map((job) => job.name))) wake(name);
      return ids;
    },
    async schedule(beginning, schedules) {
      checkSchedules(beginning, schedules);
      faults.attempt(() => store.schedule(beginning, schedules));
      for (const { name } of schedules) wake(name);
    },
    async work(name, concurrency, handler) {
      checkName(name);
      faults.attempt(() => leases.sweep(name));
      const worker = startWorker(
        { leases, leaseMs, logger: options.logger ?? silentLogger },
        name,
        concurrency,
        handler,
      );
      workers.set(worker, name);
      const drain = async () => {
        await worker.drain();
        workers.delete(worker);
      };
      return { drain };
    },
    find: async (name, by) => faults.attempt(() => store.find(name, by)),
    list: async (filter) => faults.attempt(() => store.list(filter)),
    async retry(name, id) {
      const revived = faults.attempt(() => store.retry(name, id));
      wake(name);
      return revived;
    },
    async close() {
      await Promise.all([...workers.keys()].map((worker) => worker.drain()));
      workers.clear();
      if (db.isOpen) db.close();
    },
  };
}
