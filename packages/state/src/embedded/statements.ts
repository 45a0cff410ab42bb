import type { DatabaseSync } from 'node:sqlite';
import { DIRECTIVES_PARTITION } from '@kenal/contracts';

export type Statements = ReturnType<typeof prepareStatements>;

/** Everything that components, pointers, shelves and issued ids are read and written with. Rows are arrays. */
export function prepareStatements(db: DatabaseSync) {
  const statement = (sql: string) => {
    const prepared = db.prepare(sql);
    prepared.setReturnArrays(true); // half the time of objects
    return prepared;
  };
  const field = 'field WHERE workspace = ? AND component = ?';
  return {
    fence: statement(`SELECT "offset" FROM processed WHERE workspace = ? AND "partition" = ${DIRECTIVES_PARTITION}`),
    // Components
    fields: statement(`SELECT name, value FROM ${field}`),
    version: statement(`SELECT value FROM ${field} AND name = ''`),
    field: statement(`SELECT value FROM ${field} AND name = ?`),
    anyField: statement(`SELECT 1 FROM ${field} AND name > '' LIMIT 1`),
    next: statement('SELECT component FROM field WHERE workspace = ? AND component > ? ORDER BY component LIMIT 1'),
    move: statement(`UPDATE OR REPLACE field SET component = ? WHERE workspace = ? AND component = ? AND name <> ''`),
    detach: statement(`UPDATE field SET component = ? WHERE workspace = ? AND component = ? AND name = ?`),
    gone: statement(`DELETE FROM ${field} AND name = ''`),
    unset: statement(`DELETE FROM ${field} AND name = ?`),
    set: statement('INSERT OR REPLACE INTO field (workspace, component, name, value) VALUES (?, ?, ?, ?)'),
    // Pointers
    pointer: statement('SELECT component FROM pointer WHERE workspace = ? AND identifier = ?'),
    point: statement('INSERT OR REPLACE INTO pointer (workspace, identifier, component) VALUES (?, ?, ?)'),
    forget: statement('DELETE FROM pointer WHERE workspace = ? AND identifier = ?'),
    // Shelves
    shelf: statement('SELECT id, size FROM shelf WHERE workspace = ? AND centre = ?'),
    newShelf: statement('INSERT INTO shelf (workspace, centre, size) VALUES (?, ?, 0) RETURNING id, size'),
    resize: statement('UPDATE shelf SET size = ? WHERE id = ?'),
    dropShelf: statement('DELETE FROM shelf WHERE workspace = ? AND centre = ?'),
    shelved: statement('SELECT leaf, rank FROM shelved WHERE shelf = ? ORDER BY rank, leaf LIMIT ?'),
    addLeaf: statement('INSERT OR IGNORE INTO shelved (shelf, leaf, rank) VALUES (?, ?, ?)'),
    rerankLeaf: statement('UPDATE shelved SET rank = ? WHERE shelf = ? AND leaf = ?'),
    takeLeaf: statement('DELETE FROM shelved WHERE shelf = ? AND leaf = ?'),
    // Issued ids and changes
    anchor: statement('SELECT anchor FROM issued WHERE workspace = ? AND profile = ?'),
    issue: statement('INSERT OR IGNORE INTO issued (workspace, profile, anchor) VALUES (?, ?, ?)'),
    recall: statement('DELETE FROM issued WHERE workspace = ? AND profile = ?'),
    outbox: statement('INSERT INTO outbox (workspace, key, value) VALUES (?, ?, ?)'),
  };
}
