/**
 * Tables of `state/identity.db`. WITHOUT ROWID: a row lives in its primary key's tree, so one look-up is one descent and
 * the fields of a component lie side by side.
 */
export const SCHEMA = `
  -- The row with the empty name holds the component's version (a number), all others a field (text).
  CREATE TABLE IF NOT EXISTS field (
    workspace TEXT NOT NULL, component TEXT NOT NULL, name TEXT NOT NULL, value ANY NOT NULL,
    PRIMARY KEY (workspace, component, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pointer (
    workspace TEXT NOT NULL, identifier TEXT NOT NULL, component TEXT NOT NULL,
    PRIMARY KEY (workspace, identifier)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS issued (
    workspace TEXT NOT NULL, profile TEXT NOT NULL, anchor TEXT NOT NULL,
    PRIMARY KEY (workspace, profile)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox (
    sequence INTEGER PRIMARY KEY, workspace TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS outbox_order ON outbox (workspace, sequence);
  CREATE TABLE IF NOT EXISTS lease (
    workspace TEXT PRIMARY KEY, token TEXT NOT NULL, expires_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS processed (
    workspace TEXT NOT NULL, "partition" INTEGER NOT NULL, "offset" INTEGER NOT NULL,
    PRIMARY KEY (workspace, "partition")
  ) STRICT, WITHOUT ROWID;
`;
