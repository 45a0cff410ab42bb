import type { DatabaseSync } from 'node:sqlite';
import type { Found, IndexedRecord, RecordName } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import { EMPTIED, membersOf, withMember, withoutMember } from '../block.ts';
import { compareRecords } from '../record-name.ts';

/** Rows that one transaction deletes: others wait for it. */
const DELETED_AT_ONCE = 20_000;

/** The verbs of `CandidateIndex` as statements. @param limit records of a block */
export function createStore(db: DatabaseSync, limit: number) {
  const find = db.prepare('SELECT id FROM model_index WHERE workspace = ? AND model = ?');
  const make = db.prepare('INSERT OR IGNORE INTO model_index (workspace, model) VALUES (?, ?)');
  const list = db.prepare('SELECT id, model FROM model_index WHERE workspace = ? ORDER BY model');
  const unlist = db.prepare('DELETE FROM model_index WHERE id = ?');
  const known = db.prepare('SELECT id, keys FROM record WHERE index_id = ? AND owner = ? AND source = ?');
  const add = db.prepare('INSERT INTO record (index_id, owner, source, keys, late) VALUES (?, ?, ?, ?, ?)');
  const change = db.prepare('UPDATE record SET keys = ?, late = ? WHERE id = ?');
  const name = db.prepare('SELECT owner, source FROM record WHERE id = ?');
  const lateOnes = db.prepare('SELECT owner, source FROM record WHERE index_id = ? AND late = 1 ORDER BY id LIMIT ?');
  const block = db.prepare('SELECT members FROM block WHERE index_id = ? AND key = ?');
  const write = db.prepare('INSERT OR REPLACE INTO block (index_id, key, members) VALUES (?, ?, ?)');
  const erase = db.prepare('DELETE FROM block WHERE index_id = ? AND key = ?');
  const someRecords = db.prepare('DELETE FROM record WHERE id IN (SELECT id FROM record WHERE index_id = ?1 LIMIT ?2)');
  const someBlocks = db.prepare(`DELETE FROM block WHERE index_id = ?1
    AND key IN (SELECT key FROM block WHERE index_id = ?1 LIMIT ?2)`);

  const idOf = (workspace: string, model: string): number | null =>
    (find.get(workspace, model) as { id: number } | undefined)?.id ?? null;
  const blockAt = (index: number, key: string): string =>
    (block.get(index, key) as { members: string } | undefined)?.members ?? '';

  function setBlock(index: number, key: string, before: string, after: string): void {
    if (before === after) return;
    if (after === '') erase.run(index, key);
    else write.run(index, key, after);
  }

  function putOne(index: number, { owner, source, keys, isLate = false }: IndexedRecord): void {
    const text = keys.join(' ');
    const before = known.get(index, owner, source) as { id: number; keys: string } | undefined;
    const id = before?.id ?? Number(add.run(index, owner, source, text, isLate ? 1 : 0).lastInsertRowid);
    if (before !== undefined) change.run(text, isLate ? 1 : 0, id);
    if (before?.keys === text) return;
    const [had, has] = [before?.keys ? before.keys.split(' ') : [], new Set(keys)];
    for (const key of had) {
      if (has.has(key)) continue;
      const members = blockAt(index, key);
      setBlock(index, key, members, withoutMember(members, id));
    }
    for (const key of has) {
      const members = blockAt(index, key);
      setBlock(index, key, members, withMember(members, id, limit));
    }
  }

  return {
    begin: (workspace: string, model: string): void => void make.run(workspace, model),
    models: (workspace: string): string[] => (list.all(workspace) as { model: string }[]).map(({ model }) => model),
    put: (workspace: string, model: string, records: readonly IndexedRecord[]): void =>
      transaction(db, 'IMMEDIATE', () => {
        const index = idOf(workspace, model);
        if (index !== null) for (const record of records) putOne(index, record);
      }),
    look: (workspace: string, model: string, keys: readonly string[]): Found =>
      transaction(db, 'DEFERRED', () => {
        const index = idOf(workspace, model);
        const blocks = index === null ? [] : [...new Set(keys)].map((key) => blockAt(index, key));
        const ids = new Set(blocks.flatMap(membersOf));
        const records = [...ids].map((id) => ({ ...(name.get(id) as unknown as RecordName) })).sort(compareRecords);
        return { records, oversize: blocks.filter((members) => members === EMPTIED).length };
      }),
    late(workspace: string, model: string, most: number): RecordName[] {
      const index = idOf(workspace, model);
      if (index === null) return [];
      return (lateOnes.all(index, most) as unknown as RecordName[]).map((record) => ({ ...record }));
    },
    retain(workspace: string, models: readonly string[]): void {
      const others = (list.all(workspace) as { id: number; model: string }[]).filter(
        (it) => !models.includes(it.model),
      );
      for (const { id } of others) {
        unlist.run(id); // first, so that nobody finds half of it
        for (const some of [someRecords, someBlocks]) while (some.run(id, DELETED_AT_ONCE).changes > 0);
      }
    },
  };
}
