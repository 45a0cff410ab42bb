import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unavailable } from '../unavailable.ts';
import { SCHEMA } from './schema.ts';

const BUSY_MS = 10_000;

/** Open the file for several processes at once. `synchronous = FULL`: a job is on the disk when `add` resolves. */
export function openDatabase(path: string): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const db = new DatabaseSync(path, { timeout: BUSY_MS });
    retryWhileBusy(() => db.exec('PRAGMA journal_mode = WAL'));
    db.exec('PRAGMA synchronous = FULL');
    immediate(db, () => db.exec(SCHEMA));
    return db;
  } catch (error) {
    throw unavailable(error);
  }
}

/** Run `work` in one write transaction: all of it or, where it throws, nothing. */
export function immediate<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

// Turning to WAL needs the file alone for a moment and does not always honour the busy timeout.
function retryWhileBusy(work: () => void): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let left = 200; ; left -= 1) {
    try {
      work();
      return;
    } catch (error) {
      if (left === 0 || !/locked|busy/i.test(String(error))) throw error;
      Atomics.wait(sleeper, 0, 0, 20);
    }
  }
}
