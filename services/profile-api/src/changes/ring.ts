import type { StoredRecord } from '@kenal/contracts';
import { entryOf, type FeedEntry } from './entry.ts';
import { cursorOf, type Positions } from './positions.ts';
import type { Repeats } from './repeats.ts';

/** A change in the one order in which all who follow see the partitions of the topic. */
export interface Placed extends FeedEntry {
  /** How far somebody is who has seen it and all before it. */
  readonly reached: Positions;
  /** The same as a cursor. */
  readonly cursor: string;
}

/** The newest changes, numbered from 0 on; bounded, the oldest leave. */
export interface Ring {
  /** Number of the oldest one that is kept. */
  readonly first: number;
  /** Number that the next one will get. */
  readonly end: number;
  /** How far somebody is who has seen all before `first`. */
  readonly before: Positions;
  /** How far somebody is who has seen all. */
  readonly reached: Positions;
  /** @param number from `first` to before `end` */
  at(number: number): Placed;
  /** The next record of its partition. A copy of what was there already, and what is no change, takes no place. */
  take(record: StoredRecord): void;
}

const MOST_ENTRIES = 5_000;
/** Of the records of what is kept; as JSON they take some times that. */
const MOST_BYTES = 8 * 1024 * 1024;

export function createRing(start: Positions, repeats: Repeats, mostEntries = MOST_ENTRIES): Ring {
  const entries: { readonly placed: Placed; readonly bytes: number }[] = [];
  let first = 0;
  let bytes = 0;
  let before = start;
  let reached = start;

  function drop(): void {
    const oldest = entries.shift();
    if (oldest === undefined) return;
    first += 1;
    bytes -= oldest.bytes;
    before = oldest.placed.reached;
  }

  return {
    get first() {
      return first;
    },
    get end() {
      return first + entries.length;
    },
    get before() {
      return before;
    },
    get reached() {
      return reached;
    },
    at(number) {
      const entry = entries[number - first];
      if (entry === undefined) throw new RangeError(`change ${number} is not in the ring`);
      return entry.placed;
    },
    take(record) {
      const { partition, offset, value } = record;
      reached = reached.with(partition, offset + 1);
      const entry = entryOf(record);
      if (entry === null || repeats.isRepeat(entry.change)) return;
      entries.push({ placed: place(entry, reached), bytes: value.byteLength });
      bytes += value.byteLength;
      while (entries.length > 1 && (entries.length > mostEntries || bytes > MOST_BYTES)) drop();
    },
  };
}

function place(entry: FeedEntry, reached: Positions): Placed {
  let cursor: string | null = null;
  return {
    ...entry,
    get envelope() {
      return entry.envelope;
    },
    reached,
    get cursor() {
      cursor ??= cursorOf(reached);
      return cursor;
    },
  };
}
