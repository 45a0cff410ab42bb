import { setImmediate } from 'node:timers/promises';
import type { EventLog, StoredRecord } from '@kenal/contracts';
import { z } from 'zod';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { Page } from '../profiles/timeline.ts';

export interface TailSpec<T, V> {
  readonly topic: string;
  readonly decode: (bytes: Uint8Array) => T;
  readonly workspaceOf: (value: T) => string;
  /** Milliseconds or microseconds, whatever orders entries of several partitions. */
  readonly arrivedAt: (value: T) => number;
  readonly present: (value: T) => V;
}

/** The newest entries of a topic, straight from the log: fresher than any table. */
export interface Tail<V> {
  /**
   * Oldest first. Without `after` the last `limit` entries; with it those that came since. The cursor is never null.
   * A page may hold fewer than `limit`, or none, while there is more: it ends after so many records looked at, of whichever
   * workspace, and its cursor goes on from there.
   */
  page(workspace: string, limit: number, after?: string): Promise<Page<V> & { readonly cursor: string }>;
}

// Next offset to read of each partition, by its number.
const positionsSchema = z.array(z.tuple([z.number().int().min(0), z.number().int().min(0)]));
type Positions = Map<number, number>;

// Other workspaces share the partitions: look a little further back than asked.
const LOOK_BACK = 200;
const READ_RECORDS = 500;
/** Records looked at for one page, so that an old cursor cannot make one request read a whole topic. */
const PAGE_RECORDS = 5_000;

/** Entries of a topic may come twice (at-least-once); a tail shows them as they stand. */
export function createTail<T, V>(log: EventLog, spec: TailSpec<T, V>): Tail<V> {
  const own = (workspace: string, record: StoredRecord): T | null => {
    try {
      const value = spec.decode(record.value);
      return spec.workspaceOf(value) === workspace ? value : null;
    } catch {
      return null; // what cannot be decoded is the loader's to report
    }
  };
  const answer = (values: T[], positions: Positions) => ({
    items: values.sort((a, b) => spec.arrivedAt(a) - spec.arrivedAt(b)).map(spec.present),
    cursor: writeCursor([...positions]),
  });

  async function latest(workspace: string, limit: number) {
    const positions: Positions = new Map();
    const values: T[] = [];
    for (const { topic, partition, earliest, latest: end } of await log.ranges(spec.topic)) {
      positions.set(partition, end);
      let offset = Math.max(earliest, end - Math.max(limit, LOOK_BACK));
      while (offset < end) {
        const records = await log.read({ topic, partition, offset }, { records: READ_RECORDS });
        const last = records.at(-1);
        if (last === undefined) break;
        for (const record of records) {
          const value = record.offset < end ? own(workspace, record) : null;
          if (value !== null) values.push(value);
        }
        offset = last.offset + 1;
      }
    }
    const page = answer(values, positions);
    return { ...page, items: page.items.slice(-limit) };
  }

  async function since(workspace: string, limit: number, cursor: string) {
    const positions: Positions = new Map(readCursor(positionsSchema, cursor));
    const values: T[] = [];
    const ranges = await log.ranges(spec.topic);
    for (const { topic, partition, earliest, latest: end } of ranges) {
      let left = Math.ceil(PAGE_RECORDS / ranges.length); // a share each, so that one partition holds none up
      let offset = Math.max(positions.get(partition) ?? 0, earliest);
      while (offset < end && values.length < limit && left > 0) {
        const records = await log.read({ topic, partition, offset }, { records: Math.min(READ_RECORDS, left) });
        if (records.length === 0) break;
        for (const record of records) {
          if (values.length >= limit) break;
          const value = own(workspace, record);
          if (value !== null) values.push(value);
          offset = record.offset + 1;
          left--;
        }
        await setImmediate(); // reads of the embedded log are synchronous: let others in between
      }
      positions.set(partition, offset);
    }
    return answer(values, positions);
  }

  return {
    page: (workspace, limit, after) =>
      after === undefined ? latest(workspace, limit) : since(workspace, limit, after),
  };
}
