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
