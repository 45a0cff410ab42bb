/**
 * Tables of `state/identity.db`. WITHOUT ROWID: a row lives in its primary key's tree, so one look-up is one descent and
 * the fields of a component lie side by side. All can be made in a file that lacks some: older ones have no shelves.
 */
export const SCHEMA = `
  -- The row with the empty name holds the component's version (a number), all others a field (text).
  CREATE TABLE IF NOT EXISTS field (
    workspace TEXT NOT NULL, component TEXT NOT NULL, name TEXT NOT NULL, value ANY NOT NULL,
    PRIMARY KEY (workspace, component, name)
  ) STRICT, WITHOUT ROWID;
  -- A component id, or a parked leaf as parked.ts writes it.
  CREATE TABLE IF NOT EXISTS pointer (
    workspace TEXT NOT NULL, identifier TEXT NOT NULL, component TEXT NOT NULL,
    PRIMARY KEY (workspace, identifier)
  ) STRICT, WITHOUT ROWID;
  -- Head and entries are apart: a shelf may have 100,000 of them, so each should be small and they must not be counted.
  CREATE TABLE IF NOT EXISTS shelf (
    id INTEGER PRIMARY KEY, workspace TEXT NOT NULL, centre TEXT NOT NULL, size INTEGER NOT NULL,
    UNIQUE (workspace, centre)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS shelved (
    shelf INTEGER NOT NULL, leaf TEXT NOT NULL, rank INTEGER NOT NULL,
    PRIMARY KEY (shelf, leaf)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS shelved_order ON shelved (shelf, rank, leaf);
  CREATE TRIGGER IF NOT EXISTS shelf_gone AFTER DELETE ON shelf BEGIN DELETE FROM shelved WHERE shelf = old.id; END;
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
