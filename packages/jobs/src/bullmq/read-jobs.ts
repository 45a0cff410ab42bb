import { JOB_STATES, type Job, type JobState } from '@kenal/contracts';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { BULL_STATES, type StoredData, toJob } from './job.ts';

/** BullMQ sorts delayed jobs by milliseconds × 4096 + a running number. */
const SCORE_PER_MILLI = 0x1000;

export async function listState(
  queue: Queue<StoredData>,
  connection: Redis,
  state: JobState,
  limit: number,
): Promise<Job[]> {
  const jobs = await queue.getJobs([BULL_STATES[state]], 0, limit - 1, true);
  const there = jobs.filter((job) => job !== undefined && job !== null); // one may end between two commands
  if (state !== 'delayed' || there.length === 0)
    return there.map((job) => toJob(job, state, job.timestamp + job.delay));
  const scores = await connection.zmscore(queue.toKey('delayed'), ...there.map((job) => job.id ?? ''));
  return there.map((job, n) => toJob(job, state, Math.floor(Number(scores[n] ?? 0) / SCORE_PER_MILLI)));
}

export async function findJob(queue: Queue<StoredData>, connection: Redis, id: string): Promise<Job | null> {
  const before = await queue.getJob(id);
  const said = await before?.getState();
  const state = JOB_STATES.find((each) => BULL_STATES[each] === said);
  if (before === undefined || state === undefined) return null;
  // It may have ended in between: then it says why only now
  const isOld = before.finishedOn === undefined && (state === 'done' || state === 'dead');
  const job = (isOld && (await queue.getJob(id))) || before;
  if (state !== 'delayed') return toJob(job, state, job.timestamp + job.delay);
  const score = await connection.zscore(queue.toKey('delayed'), id);
  return toJob(job, state, Math.floor(Number(score ?? 0) / SCORE_PER_MILLI));
}
