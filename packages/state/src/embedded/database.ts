import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { unavailable } from '../unavailable.ts';
import { SCHEMA } from './schema.ts';

/** How long a writer waits for another process's transaction (they last milliseconds) before `unavailable`. */
const BUSY_MS = 10_000;

/**
 * Open the file for use by several threads and processes at once.
 *
 * `synchronous = NORMAL`: a commit survives the death of the process (kill −9) but a power cut may take the newest ones.
 * That is safe here: the write-ahead log is checksummed frame by frame, so what is lost is always a tail, and the
 * processed offset is written after the evidence that it speaks of, so it is lost first; the resolver then reads those
 * interactions again (architecture.md, "A processed offset … only rewinds"). FULL would cost an fsync per batch for nothing.
 */
export function openDatabase(path: string): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const db = new DatabaseSync(path, { timeout: BUSY_MS });
    retryWhileBusy(() => db.exec('PRAGMA journal_mode = WAL'));
    db.exec('PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000');
    db.exec('PRAGMA journal_size_limit = 67108864');
    transaction(db, 'IMMEDIATE', () => db.exec(SCHEMA));
    return db;
  } catch (error) {
    throw unavailable(error);
  }
}

/** Run `work` in one transaction: all of it or, where it throws, nothing. DEFERRED gives a reader one snapshot. */
export function transaction<T>(db: DatabaseSync, kind: 'IMMEDIATE' | 'DEFERRED', work: () => T): T {
  db.exec(`BEGIN ${kind}`);
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
