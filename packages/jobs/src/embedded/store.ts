import type { DatabaseSync } from 'node:sqlite';
import type { Job, JobFilter, JobKey, NewJob } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import { boundsOf, type CompleteJob, complete, refuseMore } from '../rules.ts';
import { listJobs } from './list-jobs.ts';
import { type JobRow, toJob } from './row.ts';
import { createSchedules } from './schedules.ts';

/** What people and services do with jobs; what workers do is in `leases.ts`. */
export function createStore(db: DatabaseSync) {
  const insertNew = db.prepare(`INSERT INTO job (name, data, unique_key, state, attempts, backoff_ms, run_at, job_group,
    behind, limit_key, parallel) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`);
  const inGroup = db.prepare(
    `SELECT 1 FROM job WHERE name = ? AND job_group = ? AND state IN ('queued', 'active') LIMIT 1`,
  );
  const living = db.prepare(
    `SELECT COUNT(*) AS jobs FROM job WHERE name = ? AND limit_key = ? AND limit_key <> '' AND state IN ('queued', 'active')`,
  );
  const twin = db.prepare(
    `SELECT id FROM job WHERE name = ? AND unique_key = ? AND state IN ('queued', 'active') LIMIT 1`,
  );
  const byId = db.prepare('SELECT * FROM job WHERE name = ? AND id = ?');
  const byKey = db.prepare(`SELECT * FROM job WHERE name = ? AND unique_key = ?
    ORDER BY state IN ('queued', 'active') DESC, id DESC LIMIT 1`);
  const hasten = db.prepare('UPDATE job SET run_at = ? WHERE id = ?');
  const revive = db.prepare(`UPDATE job SET state = 'queued', attempt = 0, run_at = ?, behind = ? WHERE id = ?`);
  const liveTwin = (name: string, key: string | null): number | undefined =>
    key === null ? undefined : (twin.get(name, key) as { id: number } | undefined)?.id;

  const isBehind = (name: string, group: string | null): number =>
    group !== null && inGroup.get(name, group) !== undefined ? 1 : 0;

  const livingOf = (name: string, key: string): number => (living.get(name, key) as { jobs: number }).jobs;

  function addOne(job: CompleteJob): string {
    const { name, data, uniqueKey, delayMs, attempts, backoffMs, group, limitKey, parallel } = job;
    const there = liveTwin(name, uniqueKey);
    if (there !== undefined) return String(there);
    const what = [name, JSON.stringify(data), uniqueKey, attempts, JSON.stringify(backoffMs)] as const;
    const place = [Date.now() + delayMs, group, isBehind(name, group), limitKey, parallel] as const;
    return String(insertNew.run(...what, ...place).lastInsertRowid);
  }

  return {
    ...createSchedules(db),
    add(jobs: readonly NewJob[]): string[] {
      const whole = jobs.map(complete);
      return transaction(db, 'IMMEDIATE', () => {
        for (const [name, its] of Map.groupBy(whole, (job) => job.name))
          for (const [key, most] of boundsOf(its)) refuseMore(key, livingOf(name, key), most);
        return whole.map(addOne);
      });
    },
    find(name: string, by: JobKey): Job | null {
      const row = 'id' in by ? byId.get(name, by.id) : byKey.get(name, by.uniqueKey);
      return row === undefined ? null : toJob(row as unknown as JobRow, Date.now());
    },
    list: (filter: JobFilter): Job[] => listJobs(db, filter),
    retry: (name: string, id: string): boolean =>
      transaction(db, 'IMMEDIATE', () => {
        const row = byId.get(name, id) as unknown as JobRow | undefined;
        if (row?.state === 'queued' && row.attempt > 0 && row.run_at > Date.now())
          return hasten.run(Date.now(), row.id).changes > 0;
        if (row?.state !== 'dead' || liveTwin(name, row.unique_key) !== undefined) return false;
        revive.run(Date.now(), isBehind(name, row.job_group), row.id);
        return true;
      }),
  };
}

export type Store = ReturnType<typeof createStore>;
