import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { StoredData } from './job.ts';

/** One BullMQ queue a job name, opened when first used. */
export function createOpenQueues(connection: Redis, prefix: string) {
  const queues = new Map<string, Queue<StoredData>>();
  const noted = new Set<string>();
  const namesKey = `${prefix}:names`;
  return {
    of(name: string): Queue<StoredData> {
      const known = queues.get(name);
      if (known !== undefined) return known;
      const queue = new Queue<StoredData>(name, { connection, prefix });
      queue.on('error', () => {}); // the connection's own listener logs it
      queues.set(name, queue);
      return queue;
    },
    /** Before it has a job: `names` knows of it, in every process. */
    async note(name: string): Promise<void> {
      if (noted.has(name)) return;
      await connection.sadd(namesKey, name);
      noted.add(name);
    },
    /** All that ever had a job. */
    names: async (): Promise<string[]> => (await connection.smembers(namesKey)).sort(),
    async close(): Promise<void> {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
