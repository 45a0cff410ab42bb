import { setImmediate } from 'node:timers/promises';
import { type EventLog, TOPICS } from '@kenal/contracts';
import { entryOf, type FeedEntry } from './entry.ts';

/** A record of the topic, decoded; null where it is no change. */
export interface PageRecord {
  readonly offset: number;
  readonly entry: FeedEntry | null;
}

/** Pages of the log, decoded once for all who read the same part of it at about the same time. */
export interface Pages {
  /** @returns some records from the offset on, or the earliest that are left; empty at the end. @throws KenalError `log_unavailable` */
  read(partition: number, offset: number): Promise<readonly PageRecord[]>;
}

interface Page {
  readonly records: readonly PageRecord[];
  readonly bytes: number;
}

const TOPIC = TOPICS.changes.name;
/** Pages begin at multiples of it, so that readers from anywhere meet in the same ones. */
const PAGE_RECORDS = 200;
/** Of the records of pages that are kept; decoded and as JSON they take some times that. */
const MOST_BYTES = 8 * 1024 * 1024;

export function createPages(log: Pick<EventLog, 'read'>): Pages {
  const pages = new Map<string, Promise<Page>>();
  const kept = new Map<string, number>();
  let bytes = 0;

  async function load(partition: number, offset: number): Promise<Page> {
    const found = await log.read({ topic: TOPIC, partition, offset }, { records: PAGE_RECORDS });
    await setImmediate(); // reads of the embedded log are synchronous: let others in between
    const records = found.filter((record) => record.offset < offset + PAGE_RECORDS || found[0]!.offset > offset);
    return {
      records: records.map((record) => ({ offset: record.offset, entry: entryOf(record) })),
      bytes: records.reduce((sum, { value }) => sum + value.byteLength, 0),
    };
  }

  /** A page that is full stays as it is; the last one of a partition grows. */
  function keep(name: string, page: Page, end: number): void {
    if (page.records.at(-1)?.offset !== end - 1) return void pages.delete(name);
    kept.set(name, page.bytes);
    bytes += page.bytes;
    for (const [oldest, size] of kept) {
      if (bytes <= MOST_BYTES) break;
      kept.delete(oldest);
      pages.delete(oldest);
      bytes -= size;
    }
  }

  function pageAt(partition: number, start: number): Promise<Page> {
    const name = `${partition}/${start}`;
    const known = pages.get(name);
    if (known !== undefined) return known;
    const loading = load(partition, start);
    pages.set(name, loading);
    loading.then(
      (page) => keep(name, page, start + PAGE_RECORDS),
      () => pages.delete(name),
    );
    return loading;
  }

  return {
    async read(partition, offset) {
      const { records } = await pageAt(partition, offset - (offset % PAGE_RECORDS));
      const wanted = records.findIndex((record) => record.offset >= offset);
      if (wanted >= 0) return wanted === 0 ? records : records.slice(wanted);
      // Of large records the log gives fewer at once than a page has
      return records.length === 0 ? [] : (await load(partition, offset)).records;
    },
  };
}
