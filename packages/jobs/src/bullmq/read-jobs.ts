import { JOB_STATES, type Job, type JobState } from '@kenal/contracts';
import type { Job as BullJob, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { BULL_STATES, FAR_SCORE, SCORE_PER_MILLI, type StoredData, toJob } from './job.ts';

type OurJob = BullJob<StoredData>;

const addedFor = ({ timestamp, delay, data }: OurJob): number => data.runAt ?? timestamp + delay;
const heldFor = ({ timestamp, data }: OurJob): number => data.runAt ?? timestamp;

/** Jobs of a state, oldest first, some at a time: whoever reads on may miss one that others move meanwhile. */
export async function* pagesOf(
  queue: Queue<StoredData>,
  connection: Redis,
  state: JobState,
  size: number,
): AsyncGenerator<readonly Job[]> {
  if (state === 'delayed') return yield* delayedPages(queue, connection, [0, `(${FAR_SCORE}`], size, delayed);
  for (let from = 0, isMore = true; isMore; from += size) {
    const jobs = await queue.getJobs([BULL_STATES[state]], from, from + size - 1, true);
    isMore = jobs.length === size;
    yield there(jobs).map((job) => toJob(job, state, addedFor(job)));
  }
  if (state === 'waiting') yield* delayedPages(queue, connection, [FAR_SCORE, '+inf'], size, held);
}

const delayed = (job: OurJob, score: number): Job => toJob(job, 'delayed', Math.floor(score / SCORE_PER_MILLI));
const held = (job: OurJob): Job => toJob(job, 'waiting', heldFor(job));

/** Those between two scores of BullMQ's delayed ones. */
async function* delayedPages(
  queue: Queue<StoredData>,
  connection: Redis,
  [from, to]: readonly [number, string],
  size: number,
  present: (job: OurJob, score: number) => Job,
): AsyncGenerator<readonly Job[]> {
  for (let skipped = 0, isMore = true; isMore; skipped += size) {
    const range = [from, to, 'WITHSCORES', 'LIMIT', skipped, size] as const;
    const pairs = await connection.zrangebyscore(queue.toKey('delayed'), ...range);
    const scores = new Map(pairs.flatMap((id, n) => (n % 2 === 0 ? [[id, Number(pairs[n + 1])] as const] : [])));
    isMore = scores.size === size;
    const jobs = there(await Promise.all([...scores.keys()].map((id) => queue.getJob(id))));
    yield jobs.map((job) => present(job, scores.get(job.id ?? '') ?? 0));
  }
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
