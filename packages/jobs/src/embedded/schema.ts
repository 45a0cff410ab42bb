import type { DatabaseSync } from 'node:sqlite';
import { transaction } from '@kenal/storage-kit/sqlite';

/**
 * Tables of `jobs/jobs.db`. A job that waits is `queued`; whether that is `waiting` or `delayed` depends on the hour only.
 * At most one job of a name and key is queued or active: the partial index says so to every process.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL, data TEXT NOT NULL, unique_key TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'active', 'done', 'dead')),
    attempt INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL, backoff_ms TEXT NOT NULL,
    run_at INTEGER NOT NULL, last_error TEXT,
    lease_token TEXT, lease_until INTEGER,
    scheduled INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS job_due ON job (name, state, run_at, id);
  CREATE UNIQUE INDEX IF NOT EXISTS job_unique ON job (name, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('queued', 'active');
  CREATE INDEX IF NOT EXISTS job_key ON job (name, unique_key, id) WHERE unique_key IS NOT NULL;
  CREATE TABLE IF NOT EXISTS schedule (
    name TEXT PRIMARY KEY, cron TEXT NOT NULL, timezone TEXT NOT NULL, data TEXT NOT NULL
  ) STRICT;
`;

/** Columns that files of before lack. `behind`: another of its group is queued or active and comes first. */
const LATER_COLUMNS: Readonly<Record<string, string>> = {
  job_group: 'TEXT',
  behind: 'INTEGER NOT NULL DEFAULT 0',
  limit_key: "TEXT NOT NULL DEFAULT ''",
  parallel: 'INTEGER NOT NULL DEFAULT 0',
  progress: 'TEXT',
};

/** The workspace that a job is of, by its data. */
export const WORKSPACE_OF = "json_extract(data, '$.workspace')";

/** `job_lane`: what may be taken, by the key that limits it; `job_group`: a group in its order, the one that may run first. */
const LATER_INDEXES = `
  CREATE INDEX IF NOT EXISTS job_lane ON job (name, limit_key, run_at, id) WHERE state = 'queued' AND behind = 0;
  CREATE INDEX IF NOT EXISTS job_group ON job (name, job_group, id)
    WHERE job_group IS NOT NULL AND state IN ('queued', 'active');
  CREATE INDEX IF NOT EXISTS job_living ON job (name, limit_key)
    WHERE limit_key <> '' AND state IN ('queued', 'active');
  CREATE INDEX IF NOT EXISTS job_workspace ON job (${WORKSPACE_OF}, id);
`;

/** Bring a file of before up to date. Several processes may do it at once. */
export function upgrade(db: DatabaseSync): void {
  transaction(db, 'IMMEDIATE', () => {
    const there = new Set(
      db
        .prepare('PRAGMA table_info(job)')
        .all()
        .map(({ name }) => name),
    );
    for (const [name, type] of Object.entries(LATER_COLUMNS))
      if (!there.has(name)) db.exec(`ALTER TABLE job ADD COLUMN ${name} ${type}`);
    db.exec(LATER_INDEXES);
  });
}
