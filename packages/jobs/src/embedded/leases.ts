import type { DatabaseSync } from 'node:sqlite';
import type { JobProgress } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import { DIED, isFinal, KEPT, messageOf, waitAfter } from '../rules.ts';
import { createLanes } from './lanes.ts';
import type { JobRow } from './row.ts';
import type { Store } from './store.ts';

/** Jobs of a name that end between two clean-ups. */
const SWEEP_EVERY = 100;

/** What became of an attempt. */
export type Outcome =
  | { readonly row: JobRow; readonly ok: true }
  | { readonly row: JobRow; readonly ok: false; readonly error: unknown };

export interface Turn {
  /** Jobs that were taken, oldest first, as they are while active. */
  readonly rows: readonly JobRow[];
  /** Milliseconds until a job falls due that may run then, or null. */
  readonly waitMs: number | null;
}

/** Taking, renewing and finishing jobs under a lease: a job whose worker is gone is taken again when the lease ends. */
export function createLeases(db: DatabaseSync, store: Store, leaseMs: number) {
  const lanes = createLanes(db);
  const lost = db.prepare(`SELECT 1 FROM job WHERE name = ?1 AND state = 'active'
      AND (lease_until <= ?2 OR lease_until > ?3) LIMIT 1`);
  const abandon = db.prepare(`UPDATE job SET state = CASE WHEN attempt >= attempts THEN 'dead' ELSE 'queued' END,
    last_error = ?1, lease_token = NULL WHERE name = ?2 AND state = 'active' AND (lease_until <= ?3 OR lease_until > ?4)
    RETURNING *`);
  const lease = db.prepare(`UPDATE job SET state = 'active', attempt = attempt + 1, scheduled = 0, lease_token = ?,
    lease_until = ? WHERE id = ?`);
  const renew = db.prepare(`UPDATE job SET lease_until = ? WHERE lease_token = ? AND state = 'active'`);
  const done = db.prepare(`UPDATE job SET state = 'done', last_error = NULL WHERE id = ? AND lease_token = ?
    AND state = 'active'`);
  const fail = db.prepare(`UPDATE job SET state = ?, run_at = ?, last_error = ? WHERE id = ? AND lease_token = ?
    AND state = 'active'`);
  const report = db.prepare(`UPDATE job SET progress = ? WHERE id = ? AND lease_token = ? AND state = 'active'`);
  const letNext = db.prepare(`UPDATE job SET behind = 0 WHERE id = (SELECT id FROM job WHERE name = ? AND job_group = ?
    AND state IN ('queued', 'active') ORDER BY id LIMIT 1)`);
  const forget = db.prepare(`DELETE FROM job WHERE name = ? AND unique_key = ? AND state = 'dead' AND id <> ?`);
  const tidy = db.prepare(`DELETE FROM job WHERE name = ?1 AND state = ?2 AND (run_at < ?3 OR id < (
    SELECT id FROM job WHERE name = ?1 AND state = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?4))`);
  const ended = new Map<string, number>();

  function sweep(name: string): void {
    for (const state of ['done', 'dead']) tidy.run(name, state, Date.now() - KEPT.ms, KEPT.jobs - 1);
  }

  /** Of its key it is the last word; the next of its group may run; now and then the name is cleaned up. */
  function end({ id, name, unique_key: key, job_group: group }: JobRow): void {
    if (key !== null) forget.run(name, key, id);
    if (group !== null) letNext.run(name, group);
    const count = (ended.get(name) ?? 0) + 1;
    ended.set(name, count);
    if (count % SWEEP_EVERY === 0) sweep(name);
  }

  /** Done, or the next attempt, or dead. Nothing where the lease was lost: somebody else has the job by now. */
  function settle(outcome: Outcome, token: string): void {
    const { row } = outcome;
    if (outcome.ok) {
      if (done.run(row.id, token).changes > 0) end(row);
      return;
    }
    const wait = waitAfter(row.attempt, JSON.parse(row.backoff_ms) as number[], outcome.error);
    const state = isFinal(outcome.error, row.attempt, row.attempts) ? 'dead' : 'queued';
    const failed = fail.run(state, Date.now() + wait, messageOf(outcome.error), row.id, token);
    if (failed.changes > 0 && state === 'dead') end(row);
  }

  function take(name: string, token: string, room: number, now: number): JobRow[] {
    for (const row of abandon.all(DIED, name, now, latest(now)) as unknown as JobRow[])
      if (row.state === 'dead') end(row);
    const rows = lanes.head(name, lanes.open(name), now, room);
    for (const row of rows) {
      lease.run(token, now + leaseMs, row.id);
      if (row.scheduled === 1) store.queueNext(name, now);
    }
    return rows.map((row) => ({ ...row, state: 'active', attempt: row.attempt + 1, progress: null }));
  }

  // A lease that ends later was taken before the clock was set back; whoever lives renews it
  const latest = (now: number): number => now + 2 * leaseMs;

  return {
    sweep,
    /** Write down what became of jobs and take at most `room` that are due: one commit for all of it. */
    turn(name: string, token: string, outcomes: readonly Outcome[], room: number): Turn {
      const now = Date.now();
      const open = lanes.open(name);
      const isDue = open.some(({ soonest }) => soonest <= now) || lost.get(name, now, latest(now)) !== undefined;
      // The write lock is not for idle workers
      if (outcomes.length === 0 && (room === 0 || !isDue)) return { rows: [], waitMs: untilFirst(open, now) };
      return transaction(db, 'IMMEDIATE', () => {
        for (const outcome of outcomes) settle(outcome, token);
        const rows = room > 0 ? take(name, token, room, now) : [];
        return { rows, waitMs: rows.length < room ? untilFirst(lanes.open(name), now) : null };
      });
    },
    renew: (token: string): void => void renew.run(Date.now() + leaseMs, token),
    progress: (id: number, token: string, progress: JobProgress): void =>
      void report.run(JSON.stringify(progress), id, token),
  };
}

export type Leases = ReturnType<typeof createLeases>;

function untilFirst(open: readonly { readonly soonest: number }[], now: number): number | null {
  const soonest = Math.min(...open.map((lane) => lane.soonest));
  return Number.isFinite(soonest) ? Math.max(0, soonest - now) : null;
}
