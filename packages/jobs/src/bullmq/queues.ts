import type { Job, JobFilter, JobKey, JobSchedule, NewJob } from '@kenal/contracts';
import { JOB_STATES } from '@kenal/contracts';
import type { Job as BullJob, JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import {
  boundsOf,
  type CompleteJob,
  complete,
  DEFAULT_ATTEMPTS,
  DEFAULT_BACKOFF_MS,
  KEPT,
  refuseMore,
} from '../rules.ts';
import type { Gate } from './gate.ts';
import { FAR_AT, type StoredData } from './job.ts';
import { createOpenQueues } from './open-queues.ts';
import { findJob, pagesOf } from './read-jobs.ts';
import { createUniqueKeys } from './unique-keys.ts';

const KEPT_OF_EACH = { count: KEPT.jobs, age: KEPT.ms / 1_000 };
const KEEP = { removeOnComplete: KEPT_OF_EACH, removeOnFail: KEPT_OF_EACH };

/** Jobs that are looked at in one call for those of a workspace: Redis has no index of them. */
const LOOKED_AT = 1_000;

/** Jobs in BullMQ: what people and services do with them. */
export function createQueues(connection: Redis, prefix: string, gate: Gate) {
  const { of, note, names, close } = createOpenQueues(connection, prefix);
  const keys = createUniqueKeys(connection);

  /** Jobs of one name, in one write. Those of a group are held first, then lined up: a crash in between leaves no gap. */
  async function addOf(name: string, jobs: readonly CompleteJob[]): Promise<string[]> {
    const queue = of(name);
    for (const [key, most] of boundsOf(jobs)) refuseMore(key, await gate.living(queue, key), most);
    await note(name);
    const added = await queue.addBulk(jobs.map(toBull));
    await Promise.all(
      jobs.map(({ uniqueKey }, n) => (uniqueKey === null ? null : keys.note(queue, uniqueKey, added[n]?.id ?? ''))),
    );
    await gate.lineUp(queue, added);
    return added.map(({ id = '' }) => id);
  }

  async function keep({ name, cron, timezone, data }: JobSchedule): Promise<void> {
    await note(name);
    const queue = of(name);
    const old = await queue.getJobScheduler(name);
    const stored: StoredData = { data, backoffMs: DEFAULT_BACKOFF_MS };
    // The same once more, at a service's start: a run that fell due meanwhile must stay.
    const same = old?.pattern === cron && old.tz === timezone;
    if (same && JSON.stringify(old.template?.data) === JSON.stringify(stored)) return;
    const opts = { ...KEEP, attempts: DEFAULT_ATTEMPTS, backoff: { type: 'list' } };
    await queue.upsertJobScheduler(name, { pattern: cron, tz: timezone }, { name, data: stored, opts });
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
    async schedule(beginning: string, schedules: readonly JobSchedule[]): Promise<void> {
      const kept = new Set(schedules.map(({ name }) => name));
      for (const name of await names()) if (name.startsWith(beginning) && !kept.has(name)) await takeBack(of(name));
      for (const schedule of schedules) await keep(schedule);
    },
    async find(name: string, by: JobKey): Promise<Job | null> {
      const queue = of(name);
      const id = 'id' in by ? by.id : await keys.last(queue, by.uniqueKey);
      return id === null ? null : findJob(queue, connection, id);
    },
    async list({ name, workspace, state, limit }: JobFilter): Promise<Job[]> {
      const asked = name === undefined ? await names() : [name];
      const isAsked = ({ data }: Job): boolean => workspace === undefined || data.workspace === workspace;
      const size = workspace === undefined ? Math.max(1, Math.min(limit, LOOKED_AT)) : LOOKED_AT;
      const found = new Map<string, Job>();
      for (const each of asked)
        for (const one of state === undefined ? JOB_STATES : [state])
          for await (const jobs of pagesOf(of(each), connection, one, size)) {
            // One that has moved on is seen as it was first
            for (const job of jobs.filter(isAsked)) {
              const key = `${job.name}/${job.id}`;
              if (!found.has(key)) found.set(key, job);
            }
            if (found.size >= limit) return [...found.values()].slice(0, limit);
          }
      return [...found.values()];
    },
    async retry(name: string, id: string): Promise<boolean> {
      const queue = of(name);
      const job = await queue.getJob(id);
      if (job === undefined) return false;
      const found = await findJob(queue, connection, id);
      if (found?.state === 'delayed' && found.attempt > 0) return hasten(job);
      if (found?.state !== 'dead') return false;
      const key = job.opts.deduplication?.id;
      if (key !== undefined && (await queue.getDeduplicationJobId(key)) !== null) return false;
      await gate.join(queue, job);
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      // BullMQ does not take the key again for a job that lives again; it gives it back when the job ends.
      if (key !== undefined) await connection.set(`${queue.toKey('de')}:${key}`, id, 'NX');
      return true;
    },
    close,
  };
}

export type Queues = ReturnType<typeof createQueues>;

/** Make the next attempt now. @returns false where it has begun by itself */
async function hasten(job: BullJob): Promise<boolean> {
  try {
    await job.promote();
    return true;
  } catch (error) {
    if (error instanceof Error && /not in|Missing/i.test(error.message)) return false;
    throw error;
  }
}

/** Its name is that of the schedule. A run that is due is no more the scheduler's. */
async function takeBack(queue: Queue): Promise<void> {
  if (await queue.removeJobScheduler(queue.name)) await queue.drain(true);
}

function toBull({ name, data, uniqueKey, delayMs, attempts, backoffMs, group, limitKey, parallel, most }: CompleteJob) {
  const now = Date.now();
  const stored: StoredData = {
    ...{ data, backoffMs },
    ...(group === null ? {} : { group }),
    ...(limitKey === '' ? {} : { limit: { key: limitKey, parallel, ...(most === null ? {} : { most }) } }),
    ...(group === null || delayMs === 0 ? {} : { runAt: now + delayMs }),
  };
  const opts: JobsOptions = { ...KEEP, attempts, backoff: { type: 'list' } };
  opts.delay = group === null ? delayMs : FAR_AT - now;
  if (uniqueKey !== null) opts.deduplication = { id: uniqueKey };
  return { name, data: stored, opts };
}
