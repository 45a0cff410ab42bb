import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, type StoredRecord, TOPICS } from '@kenal/contracts';
import type { Logger } from '@kenal/service-kit';
import { entryOf } from './entry.ts';
import type { Positions } from './positions.ts';
import { createRepeats, type Repeats } from './repeats.ts';
import { createRing, type Ring } from './ring.ts';

/** Sees the ring of newest changes; as long as there is one, it goes on. */
export interface Follower extends Disposable {
  readonly ring: Ring;
}

export interface ChangeWindow {
  /**
   * The newest changes of the topic, shared by all who follow: read, decoded and put in one order once, and only as long as
   * somebody follows.
   * @throws KenalError `log_unavailable`
   */
  follow(): Promise<Follower>;
}

export interface WindowOptions {
  readonly log: Pick<EventLog, 'read' | 'ranges'>;
  readonly logger: Logger;
  /** Called when the ring has more. */
  readonly onMore: () => void;
  /** How often the topic is looked at, milliseconds. Default 50. */
  readonly pollMs?: number | undefined;
  /** Most changes that the ring keeps. Default 5,000. */
  readonly mostEntries?: number | undefined;
}

const TOPIC = TOPICS.changes.name;
const POLL_MS = 50;
const AGAIN_MS = 500;
/** Of each partition, read at the beginning: whoever was cut off a moment ago finds what followed in the ring. */
const BEGIN_ENTRIES = 250;
/** Further back, only to know what comes twice: a relay sends 500 at a time. */
const BEGIN_VERSIONS = 500;
const REMEMBERED_VERSIONS = 20_000;
const PAGE_RECORDS = 500;
/** It goes on for so long without anybody, for those who come back. */
const LINGER_MS = 30_000;

export function createChangeWindow(options: WindowOptions): ChangeWindow {
  const { log, logger, onMore, pollMs = POLL_MS, mostEntries } = options;
  let followers = 0;
  let current: Promise<Ring> | null = null;

  async function eachPage(
    partition: number,
    from: number,
    end: number,
    onPage: (records: readonly StoredRecord[]) => void,
  ): Promise<void> {
    for (let offset = from; offset < end; ) {
      const records = await log.read({ topic: TOPIC, partition, offset }, { records: PAGE_RECORDS });
      const last = records.at(-1);
      if (last === undefined) return;
      onPage(records);
      offset = last.offset + 1;
      await setImmediate(); // reads of the embedded log are synchronous: let others in between
    }
  }

  async function begin(): Promise<Ring> {
    const ranges = await log.ranges(TOPIC);
    const start: Positions = ranges.map(({ earliest, latest }) => Math.max(earliest, latest - BEGIN_ENTRIES));
    const repeats = createRepeats(REMEMBERED_VERSIONS);
    for (const { partition, earliest } of ranges) {
      const end = start[partition] ?? 0;
      await eachPage(partition, Math.max(earliest, end - BEGIN_VERSIONS), end, (records) => {
        for (const record of records) if (record.offset < end) know(repeats, record);
      });
    }
    const ring = createRing(start, repeats, mostEntries);
    await readOn(ring);
    return ring;
  }

  async function readOn(ring: Ring): Promise<void> {
    for (const { partition, latest } of await log.ranges(TOPIC))
      await eachPage(partition, ring.reached[partition] ?? latest, latest, (records) => {
        for (const record of records) ring.take(record);
        onMore();
      });
  }

  async function keepReading(ring: Ring): Promise<void> {
    for (let alone = performance.now(); performance.now() - alone <= LINGER_MS; ) {
      await sleep(pollMs, undefined, { ref: followers > 0 });
      try {
        await readOn(ring);
      } catch (err) {
        logger.warn({ err }, 'the log does not answer, who follows changes waits');
        await sleep(AGAIN_MS, undefined, { ref: followers > 0 });
      }
      if (followers > 0) alone = performance.now();
    }
    current = null;
  }

  async function running(): Promise<Ring> {
    if (current !== null) return current;
    current = begin();
    try {
      const ring = await current;
      void keepReading(ring);
      return ring;
    } catch (error) {
      current = null;
      throw error;
    }
  }

  return {
    async follow() {
      const ring = await running();
      followers += 1;
      return {
        ring,
        [Symbol.dispose]() {
          followers -= 1;
        },
      };
    },
  };
}

function know(repeats: Repeats, record: StoredRecord): void {
  const entry = entryOf(record);
  if (entry !== null) repeats.isRepeat(entry.change);
}
