import type { JobQueue, JobWorker } from '@kenal/contracts';
import { silentLogger, type WarnLogger } from '@kenal/storage-kit';
import { connectRedis, REDIS_DEADLINE_MS } from '@kenal/storage-kit/redis';
import { faults } from '../faults.ts';
import { checkName, checkSchedules, DEFAULT_LEASE_MS } from '../rules.ts';
import { createGate } from './gate.ts';
import { createQueues } from './queues.ts';
import { startWorker } from './worker.ts';

export interface BullQueueOptions {
  /** `redis://[user:password@]host:port[/db]` or `rediss://…`; Redis 6.2 or newer with `noeviction`. */
  readonly url: string;
  /** Milliseconds; default 30 s. */
  readonly leaseMs?: number | undefined;
  readonly logger?: WarnLogger | undefined;
}

/** All keys begin with it; the braces keep a queue's keys in one slot of a cluster. */
const PREFIX = '{kenal-jobs}';

/**
 * Jobs in BullMQ, shared by any number of processes.
 * @throws KenalError `unavailable` where Redis does not answer
 */
export async function openBullQueue(options: BullQueueOptions): Promise<JobQueue> {
  const logger = options.logger ?? silentLogger;
  const leaseMs = options.leaseMs ?? DEFAULT_LEASE_MS;
  const within = <T>(work: Promise<T>) => faults.within(work, REDIS_DEADLINE_MS);
  const to = { url: options.url, faults, logger };
  const connection = await connectRedis(to);
  const gate = createGate(connection, leaseMs);
  const queues = createQueues(connection, PREFIX, gate);
  // As BullMQ demands of workers: they wait for ever, callers get an error in seconds
  const forWorkers = await connectRedis({ ...to, isPatient: true });
  const workers = new Set<JobWorker>();
  return {
    add: (jobs) => within(queues.add(jobs)),
    async schedule(beginning, schedules) {
      checkSchedules(beginning, schedules);
      await within(queues.schedule(beginning, schedules));
    },
    async work(name, concurrency, handler) {
      checkName(name);
      const deps = { connection: forWorkers, prefix: PREFIX, leaseMs, logger, queues, gate };
      const worker = await within(startWorker(deps, name, concurrency, handler));
      workers.add(worker);
      const drain = async () => {
        await worker.drain();
        workers.delete(worker);
      };
      return { drain };
    },
    find: (name, by) => within(queues.find(name, by)),
    list: (filter) => within(queues.list(filter)),
    retry: (name, id) => within(queues.retry(name, id)),
    async close() {
      await Promise.all([...workers].map((worker) => worker.drain()));
      workers.clear();
      await queues.close();
      connection.disconnect();
      forWorkers.disconnect();
    },
  };
}
