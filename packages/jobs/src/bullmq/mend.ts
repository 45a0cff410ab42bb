import type { Job as BullJob, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { FAR_SCORE, type StoredData } from './job.ts';
import type { RunScript } from './scripts.ts';

type OurQueue = Queue<StoredData>;

export interface MendDeps {
  readonly connection: Redis;
  readonly run: RunScript;
  readonly leaseMs: number;
  readonly letGo: (queue: OurQueue, found: unknown) => Promise<void>;
  readonly lineUp: (queue: OurQueue, jobs: readonly BullJob<StoredData>[]) => Promise<void>;
}

const PAGE = 200;

/** Let go what may run and would not, because a process died between two steps. One process at a time does it. */
export function createMend({ connection, run, leaseMs, letGo, lineUp }: MendDeps) {
  const until = (): [number, number] => [Date.now(), Date.now() + leaseMs];

  async function mendGroups(queue: OurQueue): Promise<void> {
    const groups = connection.sscanStream(queue.toKey('gate:groups'), { count: PAGE });
    for await (const page of groups as AsyncIterable<string[]>)
      if (page.length > 0)
        await letGo(queue, await run('MEND_GROUPS', queue.toKey(''), FAR_SCORE, ...until(), ...page));
  }

  async function mendLost(queue: OurQueue): Promise<void> {
    for (let at = 0, size = PAGE; size === PAGE; at += PAGE) {
      const [count, ...ids] = (await run('FIND_LOST', queue.toKey(''), FAR_SCORE, at, PAGE)) as string[];
      size = Number(count);
      const jobs = await Promise.all(ids.map((id) => queue.getJob(id)));
      const lost = jobs.filter((job) => job !== undefined);
      await lineUp(queue, lost);
      const free = lost.filter(({ data }) => data.group === undefined).flatMap(({ id = '' }) => [id, '0']);
      await letGo(queue, free);
    }
  }

  return async function mend(queue: OurQueue): Promise<void> {
    if ((await connection.set(queue.toKey('gate:mending'), '1', 'PX', leaseMs, 'NX')) === null) return;
    await letGo(queue, await run('MEND_LIMITS', queue.toKey(''), ...until()));
    await mendGroups(queue);
    await mendLost(queue);
  };
}
