import { JOB_STATES, type Job, type JobState } from '@kenal/contracts';
import type { Job as BullJob, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { BULL_STATES, FAR_SCORE, SCORE_PER_MILLI, type StoredData, toJob } from './job.ts';

type OurJob = BullJob<StoredData>;

const addedFor = ({ timestamp, delay, data }: OurJob): number => data.runAt ?? timestamp + delay;
const heldFor = ({ timestamp, data }: OurJob): number => data.runAt ?? timestamp;

export async function listState(
  queue: Queue<StoredData>,
  connection: Redis,
  state: JobState,
  limit: number,
): Promise<Job[]> {
  if (state === 'delayed') return listDelayed(queue, connection, limit);
  const jobs = there(await queue.getJobs([BULL_STATES[state]], 0, limit - 1, true));
  const found = jobs.map((job) => toJob(job, state, addedFor(job)));
  if (state !== 'waiting' || found.length >= limit) return found;
  const range = [FAR_SCORE, '+inf', 'LIMIT', 0, limit - found.length] as const;
  const held = await connection.zrangebyscore(queue.toKey('delayed'), ...range);
  const heldJobs = there(await Promise.all(held.map((id) => queue.getJob(id))));
  return [...found, ...heldJobs.map((job) => toJob(job, state, heldFor(job)))];
}

async function listDelayed(queue: Queue<StoredData>, connection: Redis, limit: number): Promise<Job[]> {
  const range = [0, `(${FAR_SCORE}`, 'WITHSCORES', 'LIMIT', 0, limit] as const;
  const pairs = await connection.zrangebyscore(queue.toKey('delayed'), ...range);
  const scores = new Map(pairs.flatMap((id, n) => (n % 2 === 0 ? [[id, Number(pairs[n + 1])] as const] : [])));
  const jobs = there(await Promise.all([...scores.keys()].map((id) => queue.getJob(id))));
  return jobs.map((job) => toJob(job, 'delayed', Math.floor((scores.get(job.id ?? '') ?? 0) / SCORE_PER_MILLI)));
}

/** One may end between two commands. */
function there(jobs: readonly (OurJob | undefined | null)[]): OurJob[] {
  return jobs.filter((job) => job !== undefined && job !== null);
}

export async function findJob(queue: Queue<StoredData>, connection: Redis, id: string): Promise<Job | null> {
  const before = await queue.getJob(id);
  const said = await before?.getState();
  const state = JOB_STATES.find((each) => BULL_STATES[each] === said);
  if (before === undefined || state === undefined) return null;
  // It may have ended in between: then it says why only now
  const isOld = before.finishedOn === undefined && (state === 'done' || state === 'dead');
  const job = (isOld && (await queue.getJob(id))) || before;
  if (state !== 'delayed') return toJob(job, state, addedFor(job));
  const score = Number((await connection.zscore(queue.toKey('delayed'), id)) ?? 0);
  if (score >= FAR_SCORE) return toJob(job, 'waiting', heldFor(job));
  return toJob(job, state, Math.floor(score / SCORE_PER_MILLI));
}
