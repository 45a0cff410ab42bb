import type { Job, JobProgress, JsonObject } from '@kenal/contracts';

/** A row of table `job` as far as it is read. */
export interface JobRow {
  readonly id: number;
  readonly name: string;
  readonly data: string;
  readonly unique_key: string | null;
  readonly state: 'queued' | 'active' | 'done' | 'dead';
  readonly attempt: number;
  readonly attempts: number;
  readonly backoff_ms: string;
  readonly run_at: number;
  readonly last_error: string | null;
  readonly scheduled: number;
  readonly job_group: string | null;
  readonly behind: number;
  readonly limit_key: string;
  readonly parallel: number;
  readonly progress: string | null;
}

export function toJob(row: JobRow, now: number): Job {
  const queued = row.run_at > now && row.behind === 0 ? 'delayed' : 'waiting';
  return {
    id: String(row.id),
    name: row.name,
    data: JSON.parse(row.data) as JsonObject,
    state: row.state === 'queued' ? queued : row.state,
    attempt: row.attempt,
    attempts: row.attempts,
    runAt: row.run_at,
    lastError: row.last_error,
    group: row.job_group,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as JobProgress),
  };
}
