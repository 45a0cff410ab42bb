import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** How long a writer waits for another's transaction; they last milliseconds. */
const BUSY_MS = 10_000;
const RETRY_MS = 10;
const SQLITE_BUSY = 5;

export interface SqliteFile {
  readonly path: string;
  /** Statements for each connection; `journal_mode = WAL` and how durable a commit is among them. */
  readonly pragmas: string;
  /** Statements that make the tables and can be run again. */
  readonly tables: string;
}

/** Open a file for writing, and make its folder and tables. Several threads and processes may do it at once. */
export function openSqlite({ path, pragmas, tables }: SqliteFile): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    // Turning a new file to WAL needs it alone for a moment, and does not wait as other statements do
    retryWhileBusy(() => db.exec(pragmas));
    retryWhileBusy(() => transaction(db, 'IMMEDIATE', () => db.exec(tables)));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Run `work` in one transaction: all of it or, where it throws, nothing. IMMEDIATE holds the write lock from its start,
 * DEFERRED gives a reader one snapshot.
 */
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

/** Whether a statement failed because somebody else has the lock. */
export function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return (code & 0xff) === SQLITE_BUSY;
}

function retryWhileBusy(work: () => void): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(sleeper, 0, 0, RETRY_MS);
    }
  }
}
