import { setImmediate } from 'node:timers/promises';
import type { EventLog, PartitionRange, StoredRecord } from '@kenal/contracts';
import type { Codec } from '@kenal/event-log';

/** What a record of the log holds, and where it stands. */
export interface Found<T> {
  readonly value: T;
  readonly record: StoredRecord;
}

/** Records of a topic, written since a time, that hold what is asked for. @param since milliseconds */
export type FindRecords<T> = (matches: (value: T) => boolean, since: number) => Promise<Found<T>[]>;

/** Clocks of the log's brokers and of the resolver differ. */
const SLACK_MS = 5_000;
const PAGE = 500;
/** Of each partition: what an event causes is published within seconds of it. */
const MOST_RECORDS = 5_000;

/** Looks through the log itself: the time of its records leads to the place, and some seconds are read from there. */
export function createFindRecords<T>(log: EventLog, topic: string, { decode }: Codec<T>): FindRecords<T> {
  // What cannot be decoded is the loader's to report
  function read({ value }: StoredRecord): T | null {
    try {
      return decode(value);
    } catch {
      return null;
    }
  }

  async function recordAt({ partition }: PartitionRange, offset: number): Promise<StoredRecord | undefined> {
    const [record] = await log.read({ topic, partition, offset }, { records: 1 });
    return record;
  }

  /** First offset whose record is not older, by halves. */
  async function startOf(range: PartitionRange, since: number): Promise<number> {
    let [low, high] = [range.earliest, range.latest];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const record = await recordAt(range, middle);
      if (record === undefined || record.offset >= high || record.timestamp >= since) high = middle;
      else low = record.offset + 1;
    }
    return low;
  }

  return async (matches, since) => {
    const search = async (range: PartitionRange): Promise<Found<T>[]> => {
      const found: Found<T>[] = [];
      const { partition, latest } = range;
      const start = await startOf(range, since - SLACK_MS);
      for (let offset = start; offset < latest && offset - start < MOST_RECORDS; ) {
        const records = await log.read({ topic, partition, offset }, { records: PAGE });
        if (records.length === 0) break;
        for (const record of records) {
          offset = record.offset + 1;
          const value = read(record);
          if (value !== null && matches(value)) found.push({ value, record });
        }
        await setImmediate(); // reads of the embedded log are synchronous: let others in between
      }
      return found;
    };
    return (await Promise.all((await log.ranges(topic)).map(search))).flat();
  };
}
