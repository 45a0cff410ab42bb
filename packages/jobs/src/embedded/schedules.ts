import type { DatabaseSync } from 'node:sqlite';
import type { JobSchedule } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import { nextRun } from '../cron.ts';
import { DEFAULT_ATTEMPTS, DEFAULT_BACKOFF_MS } from '../rules.ts';

/** Schedules, each with the one run of it that waits. */
export function createSchedules(db: DatabaseSync) {
  const insert = db.prepare(`INSERT INTO job (name, data, unique_key, state, attempts, backoff_ms, run_at, scheduled)
    VALUES (?, ?, ?, 'queued', ?, ?, ?, 1)`);
  const forget = db.prepare(`DELETE FROM job WHERE name = ? AND scheduled = 1 AND state = 'queued' AND attempt = 0`);
  const plan = db.prepare('SELECT cron, timezone, data FROM schedule WHERE name = ?');
  const keepPlan = db.prepare('INSERT OR REPLACE INTO schedule (name, cron, timezone, data) VALUES (?, ?, ?, ?)');
  const planned = db.prepare('SELECT name FROM schedule WHERE substr(name, 1, length(?1)) = ?1');
  const dropPlan = db.prepare('DELETE FROM schedule WHERE name = ?');
  const dropRuns = db.prepare(`DELETE FROM job WHERE name = ? AND state = 'queued'`);

  /** Queue the next run of a schedule; inside a transaction. */
  function queueNext(name: string, after: number): void {
    const found = plan.get(name) as { cron: string; timezone: string; data: string } | undefined;
    if (found === undefined) return;
    const runAt = nextRun(found.cron, found.timezone, after);
    insert.run(name, found.data, null, DEFAULT_ATTEMPTS, JSON.stringify(DEFAULT_BACKOFF_MS), runAt);
  }

  /** The same once more, at a service's start: a run that fell due meanwhile must stay. */
  function isKept({ name, cron, timezone }: JobSchedule, data: string): boolean {
    const old = plan.get(name) as { cron: string; timezone: string; data: string } | undefined;
    return old?.cron === cron && old.timezone === timezone && old.data === data;
  }

  function keep(schedule: JobSchedule): void {
    const { name, cron, timezone } = schedule;
    const data = JSON.stringify(schedule.data);
    if (isKept(schedule, data)) return;
    keepPlan.run(name, cron, timezone, data);
    forget.run(name);
    queueNext(name, Date.now());
  }

  return {
    queueNext,
    schedule(beginning: string, schedules: readonly JobSchedule[]): void {
      const names = new Set(schedules.map(({ name }) => name));
      transaction(db, 'IMMEDIATE', () => {
        for (const { name } of planned.all(beginning) as { name: string }[]) {
          if (names.has(name)) continue;
          dropPlan.run(name);
          dropRuns.run(name);
        }
        for (const schedule of schedules) keep(schedule);
      });
    },
  };
}
