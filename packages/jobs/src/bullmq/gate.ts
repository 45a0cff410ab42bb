import { Job as BullJob, type Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ScriptName } from './gate-scripts.ts';
import { FAR_AT, FAR_SCORE, isGated, type StoredData } from './job.ts';
import { createLiving } from './living.ts';
import { createMend } from './mend.ts';
import { createScripts } from './scripts.ts';

/** What a job that a worker took has to do: run, or be held until others of its group, or under its limit, are over. */
export type Entrance = 'run' | 'behind' | 'full';

type OurQueue = Queue<StoredData>;
type OurJob = BullJob<StoredData>;

/**
 * Groups and limits over BullMQ, which has none. A job that may not run yet is *held*: delayed until {@link FAR_AT}. Redis
 * keeps the order of each group and who has a place under each limit (`gate-scripts.ts`); who may run is let go. A process
 * that dies between a decision and its deed leaves a job held that may run: `mend` finds it.
 */
export function createGate(connection: Redis, leaseMs: number) {
  const run = createScripts(connection);
  const living = createLiving(connection, run);

  /** @param found id, when it may run (0: at once), and so on */
  async function letGo(queue: OurQueue, found: unknown): Promise<void> {
    const pairs = found as string[];
    const jobs = pairs.flatMap((id, n) => (n % 2 === 0 ? [[id, Number(pairs[n + 1])] as const] : []));
    await Promise.all(
      jobs.map(async ([id, at]) => {
        const job = new BullJob(queue, queue.name, {}, {}, id);
        const wait = at - Date.now();
        try {
          await (wait > 0 ? job.changeDelay(wait) : job.promote());
        } catch (error) {
          // Somebody else was first, or it is about to be held: then its holder looks again
          if (!(error instanceof Error && /not in|Missing/i.test(error.message))) throw error;
        }
      }),
    );
  }

  const ask = async (queue: OurQueue, name: ScriptName, ...given: (string | number)[]): Promise<void> =>
    letGo(queue, await run(name, queue.toKey(''), ...given));

  const until = (): [number, number] => [Date.now(), Date.now() + leaseMs];
  const limitOf = ({ limit }: StoredData): [string, number] => [limit?.key ?? '', limit?.parallel ?? 0];

  async function lineUp(queue: OurQueue, jobs: readonly OurJob[]): Promise<void> {
    await living.add(queue, jobs);
    const of = ({ id = '', data }: OurJob) => [id, data.group ?? '', data.runAt ?? 0, ...limitOf(data)];
    const grouped = jobs.filter(({ data }) => data.group !== undefined);
    if (grouped.length > 0) await ask(queue, 'LINE_UP', FAR_SCORE, ...until(), ...grouped.flatMap(of));
  }

  const mend = createMend({ connection, run, leaseMs, letGo, lineUp });

  return {
    lineUp,
    /** Jobs under a limit with a `most` that wait or run. */
    living: living.count,
    /** A dead job that is to live again. */
    async join(queue: OurQueue, job: OurJob): Promise<void> {
      const { id = '', data } = job;
      await living.add(queue, [job]);
      if (data.group !== undefined) await run('JOIN', queue.toKey(''), id, data.group);
    },
    async enter(queue: OurQueue, { id = '', data }: OurJob): Promise<Entrance> {
      if (!isGated(data)) return 'run';
      const given = [id, data.group ?? '', ...limitOf(data), ...until()];
      return (await run('ENTER', queue.toKey(''), ...given)) as Entrance;
    },
    /** Hold a job that a worker has in hand. */
    async hold(queue: OurQueue, job: OurJob, token: string, why: Entrance): Promise<void> {
      await job.moveToDelayed(FAR_AT, token);
      if (why === 'behind') await lineUp(queue, [job]);
      else await ask(queue, 'PARK', job.id ?? '', ...limitOf(job.data), ...until());
    },
    /** An attempt has ended, in BullMQ too; `isOver` where it was the last. */
    async leave(queue: OurQueue, job: OurJob, isOver: boolean): Promise<void> {
      const { id = '', data } = job;
      if (isOver) await living.remove(queue, job);
      if (!isGated(data)) return;
      await ask(queue, 'LEAVE', id, data.group ?? '', ...limitOf(data), ...until(), isOver ? 1 : 0);
    },
    /** Keep the places of jobs that are in hand. */
    async renew(queue: OurQueue, jobs: Iterable<OurJob>): Promise<void> {
      for (const { id = '', data } of jobs)
        if (data.limit !== undefined)
          await connection.zadd(`${queue.toKey('gate')}:slots:${data.limit.key}`, 'XX', Date.now() + leaseMs, id);
    },
    async mend(queue: OurQueue): Promise<void> {
      await mend(queue);
      await living.mend(queue);
    },
  };
}

export type Gate = ReturnType<typeof createGate>;
