import type { Job, JobLimit, JobProgress, JobState, JsonObject } from '@kenal/contracts';
import type { Job as BullJob, JobType } from 'bullmq';

/** What we store as a BullMQ job's data: BullMQ has no place for a list of waits, for groups and for limits. */
export interface StoredData {
  readonly data: JsonObject;
  readonly backoffMs: readonly number[];
  readonly group?: string;
  readonly limit?: JobLimit;
  /** Of a job of a group: when it may run at the earliest, milliseconds since 1970; left out where that is at once. */
  readonly runAt?: number;
}

/** A job that others have to end for is delayed until then (May 2039): the latest that BullMQ's scores hold exactly. */
export const FAR_AT = 2_190_000_000_000;
/** BullMQ sorts delayed jobs by milliseconds × 4096 + a running number. */
export const SCORE_PER_MILLI = 0x1000;
export const FAR_SCORE = FAR_AT * SCORE_PER_MILLI;

/** Our states and BullMQ's names for them. A held job is one of BullMQ's delayed ones, and waits. */
export const BULL_STATES: Readonly<Record<JobState, JobType>> = {
  waiting: 'waiting',
  delayed: 'delayed',
  active: 'active',
  done: 'completed',
  dead: 'failed',
};

export function isGated({ group, limit }: StoredData): boolean {
  return group !== undefined || limit !== undefined;
}

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
    group: job.data.group ?? null,
    progress: typeof job.progress === 'object' ? (job.progress as JobProgress) : null, // 0 where nothing was said
  };
}
