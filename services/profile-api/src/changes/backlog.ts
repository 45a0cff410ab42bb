import { setImmediate } from 'node:timers/promises';
import { type EventLog, type StoredRecord, TOPICS } from '@kenal/contracts';
import { entryOf, type FeedEntry } from './entry.ts';
import { cursorGone, isBehind, type Positions } from './positions.ts';
import { createRepeats } from './repeats.ts';
import type { Turns } from './turns.ts';

/** The changes of the log from a place on, for one who is too far behind for the ring. */
export interface Backlog {
  readonly positions: Positions;
  /**
   * @param end where the ring begins: no further is read than it takes
   * @param take is handed each change with how far somebody is who has seen it; false: this was the last one for now
   * @throws KenalError `cursor_gone` where the log has dropped what comes next; `log_unavailable`
   */
  read(end: Positions, take: (entry: FeedEntry, reached: Positions) => boolean): Promise<void>;
  /** Keep no record in memory: they are read again when they are asked for. */
  forget(): void;
}

export interface BacklogDeps {
  readonly log: Pick<EventLog, 'read' | 'ranges'>;
  /** Who may have a page of the log in memory. */
  readonly turns: Turns;
}

interface Page {
  readonly partition: number;
  readonly records: readonly StoredRecord[];
  /** Index of the next one. */
  next: number;
  readonly release: () => void;
}

const TOPIC = TOPICS.changes.name;
const PAGE_RECORDS = 200;
/** Before the place, only to know what comes twice: a relay sends 500 at a time. */
const LOOK_BACK = 500;
const REMEMBERED_VERSIONS = 2_000;

export function createBacklog({ log, turns }: BacklogDeps, from: Positions): Backlog {
  const repeats = createRepeats(REMEMBERED_VERSIONS);
  const seeded = new Set<number>();
  let positions = from;
  let page: Page | null = null;
  let turn = 0;

  function forget(): void {
    page?.release();
    page = null;
  }

  /** The next partition in turn that lies before the ring, so that the cursor moves on in all of them. */
  function nextPartition(end: Positions): number | null {
    for (let n = 0; n < end.length; n += 1) {
      const partition = (turn + n) % end.length;
      if (positions[partition]! >= end[partition]!) continue;
      turn = partition + 1;
      return partition;
    }
    return null;
  }

  const fetch = (partition: number, offset: number, records: number) =>
    log.read({ topic: TOPIC, partition, offset }, { records });

  async function seed(partition: number, end: number): Promise<void> {
    if (seeded.has(partition)) return;
    seeded.add(partition);
    for (const record of await fetch(partition, Math.max(0, end - LOOK_BACK), LOOK_BACK)) {
      if (record.offset >= end) break;
      const entry = entryOf(record);
      if (entry !== null) repeats.isRepeat(entry.change);
    }
  }

  async function open(partition: number): Promise<Page | null> {
    const release = await turns.take();
    try {
      const at = positions[partition]!;
      await seed(partition, at);
      const records = await fetch(partition, at, PAGE_RECORDS);
      await setImmediate(); // reads of the embedded log are synchronous: let others in between
      if (records[0] !== undefined && records[0].offset === at) return { partition, records, next: 0, release };
      if (isBehind(positions, await log.ranges(TOPIC))) throw cursorGone();
      if (records.length > 0) return { partition, records, next: 0, release };
      release();
      return null;
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    get positions() {
      return positions;
    },
    forget,
    async read(end, take) {
      if (page === null) {
        const partition = nextPartition(end);
        if (partition === null) return;
        page = await open(partition);
      }
      while (page !== null && page.next < page.records.length) {
        const { partition, records } = page;
        const record = records[page.next]!;
        page.next += 1;
        positions = positions.with(partition, record.offset + 1);
        const entry = entryOf(record);
        if (entry === null || repeats.isRepeat(entry.change)) continue;
        if (!take(entry, positions)) return;
      }
      forget();
    },
  };
}
