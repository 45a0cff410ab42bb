import type { DatabaseSync } from 'node:sqlite';
import { transaction } from '@kenal/storage-kit/sqlite';
import { DIED, isFinal, KEPT, messageOf, waitAfter } from '../rules.ts';
import type { JobRow } from './row.ts';
import type { Store } from './store.ts';

/** Jobs of a name that end between two clean-ups. */
const SWEEP_EVERY = 100;

/** Taking, renewing and finishing jobs under a lease: a job whose worker is gone is taken again when the lease ends. */
export function createLeases(db: DatabaseSync, store: Store, leaseMs: number) {
  const due = db.prepare(`SELECT 1 FROM job WHERE name = ?1 AND state = 'queued' AND run_at <= ?2
    UNION ALL SELECT 1 FROM job WHERE name = ?1 AND state = 'active'
      AND (lease_until <= ?2 OR lease_until > ?3) LIMIT 1`);
  const soonest = db.prepare(`SELECT MIN(run_at) AS at FROM job WHERE name = ? AND state = 'queued'`);
  const abandon = db.prepare(`UPDATE job SET state = CASE WHEN attempt >= attempts THEN 'dead' ELSE 'queued' END,
    last_error = ?1, lease_token = NULL WHERE name = ?2 AND state = 'active' AND (lease_until <= ?3 OR lease_until > ?4)
    RETURNING *`);
  const head = db.prepare(`SELECT * FROM job WHERE name = ? AND state = 'queued' AND run_at <= ?
    ORDER BY run_at, id LIMIT ?`);
  const lease = db.prepare(`UPDATE job SET state = 'active', attempt = attempt + 1, scheduled = 0, lease_token = ?,
    lease_until = ? WHERE id = ?`);
  const renew = db.prepare(`UPDATE job SET lease_until = ? WHERE lease_token = ? AND state = 'active'`);
  const done = db.prepare(`UPDATE job SET state = 'done', last_error = NULL WHERE id = ? AND lease_token = ?
    AND state = 'active'`);
  const fail = db.prepare(`UPDATE job SET state = ?, run_at = ?, last_error = ? WHERE id = ? AND lease_token = ?
    AND state = 'active'`);
  const forget = db.prepare(`DELETE FROM job WHERE name = ? AND unique_key = ? AND state = 'dead' AND id <> ?`);
  const tidy = db.prepare(`DELETE FROM job WHERE name = ?1 AND state = ?2 AND (run_at < ?3 OR id < (
    SELECT id FROM job WHERE name = ?1 AND state = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?4))`);
  const ended = new Map<string, number>();

  function sweep(name: string): void {
    for (const state of ['done', 'dead']) tidy.run(name, state, Date.now() - KEPT.ms, KEPT.jobs - 1);
  }

  /** Of its key it is the last word; now and then the name is cleaned up. */
  function end({ id, name, unique_key: key }: JobRow): void {
    if (key !== null) forget.run(name, key, id);
    const count = (ended.get(name) ?? 0) + 1;
    ended.set(name, count);
    if (count % SWEEP_EVERY === 0) sweep(name);
  }

  return {
    sweep,
    /** Take at most `limit` jobs that are due, oldest first. The rows are as they are while active. */
    take(name: string, token: string, limit: number): JobRow[] {
      const now = Date.now();
      // One that ends later was taken before the clock was set back; whoever lives renews it
      const latest = now + 2 * leaseMs;
      if (due.get(name, now, latest) === undefined) return []; // the write lock is not for idle workers
      return transaction(db, 'IMMEDIATE', () => {
        const abandoned = abandon.all(DIED, name, now, latest) as unknown as JobRow[];
        for (const row of abandoned) if (row.state === 'dead') end(row);
        const rows = head.all(name, now, limit) as unknown as JobRow[];
        for (const row of rows) {
          lease.run(token, now + leaseMs, row.id);
          if (row.scheduled === 1) store.queueNext(name, now);
        }
        return rows.map((row) => ({ ...row, state: 'active', attempt: row.attempt + 1 }));
      });
    },
    /** Milliseconds until a queued job falls due, or null. */
    untilNext(name: string): number | null {
      const { at } = soonest.get(name) as { at: number | null };
      return at === null ? null : Math.max(0, at - Date.now());
    },
    renew: (token: string): void => void renew.run(Date.now() + leaseMs, token),
    succeed(row: JobRow, token: string): void {
      if (done.run(row.id, token).changes > 0) end(row);
    },
    /** The next attempt, or the end. Nothing where the lease was lost: somebody else has the job by now. */
    fail(row: JobRow, token: string, error: unknown): void {
      const wait = waitAfter(row.attempt, JSON.parse(row.backoff_ms) as number[]);
      const state = isFinal(error, row.attempt, row.attempts) ? 'dead' : 'queued';
      const failed = fail.run(state, Date.now() + wait, messageOf(error), row.id, token);
      if (failed.changes > 0 && state === 'dead') end(row);
    },
  };
}

export type Leases = ReturnType<typeof createLeases>;
