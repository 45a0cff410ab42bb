import type { Job as BullJob, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { StoredData } from './job.ts';
import type { RunScript } from './scripts.ts';

type OurQueue = Queue<StoredData>;
type OurJob = BullJob<StoredData>;

/** Counts the jobs that wait or run under each limit that has a `most`. */
export function createLiving(connection: Redis, run: RunScript) {
  const keysOf = (queue: OurQueue): string => queue.toKey('gate:bounded');
  const idsOf = (queue: OurQueue, key: string): string => `${queue.toKey('gate:living')}:${key}`;
  return {
    count: (queue: OurQueue, key: string): Promise<number> => connection.scard(idsOf(queue, key)),
    async add(queue: OurQueue, jobs: readonly OurJob[]): Promise<void> {
      const counted = jobs.flatMap(({ id = '', data: { limit } }) =>
        limit?.most === undefined ? [] : [[id, limit.key]],
      );
      for (const [key, its] of Map.groupBy(counted, ([, key = '']) => key)) {
        await connection.sadd(keysOf(queue), key);
        await connection.sadd(idsOf(queue, key), ...its.map(([id = '']) => id));
      }
    },
    async remove(queue: OurQueue, { id = '', data: { limit } }: OurJob): Promise<void> {
      if (limit?.most !== undefined) await connection.srem(idsOf(queue, limit.key), id);
    },
    /** Take out who is over or gone. */
    async mend(queue: OurQueue): Promise<void> {
      for (const key of await connection.smembers(keysOf(queue)))
        await run('MEND_LIVING', queue.toKey(''), idsOf(queue, key));
    },
  };
}
