import { setImmediate } from 'node:timers/promises';
import type { EventLog, StoredRecord } from '@kenal/contracts';
import type { Codec } from './codec/codec.ts';

const READ_RECORDS = 500;
const PARTITION = 0;

export interface Stored<T> {
  readonly value: T;
  readonly offset: number;
}

/** A topic of one partition that its reader knows whole: read from the first record on, without a group. */
export interface TopicFeed<T> {
  /** Offset of the next record to read. */
  readonly next: number;
  /** Read to the end; each value is handed over once, in order. Calls run one after the other. */
  catchUp(): Promise<void>;
  /** Read again what was handed over before, from an offset on to before another, some hundred at a time. */
  eachFrom(from: number, end: number, take: (page: readonly Stored<T>[]) => Promise<void>): Promise<void>;
}

export interface TopicFeedOptions<T> {
  readonly log: Pick<EventLog, 'read'>;
  readonly topic: string;
  readonly codec: Codec<T>;
  readonly onValue: (value: T) => void;
  /** A record that is none of the topic; it is left out. */
  readonly onUnreadable: (offset: number, error: unknown) => void;
}

/** @throws KenalError `log_unavailable` from each call, where the log does not answer */
export function createTopicFeed<T>(options: TopicFeedOptions<T>): TopicFeed<T> {
  const { log, topic, codec, onValue, onUnreadable } = options;
  let next = 0;
  let last: Promise<void> = Promise.resolve();

  const read = (offset: number) => log.read({ topic, partition: PARTITION, offset }, { records: READ_RECORDS });

  function decoded({ value, offset }: StoredRecord): Stored<T>[] {
    try {
      return [{ value: codec.decode(value), offset }];
    } catch (error) {
      onUnreadable(offset, error);
      return [];
    }
  }

  async function readOn(): Promise<void> {
    for (;;) {
      const records = await read(next);
      if (records.length === 0) return;
      for (const record of records) {
        for (const { value } of decoded(record)) onValue(value);
        next = record.offset + 1;
      }
      await setImmediate(); // reads of the embedded log are synchronous: let others in between
    }
  }

  return {
    get next() {
      return next;
    },
    catchUp() {
      last = last.catch(() => undefined).then(readOn);
      return last;
    },
    async eachFrom(from, end, take) {
      for (let at = from; at < end; ) {
        const records = (await read(at)).filter(({ offset }) => offset < end);
        const newest = records.at(-1);
        if (newest === undefined) return;
        await take(records.flatMap(decoded));
        at = newest.offset + 1;
      }
    },
  };
}
