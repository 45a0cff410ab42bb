import type { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '@kenal/storage-kit/sqlite';
import { faults } from '../faults.ts';
import { SCHEMA } from './schema.ts';

/**
 * `synchronous = NORMAL`: a commit survives the death of the process (kill −9) but a power cut may take the newest ones.
 * That is safe here: the write-ahead log is checksummed frame by frame, so what is lost is always a tail, and the
 * processed offset is written after the evidence that it speaks of, so it is lost first; the resolver then reads those
 * interactions again (architecture.md, "A processed offset … only rewinds"). FULL would cost an fsync per batch for nothing.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
`;

const WITHOUT =
  'who is who is worked out again from the events that the log still holds, and what only older ones said is lost';

/** Open the file for use by several threads and processes at once. @throws KenalError `unavailable`, `data_damaged` */
export function openDatabase(path: string): DatabaseSync {
  return faults.attempt(() => openSqlite({ path, pragmas: PRAGMAS, tables: SCHEMA, without: WITHOUT }));
}
