import type { StoredRecord, SubscribeOptions, TopicPartition } from '@kenal/contracts';
import { createDelivery } from '../delivery.ts';

/** What a partition may ask of the consumer that fetches for it. */
export interface Flow {
  pause(): void;
  resume(): void;
  seek(offset: number): void;
}

/** A partition of this member: what was fetched for it, and its delivery. */
export interface OwnedPartition extends TopicPartition {
  /** Offset that it waits for; null where nothing was delivered yet and nobody said where to begin. */
  readonly next: number | null;
  /** Take what one fetch brought. */
  take(records: StoredRecord[], highWatermark: number): void;
  /** Deliver from `offset` on; what was fetched before is forgotten. */
  seek(offset: number): void;
  /** True where there has been nothing to deliver since before `time`, milliseconds. */
  isIdleSince(time: number): boolean;
  /** No further batch; resolves when the one in flight has ended. */
  stop(): Promise<void>;
}

// A second fetch may come while the first is being worked on; then the partition is paused.
const INBOX_FETCHES = 2;

/** Begin to fetch and deliver. @param from the first offset; null: where the group stands */
export function openPartition(
  { topic, partition }: TopicPartition,
  from: number | null,
  flow: Flow,
  wanted: SubscribeOptions,
): OwnedPartition {
  const inbox: StoredRecord[][] = []; // fetched, not yet taken: one entry a fetch
  let end = 0;
  let next = from;
  let since = performance.now();
  const delivery = createDelivery({
    topic,
    partition,
    offset: 0, // not looked at: the fetcher knows
    maxBatchRecords: wanted.maxBatchRecords,
    read() {
      const fetched = inbox.shift() ?? [];
      if (inbox.length < INBOX_FETCHES) flow.resume();
      return fetched;
    },
    end: () => end,
    async onBatch(batch) {
      await wanted.onBatch(batch);
      next = batch.records.at(-1)!.offset + 1;
      since = performance.now();
    },
    onError: wanted.onError ?? (() => {}),
  });
  if (from !== null) flow.seek(from);
  flow.resume();

  return {
    topic,
    partition,
    get next() {
      return next;
    },
    take(records, highWatermark) {
      end = highWatermark;
      since = performance.now();
      inbox.push(records);
      if (inbox.length >= INBOX_FETCHES) flow.pause();
      delivery.wake();
    },
    seek(offset) {
      inbox.length = 0;
      next = offset;
      flow.seek(offset);
      flow.resume();
      delivery.seek(offset);
    },
    isIdleSince: (time) => delivery.idle() && inbox.length === 0 && since < time,
    stop: () => delivery.stop(),
  };
}
