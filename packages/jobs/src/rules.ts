import type { JobLimit, JobProgress, JobSchedule, NewJob } from '@kenal/contracts';
import { isKenalError, KenalError } from '@kenal/errors';
import { nextRun } from './cron.ts';

export const DEFAULT_ATTEMPTS = 5;
export const DEFAULT_BACKOFF_MS: readonly number[] = [1_000, 5_000, 30_000, 300_000];
/** How long a job of a worker that died stays with it. A living one renews. */
export const DEFAULT_LEASE_MS = 30_000;
/** What is kept of a name for the eye: so many finished jobs and as many dead ones, each for so long. */
export const KEPT = { jobs: 1_000, ms: 30 * 86_400_000 };
/** Last error of a job that no process was left to fail. */
export const DIED = 'the process that ran the last attempt died';

const NAME = /^[a-z0-9-]+$/;

/** @throws TypeError a bug of the caller */
export function checkName(name: string): void {
  if (!NAME.test(name)) throw new TypeError(`a job name is made of a-z, 0-9 and -, not "${name}"`);
}

/** Before anything is changed. @throws KenalError `bad_config`; TypeError a bug of the caller */
export function checkSchedules(beginning: string, schedules: readonly JobSchedule[]): void {
  for (const { name, cron, timezone } of schedules) {
    checkName(name);
    if (!name.startsWith(beginning)) throw new TypeError(`the schedule ${name} does not begin with ${beginning}`);
    nextRun(cron, timezone, 0);
  }
}

/** A job with every default filled in. */
export interface CompleteJob extends Required<Omit<NewJob, 'uniqueKey' | 'group' | 'limit'>> {
  readonly uniqueKey: string | null;
  readonly group: string | null;
  /** '' where nothing limits it. */
  readonly limitKey: string;
  /** Of the limit; 0 where nothing limits it. */
  readonly parallel: number;
  /** Of the limit; null where any number may wait. */
  readonly most: number | null;
}

/** @throws TypeError for a wrong name, attempts below 1 and a limit below 1 */
export function complete(job: NewJob): CompleteJob {
  checkName(job.name);
  const limit: JobLimit = job.limit ?? { key: '', parallel: 0 };
  if (job.limit !== undefined && (limit.key === '' || !(limit.parallel >= 1)))
    throw new TypeError('a limit has a key and lets at least one job run');
  const attempts = job.attempts ?? DEFAULT_ATTEMPTS;
  if (!Number.isInteger(attempts) || attempts < 1) throw new TypeError('a job needs at least one attempt');
  return {
    name: job.name,
    data: job.data,
    uniqueKey: job.uniqueKey ?? null,
    delayMs: Math.max(0, job.delayMs ?? 0),
    attempts,
    backoffMs: job.backoffMs ?? DEFAULT_BACKOFF_MS,
    group: job.group ?? null,
    limitKey: limit.key,
    parallel: limit.parallel,
    most: limit.most ?? null,
  };
}

/** What `ReportProgress` was told, as it is kept. */
export function progressOf(done: number, total: number | null, note = ''): JobProgress {
  return { done, total, note };
}

/**
 * Milliseconds to wait after attempt number `attempt` failed: that entry of the list, the last one from there on; longer
 * where the error says so.
 */
export function waitAfter(attempt: number, backoffMs: readonly number[], error: unknown): number {
  const { waitMs = 0 } = (error ?? {}) as { readonly waitMs?: number };
  return Math.max(waitMs, backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? 0);
}

/** Whether trying again is pointless: the attempts are used up, or the error says so itself. */
export function isFinal(error: unknown, attempt: number, attempts: number): boolean {
  return attempt >= attempts || (isKenalError(error) && !error.retryable);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Limits of a list that have a `most`, each once. */
export function boundsOf(jobs: readonly CompleteJob[]): ReadonlyMap<string, number> {
  return new Map(jobs.flatMap(({ limitKey, most }) => (most === null ? [] : [[limitKey, most] as const])));
}

/** @throws KenalError `overloaded` */
export function refuseMore(key: string, waiting: number, most: number): void {
  if (waiting >= most) throw new KenalError('overloaded', `${waiting} jobs of ${key} wait or run already`);
}
