import { existsSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicSpec } from '@kenal/contracts';
import { transaction } from '@kenal/storage-kit/sqlite';
import type { PackedPart } from './messages.ts';
import { batchesTable, openForWriting, topicPath } from './topic-file.ts';
import { BATCHES, upgradeTopic } from './topic-upgrade.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS topic (one INTEGER PRIMARY KEY CHECK (one = 1), partitions INTEGER, retention_ms INTEGER);
  CREATE TABLE IF NOT EXISTS partitions (partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL);
`;
const RETENTION_ROWS = 200;
const VACUUM_PAGES = 1_000;

/** The writing side of one topic's file; lives in the writer thread. */
export interface TopicStore {
  readonly partitions: number;
  /** Append batches in one transaction; returns when it is fsynced. @returns base offset of each part */
  append(parts: readonly PackedPart[], now: number): number[];
  /** Drop whole batches that are older than the topic keeps them. @returns batches dropped */
  retain(now: number): number;
  close(): void;
}

const WITHOUT = 'what the log held and nobody had read yet is lost, and what the warehouse has stored stays';

/** Create the topic's file where it is missing; a topic that exists takes over the retention and keeps its partitions. */
export function createTopicFile(logDir: string, spec: TopicSpec): void {
  const db = openForWriting(topicPath(logDir, spec.name), TABLES, WITHOUT);
  upgradeTopic(db);
  transaction(db, 'IMMEDIATE', () => {
    const { changes } = db
      .prepare('INSERT INTO topic VALUES (1, ?, ?) ON CONFLICT DO NOTHING')
      .run(spec.partitions, spec.retentionMs);
    if (changes === 0) {
      db.prepare('UPDATE topic SET retention_ms = ?1 WHERE retention_ms <> ?1').run(spec.retentionMs);
      return;
    }
    const insert = db.prepare('INSERT INTO partitions VALUES (?, 0)');
    for (let partition = 0; partition < spec.partitions; partition++) {
      insert.run(partition);
      db.exec(`CREATE TABLE ${batchesTable(partition)} (${BATCHES})`);
    }
  });
  db.close();
}

/** @returns null where the topic does not exist */
export function openTopicStore(logDir: string, topic: string): TopicStore | null {
  const path = topicPath(logDir, topic);
  if (!existsSync(path)) return null;
  const db = openForWriting(path, TABLES, WITHOUT);
  upgradeTopic(db);
  const spec = db.prepare('SELECT partitions FROM topic').get();
  if (spec === undefined) {
    db.close();
    return null;
  }
  const advance = db.prepare(
    'UPDATE partitions SET next_offset = next_offset + ? WHERE partition = ? RETURNING next_offset',
  );
  const partitions = Number(spec.partitions);
  const inserts = Array.from({ length: partitions }, (_, partition) =>
    db.prepare(`INSERT INTO ${batchesTable(partition)} VALUES (?, ?, ?, ?)`),
  );
  // Asked each time: another process may have changed it
  const retention = db.prepare('SELECT retention_ms FROM topic');
  return {
    partitions,
    append(parts, now) {
      return transaction(db, 'IMMEDIATE', () =>
        parts.map((part) => appendPart(advance, inserts[part.partition], part, now)),
      );
    },
    retain(now) {
      const retentionMs = Number(retention.get()?.retention_ms ?? 0);
      return retentionMs === 0 ? 0 : dropOlder(db, partitions, now - retentionMs);
    },
    close: () => db.close(),
  };
}

function appendPart(
  advance: StatementSync,
  insert: StatementSync | undefined,
  { partition, count, data }: PackedPart,
  now: number,
): number {
  const row = advance.get(count, partition);
  if (row === undefined || insert === undefined) throw new Error(`no partition ${partition}`);
  const base = Number(row.next_offset) - count;
  insert.run(base, count, now, data);
  return base;
}

function dropOlder(db: DatabaseSync, partitions: number, before: number): number {
  let dropped = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const table = batchesTable(partition);
    const oldest = db.prepare(`SELECT base, timestamp FROM ${table} ORDER BY base LIMIT ?`);
    const drop = db.prepare(`DELETE FROM ${table} WHERE base <= ?`);
    for (;;) {
      const rows = oldest.all(RETENTION_ROWS);
      const kept = rows.findIndex((row) => Number(row.timestamp) >= before);
      const expired = kept === -1 ? rows : rows.slice(0, kept);
      const last = expired.at(-1);
      if (last === undefined) break;
      // Short transactions: an append that waits for the write lock waits a few milliseconds.
      transaction(db, 'IMMEDIATE', () => drop.run(Number(last.base)));
      dropped += expired.length;
      if (kept !== -1 || rows.length < RETENTION_ROWS) break;
    }
  }
  if (dropped > 0) db.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
  return dropped;
}
