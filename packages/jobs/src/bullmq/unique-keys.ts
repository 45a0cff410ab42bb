import type { Job as BullJob, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { KEPT } from '../rules.ts';
import type { StoredData } from './job.ts';

/** What is known of a unique key when its job is over: BullMQ knows the job of a key as long as it lives. */
export function createUniqueKeys(connection: Redis) {
  const wordOf = (queue: Queue<StoredData>, what: 'last' | 'dead', key: string): string =>
    `${queue.toKey(what)}:${key}`;
  return {
    async note(queue: Queue<StoredData>, key: string, id: string): Promise<void> {
      await connection.set(wordOf(queue, 'last', key), id, 'PX', KEPT.ms);
    },
    /** @returns the id of the job that lives, else of the last one */
    async last(queue: Queue<StoredData>, key: string): Promise<string | null> {
      return (await queue.getDeduplicationJobId(key)) ?? (await connection.get(wordOf(queue, 'last', key)));
    },
    /** A job is about to end, dead or else well: of its key it is the last word. */
    async forgetDead(queue: Queue<StoredData>, job: BullJob<StoredData>, isDead: boolean): Promise<void> {
      const key = job.opts.deduplication?.id;
      if (key === undefined) return;
      const word = wordOf(queue, 'dead', key);
      const before = isDead
        ? await connection.set(word, job.id ?? '', 'PX', KEPT.ms, 'GET')
        : await connection.getdel(word);
      if (before !== null && before !== job.id) await queue.remove(before);
    },
  };
}
