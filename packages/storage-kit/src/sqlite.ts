import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KenalError } from '@kenal/errors';

/** How long a writer waits for another's transaction; they last milliseconds. */
const BUSY_MS = 10_000;
const RETRY_MS = 10;
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

export interface SqliteFile {
  readonly path: string;
  /** Statements for each connection; `journal_mode = WAL` and how durable a commit is among them. */
  readonly pragmas: string;
  /** Statements that make the tables and can be run again. */
  readonly tables: string;
  /** Half a sentence: what Kenal goes on without where the file is moved away, and what comes back by itself. */
  readonly without: string;
}

/**
 * Open a file for writing, and make its folder and tables. Several threads and processes may do it at once.
 * @throws KenalError `data_damaged`, which names the file and says what to do
 */
export function openSqlite({ path, pragmas, tables, without }: SqliteFile): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    // Turning a new file to WAL needs it alone for a moment, and does not wait as other statements do
    retryWhileBusy(() => db.exec(pragmas));
    retryWhileBusy(() => transaction(db, 'IMMEDIATE', () => db.exec(tables)));
    return db;
  } catch (error) {
    db.close();
    throw isDamage(error) ? damaged(path, without, error) : error;
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

function damaged(path: string, without: string, cause: unknown): KenalError {
  const aside = `stop Kenal and move it away with what begins like it (${path}*): then ${without}`;
  return new KenalError('data_damaged', `${path}; restore the data directory from a backup, or ${aside}`, { cause });
}

/** Whether a statement failed because the file is no database, or no longer one. */
function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return [SQLITE_CORRUPT, SQLITE_NOTADB].includes(code & 0xff);
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
