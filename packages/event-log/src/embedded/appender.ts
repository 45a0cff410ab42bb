import type { LogRecord } from '@kenal/contracts';
import { type Accumulator, createAccumulator, type Waiting } from '../accumulator.ts';
import { partitionOf } from '../partitioner.ts';
import type { PackedPart } from './messages.ts';
import { packRows } from './record-pack.ts';

/** @param parts in one buffer @returns base offset of each part, when they are durable */
export type WriteParts = (parts: readonly PackedPart[]) => Promise<readonly number[]>;

// A row is read whole, so it is kept small
const MAX_ROW_RECORDS = 500;
const MAX_ROW_BYTES = 1_000_000;

/** Appends to one topic, one commit at a time. */
export function createAppender(partitions: number, writeParts: WriteParts): Accumulator {
  let turn = 0;
  return createAccumulator({
    sink: 'the disk',
    // Whoever appends in this turn of the event loop shares the first commit
    linger: setImmediate,
    async write(taken) {
      const { parts, places } = splitByPartition(taken, partitions, turn++);
      try {
        const first = firstOffsets(parts, await writeParts(parts));
        for (const [i, { topic, resolve }] of taken.entries())
          resolve(places[i]!.map(([partition, n]) => ({ topic, partition, offset: first.get(partition)! + n })));
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    },
  });
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
  const rows = [...lists].flatMap(([partition, records]) => rowsOf(records).map((row) => ({ partition, row })));
  const data = packRows(rows.map(({ row }) => row));
  const parts = rows.map(({ partition, row }, i) => ({ partition, count: row.length, data: data[i]! }));
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
