import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Table of a partition's batches. One for each: a row then always goes to the right edge of its b-tree, where SQLite opens
 * a new page instead of moving rows between three, which took two fifths of the time of a commit.
 */
export function batchesTable(partition: number): string {
  return `batches_${partition}`;
}

/** @throws Error where the name would leave the folder */
export function topicPath(logDir: string, topic: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,248}$/.test(topic)) throw new Error(`bad topic name: ${topic}`);
  return join(logDir, `${topic}.sqlite`);
}

// 8 KB pages: a batch row is 1 to 100 KB, a lone event under 1 KB. A checkpoint every 16 MB of write-ahead log.
// FULL is what makes a WAL commit wait for its fsync.
const WRITER_PRAGMAS = `
  PRAGMA busy_timeout = 5000;
  PRAGMA page_size = 8192;
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 2000;
`;

/** Open a database for writing, and make its tables. Several threads and processes may do it at once. */
export function openForWriting(path: string, tables: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  try {
    // Switching a new file to WAL does not wait for busy_timeout where another process switches it at this moment.
    retryBusy(() => db.exec(WRITER_PRAGMAS));
    retryBusy(() => db.exec(`BEGIN IMMEDIATE; ${tables} COMMIT;`));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Open for reading alone; a connection of its own, so that it never waits for a writer. */
export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = 1;');
  return db;
}

/** Run `work` in a transaction that holds the write lock from its start. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
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

function retryBusy(work: () => void): void {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      const busy = (error as { errcode?: number }).errcode;
      if (busy === undefined || (busy & 0xff) !== SQLITE_BUSY || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

const SQLITE_BUSY = 5;
