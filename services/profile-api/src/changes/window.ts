import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, type StoredRecord, TOPICS } from '@kenal/contracts';
import type { Logger } from '@kenal/service-kit';
import { entryOf, type FeedEntry } from './entry.ts';
import { cursorOf, type Positions } from './positions.ts';
import { createRepeats, type Repeats } from './repeats.ts';

/** An entry in its place: everybody who follows sees the partitions of the topic in this one order. */
export interface Placed extends FeedEntry {
  /** How far one is who has seen it and all before it. */
  readonly reached: Positions;
  /** {@link reached} as a cursor. */
  readonly cursor: string;
}

/** The newest changes of the topic, shared by all who follow: read, decoded and put in order once. */
export interface ChangeWindow {
  /** Resolves when it has looked at the topic since. Whoever follows calls it before anything else. */
  follow(): Promise<Follower>;
}

export interface Follower extends Disposable {
  /** Number of the oldest entry that is kept. */
  readonly first: number;
  /** Number that the next entry will get. */
  readonly end: number;
  /** How far one is who has seen all before `first`. */
  readonly before: Positions;
  /** How far one is who has seen all. */
  readonly reached: Positions;
  at(number: number): Placed;
  /** Called whenever there is more. */
  onMore: () => void;
}

export interface WindowOptions {
  readonly log: EventLog;
  readonly logger: Logger;
  /** How often the topic is looked at while somebody follows, milliseconds. */
  readonly pollMs?: number;
  /** Most that it keeps: entries, and bytes of their records. */
  readonly mostEntries?: number;
  readonly mostBytes?: number;
}

const POLL_MS = 50;
const AGAIN_MS = 500;
const MOST_ENTRIES = 5_000;
const MOST_BYTES = 8 * 1024 * 1024;
/** Of each partition: read when it begins, so that whoever was cut off a moment ago needs no log of their own. */
const BEGIN_ENTRIES = 250;
/** Further back: only to know what comes twice. */
const BEGIN_VERSIONS = 500;
const REMEMBERED = 20_000;
const PAGE_RECORDS = 500;
/** It goes on so long without anybody, for those who come back. */
const LINGER_MS = 30_000;

interface Ring {
  readonly entries: (Placed & { readonly bytes: number })[];
  first: number;
  bytes: number;
  before: Positions;
  reached: Positions;
  readonly repeats: Repeats;
}

/** Reads nothing as long as nobody follows. */
export function createChangeWindow(options: WindowOptions): ChangeWindow {
  const { log, logger, pollMs = POLL_MS, mostEntries = MOST_ENTRIES, mostBytes = MOST_BYTES } = options;
  const topic = TOPICS.changes.name;
  const followers = new Set<Follower>();
  let ring: Promise<Ring> | null = null;

  async function begin(): Promise<Ring> {
    const ranges = await log.ranges(topic);
    const reached = ranges.map(({ earliest, latest }) => Math.max(earliest, latest - BEGIN_ENTRIES));
    const begun: Ring = {
      ...{ entries: [], first: 0, bytes: 0, before: reached, reached },
      repeats: createRepeats(REMEMBERED),
    };
    for (const { partition, earliest } of ranges) {
      const end = reached[partition]!;
      await eachPage(partition, Math.max(earliest, end - BEGIN_VERSIONS), end, (records) => {
        for (const record of records) if (record.offset < end) isNew(begun, entryOf(record));
      });
    }
    await readOn(begun);
    return begun;
  }

  async function readOn(into: Ring): Promise<boolean> {
    let found = false;
    for (const { partition, latest } of await log.ranges(topic))
      await eachPage(partition, into.reached[partition] ?? latest, latest, (records) => {
        for (const record of records) take(into, record);
        found ||= records.length > 0;
      });
    return found;
  }

  async function eachPage(
    partition: number,
    from: number,
    end: number,
    onPage: (records: readonly StoredRecord[]) => void,
  ): Promise<void> {
    for (let offset = from; offset < end; ) {
      const records = await log.read({ topic, partition, offset }, { records: PAGE_RECORDS });
      const last = records.at(-1);
      if (last === undefined) return;
      onPage(records);
      offset = last.offset + 1;
      await setImmediate(); // reads of the embedded log are synchronous: let others in between
    }
  }

  function take(into: Ring, record: StoredRecord): void {
    const { partition, offset, value } = record;
    const entry = entryOf(record);
    into.reached = into.reached.with(partition, offset + 1);
    if (!isNew(into, entry)) return;
    const { reached } = into;
    into.entries.push(placed(entry, reached, value.byteLength));
    into.bytes += value.byteLength;
    while (into.entries.length > mostEntries || into.bytes > mostBytes) drop(into);
  }

  async function keepReading(into: Ring): Promise<void> {
    let alone = performance.now();
    for (;;) {
      const again = await readOn(into).then(
        (found) => {
          if (found) for (const { onMore } of followers) onMore();
          return pollMs;
        },
        (err: unknown) => {
          logger.warn({ err }, 'the log does not answer, followers of changes wait');
          return AGAIN_MS;
        },
      );
      if (followers.size > 0) alone = performance.now();
      if (performance.now() - alone > LINGER_MS) break;
      await sleep(again, undefined, { ref: followers.size > 0 });
    }
    ring = null;
  }

  async function running(): Promise<Ring> {
    if (ring !== null) return ring;
    const begun = begin();
    ring = begun;
    try {
      void keepReading(await begun);
    } catch (error) {
      ring = null;
      throw error;
    }
    return begun;
  }

  return {
    async follow() {
      const { promise, resolve } = Promise.withResolvers<void>();
      resolve();
      await promise;
      const current = await running();
      const follower = followerOf(current, () => void followers.delete(follower));
      followers.add(follower);
      return follower;
    },
  };
}
