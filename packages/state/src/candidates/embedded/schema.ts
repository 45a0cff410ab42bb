/** Tables of `state/candidates.db`. `keys` are those of the record, with blanks between; `members` as in ../block.ts. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS model_index (
    id INTEGER PRIMARY KEY AUTOINCREMENT, workspace TEXT NOT NULL, model TEXT NOT NULL, UNIQUE (workspace, model)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY, index_id INTEGER NOT NULL, owner TEXT NOT NULL, source TEXT NOT NULL,
    keys TEXT NOT NULL, late INTEGER NOT NULL, UNIQUE (index_id, owner, source)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS record_late ON record (index_id, id) WHERE late = 1;
  CREATE TABLE IF NOT EXISTS block (
    index_id INTEGER NOT NULL, key TEXT NOT NULL, members TEXT NOT NULL, PRIMARY KEY (index_id, key)
  ) STRICT, WITHOUT ROWID;
`;
