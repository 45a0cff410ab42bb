import type { DatabaseSync } from 'node:sqlite';
import type { JobRow } from './row.ts';

/** Jobs of a name under one limit; those that nothing limits are a lane too. */
export interface Lane {
  readonly key: string;
  /** How many more may run now. */
  readonly free: number;
  /** Milliseconds since 1970: when its first job falls due. */
  readonly soonest: number;
}

interface LaneRow {
  readonly limit_key: string;
  readonly parallel: number;
  readonly run_at: number;
}

/** What may be taken, lane by lane: a lane with thousands of jobs that may not run costs no more than one without. */
export function createLanes(db: DatabaseSync) {
  // The first row of each lane, by jumping from lane to lane in the index `job_lane`
  const heads = db.prepare(`WITH RECURSIVE lane (id) AS (
      SELECT (SELECT id FROM job WHERE name = ?1 AND state = 'queued' AND behind = 0
        ORDER BY limit_key, run_at, id LIMIT 1)
      UNION ALL
      SELECT (SELECT next.id FROM job AS next WHERE next.name = ?1 AND next.state = 'queued' AND next.behind = 0
        AND next.limit_key > (SELECT limit_key FROM job WHERE id = lane.id) ORDER BY next.limit_key, next.run_at, next.id LIMIT 1)
      FROM lane WHERE lane.id IS NOT NULL)
    SELECT limit_key, parallel, run_at FROM lane JOIN job USING (id)`);
  const running = db.prepare(`SELECT limit_key, COUNT(*) AS jobs FROM job WHERE name = ? AND state = 'active'
    GROUP BY limit_key`);
  const due = db.prepare(`SELECT * FROM job WHERE name = ? AND state = 'queued' AND behind = 0 AND limit_key = ?
    AND run_at <= ? ORDER BY run_at, id LIMIT ?`);

  return {
    /** Lanes in which a job may begin, now or later. */
    open(name: string): Lane[] {
      const counts = running.all(name) as unknown as { limit_key: string; jobs: number }[];
      const inHand = new Map(counts.map(({ limit_key, jobs }) => [limit_key, jobs]));
      return (heads.all(name) as unknown as LaneRow[])
        .map(({ limit_key: key, parallel, run_at: soonest }) => {
          const free = parallel === 0 ? Number.MAX_SAFE_INTEGER : parallel - (inHand.get(key) ?? 0);
          return { key, free, soonest };
        })
        .filter(({ free }) => free > 0);
    },
    /** The first `room` jobs that are due, oldest first. */
    head(name: string, lanes: readonly Lane[], now: number, room: number): JobRow[] {
      const rows = lanes
        .filter(({ soonest }) => soonest <= now)
        .flatMap(({ key, free }) => due.all(name, key, now, Math.min(free, room)) as unknown as JobRow[]);
      return rows.sort((one, other) => one.run_at - other.run_at || one.id - other.id).slice(0, room);
    },
  };
}
