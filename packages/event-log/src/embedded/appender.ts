import type { LogPosition, LogRecord } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { checkedSize } from '../limits.ts';
import { partitionOf } from '../partitioner.ts';
import type { PackedPart } from './messages.ts';
import { packRecords } from './record-pack.ts';

/** Gathers appends of one topic while the previous commit runs, and hands them over as one. */
export interface Appender {
  append(records: readonly LogRecord[]): Promise<readonly LogPosition[]>;
  /** Resolves when nothing waits and nothing is being written. */
  drained(): Promise<void>;
}

/** @returns base offset of each part, when they are durable */
export type WriteParts = (parts: readonly PackedPart[]) => Promise<readonly number[]>;

interface Waiting {
  readonly records: readonly LogRecord[];
  readonly bytes: number;
  readonly resolve: (positions: readonly LogPosition[]) => void;
  readonly reject: (error: unknown) => void;
}

// A row is read whole, so it is kept small; a commit is kept short for the sake of latency.
const MAX_ROW_RECORDS = 500;
const MAX_ROW_BYTES = 1_000_000;
const MAX_COMMIT_BYTES = 8_000_000;
const MAX_WAITING_BYTES = 256_000_000;

export function createAppender(topic: string, partitions: number, write: WriteParts): Appender {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let busy = false;
  let turn = 0;
  let idle: (() => void)[] = [];

  const next = (): Waiting[] => {
    let count = 0;
    let bytes = 0;
    for (const one of waiting) {
      if (count > 0 && bytes + one.bytes > MAX_COMMIT_BYTES) break;
      bytes += one.bytes;
      count++;
    }
    waitingBytes -= bytes;
    return waiting.splice(0, count);
  };
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const taken = next();
      const split = splitByPartition(taken, partitions, turn++);
      try {
        const bases = await write(split.parts);
        const first = firstOffsets(split.parts, bases);
        for (const [i, one] of taken.entries()) {
          one.resolve(
            split.places[i]!.map(([p, ordinal]) => ({ topic, partition: p, offset: first.get(p)! + ordinal })),
          );
        }
      } catch (error) {
        for (const one of taken) one.reject(error);
      }
    }
    busy = false;
    for (const resolve of idle) resolve();
    idle = [];
  };

  return {
    async append(records) {
      if (records.length === 0) return [];
      let bytes = 0;
      for (const record of records) bytes += checkedSize(record);
      if (waitingBytes + bytes > MAX_WAITING_BYTES && waiting.length > 0)
        throw new KenalError('log_unavailable', `${waitingBytes} bytes wait for the disk`);
      return new Promise((resolve, reject) => {
        waiting.push({ records, bytes, resolve, reject });
        waitingBytes += bytes;
        if (busy) return;
        busy = true;
        // Whoever appends in this turn of the event loop shares the first commit.
        setImmediate(() => void flush());
      });
    },
    drained: () => (busy ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
  };
}

type Place = readonly [partition: number, ordinal: number];

function splitByPartition(
  taken: readonly Waiting[],
  partitions: number,
  turn: number,
): { readonly parts: readonly PackedPart[]; readonly places: readonly (readonly Place[])[] } {
  const lists = new Map<number, LogRecord[]>();
  const places = taken.map(({ records }) =>
    records.map((record): Place => {
      const partition = record.key === null ? turn % partitions : partitionOf(record.key, partitions);
      const list = lists.get(partition);
      if (list !== undefined) return [partition, list.push(record) - 1];
      lists.set(partition, [record]);
      return [partition, 0];
    }),
  );
  const parts = [...lists].flatMap(([partition, records]) =>
    rowsOf(records).map((row) => ({ partition, count: row.length, data: packRecords(row) })),
  );
  return { parts, places };
}

function rowsOf(records: readonly LogRecord[]): readonly (readonly LogRecord[])[] {
  const rows: LogRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const row = rows.at(-1);
    bytes += record.value.byteLength;
    if (row === undefined || row.length >= MAX_ROW_RECORDS || bytes > MAX_ROW_BYTES) {
      rows.push([record]);
      bytes = record.value.byteLength;
    } else row.push(record);
  }
  return rows;
}

// Rows of one partition got adjoining offsets: they were written in one transaction.
function firstOffsets(parts: readonly PackedPart[], bases: readonly number[]): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const [i, { partition }] of parts.entries()) if (!first.has(partition)) first.set(partition, bases[i]!);
  return first;
}
