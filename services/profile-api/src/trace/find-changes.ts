import { setImmediate } from 'node:timers/promises';
import { type Change, type EventLog, type PartitionRange, type StoredRecord, TOPICS } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';

/** A change in the feed, and where it stands. */
export interface FoundChange {
  readonly change: Change;
  readonly record: StoredRecord;
}

/** Changes that an event caused, published since a time. @param since milliseconds */
export type FindChanges = (
  workspace: string,
  source: string,
  messageId: string,
  since: number,
) => Promise<FoundChange[]>;

/** Clocks of the log's brokers and of the resolver differ. */
const SLACK_MS = 5_000;
const PAGE = 500;
/** Of each partition: what an event causes is published within seconds of it. */
const MOST_RECORDS = 5_000;

/** Looks through the change feed itself: the time of its records leads to the place, and some seconds are read from there. */
export function createFindChanges(log: EventLog): FindChanges {
  const { decode } = createCodec<Change>('change');
  const { name: topic } = TOPICS.changes;

  // What cannot be decoded is the loader's to report
  function read({ value }: StoredRecord): Change | null {
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

  return async (workspace, source, messageId, since) => {
    const search = async (range: PartitionRange): Promise<FoundChange[]> => {
      const found: FoundChange[] = [];
      const { partition, latest } = range;
      const start = await startOf(range, since - SLACK_MS);
      for (let offset = start; offset < latest && offset - start < MOST_RECORDS; ) {
        const records = await log.read({ topic, partition, offset }, { records: PAGE });
        if (records.length === 0) break;
        for (const record of records) {
          offset = record.offset + 1;
          const change = read(record);
          if (change?.workspace === workspace && change.cause.messageId === messageId && change.cause.source === source)
            found.push({ change, record });
        }
        await setImmediate(); // reads of the embedded log are synchronous: let others in between
      }
      return found;
    };
    return (await Promise.all((await log.ranges(topic)).map(search))).flat();
  };
}
