import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { PartitionRange, StoredRecord } from '@kenal/contracts';
import { unpackRecords } from './record-pack.ts';
import { batchesTable, openForReading, topicPath } from './topic-file.ts';

// A read happens on the thread that consumes: kept to a few milliseconds.
const MAX_READ_BYTES = 4_000_000;

/** The reading side of one topic's file, on the thread that consumes. It sees only what is durable. */
export interface TopicReader {
  readonly partitions: number;
  /** Offset that the next record of each partition will get. */
  ends(): readonly number[];
  ranges(): readonly PartitionRange[];
  /** Records from `offset` on: whole stored rows until there are `records` of them or 4 MB, so it may return more. */
  read(partition: number, offset: number, records: number): StoredRecord[];
  /** Differs from the last answer where another connection has written since. */
  dataVersion(): number;
  close(): void;
}

/** @returns null where the topic does not exist (yet) */
export function openTopicReader(logDir: string, topic: string): TopicReader | null {
  const path = topicPath(logDir, topic);
  if (!existsSync(path)) return null;
  const db = openForReading(path);
  // The file appears before its tables do, where another process creates it now.
  const ready = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'topic'").get();
  const spec = ready === undefined ? undefined : db.prepare('SELECT partitions FROM topic').get();
  if (spec === undefined) {
    db.close();
    return null;
  }
  const ends = db.prepare('SELECT next_offset FROM partitions ORDER BY partition');
  const partitions = Number(spec.partitions);
  const tables = Array.from({ length: partitions }, (_, partition) => prepareTable(db, batchesTable(partition)));
  const version = db.prepare('PRAGMA data_version');
  const endsNow = (): number[] => ends.all().map((row) => Number(row.next_offset));
  return {
    partitions,
    ends: endsNow,
    ranges() {
      return endsNow().map((latest, partition) => {
        const row = tables[partition]?.first.get();
        return { topic, partition, earliest: row === undefined ? latest : Number(row.base), latest };
      });
    },
    read(partition, offset, limit) {
      const records: StoredRecord[] = [];
      let bytes = 0;
      for (const row of tables[partition]?.rows.iterate(offset) ?? []) {
        const baseOffset = Number(row.base);
        const count = Number(row.count);
        if (baseOffset + count <= offset) continue; // the row before a gap that retention left
        const data = row.data as Uint8Array;
        for (const record of unpackRecords(
          { topic, partition, baseOffset, count, timestamp: Number(row.timestamp), data },
          offset,
        ))
          records.push(record);
        bytes += data.byteLength;
        if (records.length >= limit || bytes >= MAX_READ_BYTES) break;
      }
      return records;
    },
    dataVersion: () => Number(version.get()?.data_version),
    close: () => db.close(),
  };
}

function prepareTable(db: DatabaseSync, table: string) {
  return {
    first: db.prepare(`SELECT base FROM ${table} ORDER BY base LIMIT 1`),
    // From the batch that holds the offset, or the first one after it
    rows: db.prepare(`
      SELECT base, count, timestamp, data FROM ${table}
      WHERE base >= coalesce((SELECT max(base) FROM ${table} WHERE base <= ?1), ?1) ORDER BY base`),
  };
}
