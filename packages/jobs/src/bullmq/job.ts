import type { Job, JobState, JsonObject } from '@kenal/contracts';
import type { Job as BullJob, JobType } from 'bullmq';

/** What we store as a BullMQ job's data: BullMQ has no place for a list of waits. */
export interface StoredData {
  readonly data: JsonObject;
  readonly backoffMs: readonly number[];
}

/** Our states and BullMQ's names for them. */
export const BULL_STATES: Readonly<Record<JobState, JobType>> = {
  waiting: 'waiting',
  delayed: 'delayed',
  active: 'active',
  done: 'completed',
  dead: 'failed',
};

/** @param runAt milliseconds since 1970 */
export function toJob(job: BullJob<StoredData>, state: JobState, runAt: number): Job {
  return {
    id: job.id ?? '',
    name: job.name,
    data: job.data.data,
    state,
    attempt: job.attemptsStarted,
    attempts: job.opts.attempts ?? 1,
    runAt,
    lastError: job.failedReason || null, // BullMQ keeps the reason of a failed attempt until one succeeds
  };
}
