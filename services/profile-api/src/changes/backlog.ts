import { type EventLog, TOPICS } from '@kenal/contracts';
import type { FeedEntry } from './entry.ts';
import type { PageRecord, Pages } from './pages.ts';
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
  readonly log: Pick<EventLog, 'ranges'>;
  readonly pages: Pages;
  /** Who may hold a page in memory. */
  readonly turns: Turns;
}

interface Held {
  readonly partition: number;
  readonly records: readonly PageRecord[];
  /** Index of the next one. */
  next: number;
  readonly release: () => void;
}

/** Before the place, only to know what comes twice: a relay sends 500 at a time. */
const LOOK_BACK = 500;
const REMEMBERED_VERSIONS = 2_000;

export function createBacklog({ log, pages, turns }: BacklogDeps, from: Positions): Backlog {
  const repeats = createRepeats(REMEMBERED_VERSIONS);
  const seeded = new Set<number>();
  let positions = from;
  let held: Held | null = null;
  let turn = 0;

  function forget(): void {
    held?.release();
    held = null;
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

  async function seed(partition: number, end: number): Promise<void> {
    if (seeded.has(partition)) return;
    for (let offset = Math.max(0, end - LOOK_BACK); offset < end; ) {
      const records = await pages.read(partition, offset);
      for (const record of records)
        if (record.offset < end && record.entry !== null) repeats.isRepeat(record.entry.change);
      offset = (records.at(-1)?.offset ?? end) + 1;
    }
    seeded.add(partition);
  }

  async function open(partition: number): Promise<Held | null> {
    const release = await turns.take();
    try {
      const at = positions[partition]!;
      await seed(partition, at);
      const records = await pages.read(partition, at);
      if (records[0]?.offset === at) return { partition, records, next: 0, release };
      if (isBehind(positions, await log.ranges(TOPICS.changes.name))) throw cursorGone();
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
      if (held === null) {
        const partition = nextPartition(end);
        if (partition === null) return;
        held = await open(partition);
      }
      while (held !== null && held.next < held.records.length) {
        const { partition, records } = held;
        const { offset, entry } = records[held.next]!;
        held.next += 1;
        positions = positions.with(partition, offset + 1);
        if (entry === null || repeats.isRepeat(entry.change)) continue;
        if (!take(entry, positions)) return;
      }
      forget();
    },
  };
}
