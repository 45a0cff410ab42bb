import type { DatabaseSync } from 'node:sqlite';
import { transaction } from '@kenal/storage-kit/sqlite';
import { batchesTable } from './topic-file.ts';

/** Columns of a partition's table. */
export const BATCHES =
  'base INTEGER PRIMARY KEY, count INTEGER NOT NULL, timestamp INTEGER NOT NULL, data BLOB NOT NULL';

// In version 0.1.0 all partitions were one table: position = partition × 2^43 + base offset.
const OLD_TABLE = 'batches';
const STRIDE = 2n ** 43n;

/** Bring a topic's file of an earlier version to the form of today, whole or not at all. */
export function upgradeTopic(db: DatabaseSync): void {
  const isOld = () => db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(OLD_TABLE) !== undefined;
  if (!isOld()) return;
  transaction(db, 'IMMEDIATE', () => {
    if (!isOld()) return; // another process was quicker
    for (const { partition } of db.prepare('SELECT partition FROM partitions').all()) {
      const table = batchesTable(Number(partition));
      const from = BigInt(Number(partition)) * STRIDE;
      db.exec(`CREATE TABLE ${table} (${BATCHES})`);
      db.prepare(
        `INSERT INTO ${table} SELECT position - ?1, count, timestamp, data FROM ${OLD_TABLE}
         WHERE position >= ?1 AND position < ?2 ORDER BY position`,
      ).run(from, from + STRIDE);
    }
    db.exec(`DROP TABLE ${OLD_TABLE}`);
  });
}
