import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '@kenal/storage-kit/sqlite';

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
  PRAGMA page_size = 8192;
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 2000;
`;

/** Open a database for writing, and make its tables. Several threads and processes may do it at once. */
export function openForWriting(path: string, tables: string, without: string): DatabaseSync {
  return openSqlite({ path, pragmas: WRITER_PRAGMAS, tables, without });
}

/** Open for reading alone; a connection of its own, so that it never waits for a writer. */
export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = 1;');
  return db;
}
