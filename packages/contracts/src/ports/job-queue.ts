import type { JsonObject } from '../json.ts';

export const JOB_STATES = ['waiting', 'delayed', 'active', 'done', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Name of the job that links all records of a workspace; data `{workspace, retrain}`. */
export const LINK_JOB = 'link';

export interface NewJob {
  /** Kind of work; a worker takes one kind. `[a-z0-9-]+` */
  readonly name: string;
  readonly data: JsonObject;
  /** While a job of this name and key is waiting, delayed or active, adding it again changes nothing and gives that job's id. */
  readonly uniqueKey?: string;
  readonly delayMs?: number;
  /** Attempts in all before it is dead; default 5. */
  readonly attempts?: number;
  /** Wait before attempt n+1: the n-th entry, the last one from there on; default 1 s, 5 s, 30 s, 5 min. */
  readonly backoffMs?: readonly number[];
  /**
   * Jobs of one name and group run one at a time, in the order in which they were added, whatever the number of workers:
   * also while the first waits for its next attempt. The next begins when it is done or dead; other groups pass by.
   */
  readonly group?: string;
  /** Of one name and key no more than `parallel` run at once, whatever the number of workers; others pass by. */
  readonly limit?: JobLimit;
}

export interface JobLimit {
  readonly key: string;
  readonly parallel: number;
  /** So many may wait or run: as long as there are more, `add` rejects with `overloaded`, and takes none of the list. */
  readonly most?: number;
}

/** How far a job is, as its handler said last. */
export interface JobProgress {
  readonly done: number;
  /** Null where nobody knows. */
  readonly total: number | null;
  readonly note: string;
}

export type ReportProgress = (done: number, total: number | null, note?: string) => Promise<void>;

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly data: JsonObject;
  readonly state: JobState;
  /** Attempts begun. */
  readonly attempt: number;
  readonly attempts: number;
  /** Milliseconds since 1970; when it may run next, at the earliest. */
  readonly runAt: number;
  /** Message of the last failure, or null. */
  readonly lastError: string | null;
  readonly group: string | null;
  readonly progress: JobProgress | null;
}

/** @param progress keeps how far the job is, for `find` and `list`; it never rejects, for work goes on where it is not kept */
export type JobHandler = (job: Job, progress: ReportProgress) => Promise<void>;

export type JobKey = { readonly id: string } | { readonly uniqueKey: string };

export interface JobFilter {
  readonly name?: string | undefined;
  readonly workspace?: string | undefined;
  readonly state?: JobState | undefined;
  readonly limit: number;
}

export interface JobSchedule {
  readonly name: string;
  /** Cron expression of 5 or 6 fields. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  readonly data: JsonObject;
}

export interface JobWorker {
  /** Take no further job, wait for those in hand. */
  drain(): Promise<void>;
}

/**
 * Work that may wait. A job is never the only record of a promise (architecture.md): whoever adds one can derive it again.
 * Adapters: SQLite on one machine, BullMQ on many. At-least-once: a handler may see a job again after a crash.
 */
export interface JobQueue {
  /**
   * Those of one name are there together or not at all. Rejects with `overloaded` (retryable) where a limit has its `most`.
   * @returns their ids, in the order of `jobs`; durable when it resolves
   */
  add(jobs: readonly NewJob[]): Promise<readonly string[]>;
  /**
   * Add a job of its name whenever the cron expression of a schedule says so. Schedules whose names begin so are these and no
   * others: one of the same name is replaced, others are taken back with the run of theirs that waits.
   */
  schedule(beginning: string, schedules: readonly JobSchedule[]): Promise<void>;
  /**
   * A rejection makes the job wait for its next attempt (longer, where the error has a number `waitMs`), or dead after the last; a `KenalError` that is not retryable makes it
   * dead at once. Of a unique key the last dead one is kept, and none once one of that key has succeeded.
   */
  work(name: string, concurrency: number, handler: JobHandler): Promise<JobWorker>;
  /** By its id; or of a unique key the one that waits or runs, else the last. @returns null where it is kept no more */
  find(name: string, by: JobKey): Promise<Job | null>;
  /** Of one name, or of a workspace, or both; those of a workspace are those with `workspace` in their data. */
  list(filter: JobFilter): Promise<readonly Job[]>;
  /**
   * Make a dead job wait again with fresh attempts, of its group as the next; have one that waits for its next attempt make it
   * now. @returns false where there is no such job of that id
   */
  retry(name: string, id: string): Promise<boolean>;
  close(): Promise<void>;
}
