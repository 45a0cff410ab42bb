import type { Job, JobKey, JobSchedule, JobState, NewJob } from '@kenal/contracts';
import { JOB_STATES } from '@kenal/contracts';
import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { nextRun } from '../cron.ts';
import { type CompleteJob, complete, DEFAULT_ATTEMPTS, DEFAULT_BACKOFF_MS, KEPT } from '../rules.ts';
import type { Gate } from './gate.ts';
import { FAR_AT, type StoredData } from './job.ts';
import { findJob, listState } from './read-jobs.ts';
import { createUniqueKeys } from './unique-keys.ts';

const KEPT_OF_EACH = { count: KEPT.jobs, age: KEPT.ms / 1_000 };
const KEEP = { removeOnComplete: KEPT_OF_EACH, removeOnFail: KEPT_OF_EACH };

/** One BullMQ queue a job name, opened when first used. */
export function createQueues(connection: Redis, prefix: string, gate: Gate) {
  const queues = new Map<string, Queue<StoredData>>();
  const keys = createUniqueKeys(connection);
  const of = (name: string): Queue<StoredData> => {
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = new Queue<StoredData>(name, { connection, prefix });
      queue.on('error', () => {}); // the connection's own listener logs it
      queues.set(name, queue);
    }
    return queue;
  };
  /** Jobs of one name, in one write. Those of a group are held first, then lined up: a crash in between leaves no gap. */
  async function addOf(name: string, jobs: readonly CompleteJob[]): Promise<string[]> {
    const queue = of(name);
    const added = await queue.addBulk(jobs.map(toBull));
    await Promise.all(
      jobs.map(({ uniqueKey }, n) => (uniqueKey === null ? null : keys.note(queue, uniqueKey, added[n]?.id ?? ''))),
    );
    await gate.lineUp(queue, added);
    return added.map(({ id = '' }) => id);
  }

  return {
    of,
    forgetDead: keys.forgetDead,
    async add(jobs: readonly NewJob[]): Promise<string[]> {
      const whole = jobs.map(complete);
      const ids = new Map<CompleteJob, string>();
      for (const [name, its] of Map.groupBy(whole, (job) => job.name))
        for (const [n, id] of (await addOf(name, its)).entries()) ids.set(its[n]!, id);
      return whole.map((job) => ids.get(job) ?? '');
    },
    async schedule({ name, cron, timezone, data }: JobSchedule): Promise<void> {
      nextRun(cron, timezone, Date.now()); // refuses a wrong one before anything is changed
      const queue = of(name);
      const old = await queue.getJobScheduler(name);
      const stored: StoredData = { data, backoffMs: DEFAULT_BACKOFF_MS };
      // The same once more, at a service's start: a run that fell due meanwhile must stay.
      const same = old?.pattern === cron && old.tz === timezone;
      if (same && JSON.stringify(old.template?.data) === JSON.stringify(stored)) return;
      const opts = { ...KEEP, attempts: DEFAULT_ATTEMPTS, backoff: { type: 'list' } };
      await queue.upsertJobScheduler(name, { pattern: cron, tz: timezone }, { name, data: stored, opts });
    },
    async find(name: string, by: JobKey): Promise<Job | null> {
      const queue = of(name);
      const id = 'id' in by ? by.id : await keys.last(queue, by.uniqueKey);
      return id === null ? null : findJob(queue, connection, id);
    },
    async list(name: string, state: JobState | undefined, limit: number): Promise<Job[]> {
      const found: Job[] = [];
      for (const one of state === undefined ? JOB_STATES : [state]) {
        if (found.length >= limit) break;
        found.push(...(await listState(of(name), connection, one, limit - found.length)));
      }
      return found;
    },
    async retry(name: string, id: string): Promise<boolean> {
      const queue = of(name);
      const job = await queue.getJob(id);
      if (job === undefined || !(await job.isFailed())) return false;
      const key = job.opts.deduplication?.id;
      if (key !== undefined && (await queue.getDeduplicationJobId(key)) !== null) return false;
      await gate.join(queue, job);
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      // BullMQ does not take the key again for a job that lives again; it gives it back when the job ends.
      if (key !== undefined) await connection.set(`${queue.toKey('de')}:${key}`, id, 'NX');
      return true;
    },
    async close(): Promise<void> {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

export type Queues = ReturnType<typeof createQueues>;

function toBull({ name, data, uniqueKey, delayMs, attempts, backoffMs, group, limitKey, parallel }: CompleteJob) {
  const now = Date.now();
  const stored: StoredData = {
    ...{ data, backoffMs },
    ...(group === null ? {} : { group }),
    ...(limitKey === '' ? {} : { limit: { key: limitKey, parallel } }),
    ...(group === null || delayMs === 0 ? {} : { runAt: now + delayMs }),
  };
  const opts: JobsOptions = { ...KEEP, attempts, backoff: { type: 'list' } };
  opts.delay = group === null ? delayMs : FAR_AT - now;
  if (uniqueKey !== null) opts.deduplication = { id: uniqueKey };
  return { name, data: stored, opts };
}
