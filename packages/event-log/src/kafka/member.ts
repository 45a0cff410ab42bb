import type { LogPosition, StoredRecord, SubscribeOptions, TopicPartition } from '@kenal/contracts';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { createDelivery, type Delivery } from '../delivery.ts';
import { toLogFault, typeOf, within } from './fault.ts';
import { toStoredRecord } from './stored-record.ts';

export interface MemberOptions {
  /** A client of this member alone. */
  readonly client: Kafka;
  readonly wanted: SubscribeOptions;
  readonly sessionTimeoutMs: number;
  /** Where the group stands; a partition without a committed position stands at its earliest record. */
  readonly standing: (partitions: readonly TopicPartition[]) => Promise<ReadonlyMap<string, number>>;
}

/** One life of a kafkajs consumer, from its join to its crash. */
export interface Member {
  commit(positions: readonly LogPosition[]): Promise<void>;
  rewind(): Promise<void>;
  /** Partitions that have had nothing to deliver for `ms`, with the offset that each waits for (null: not known). */
  waiting(ms: number): readonly (TopicPartition & { readonly next: number | null })[];
  /** Milliseconds since it last joined or received anything. */
  silence(): number;
  /** Resolves with the cause when it has crashed. */
  readonly crashed: Promise<unknown>;
  stop(): Promise<void>;
}

interface Partition extends TopicPartition {
  readonly delivery: Delivery;
  /** Fetched, not yet taken: one entry a fetch. */
  readonly inbox: StoredRecord[][];
  end: number;
  next: number | null;
  since: number;
}

// A second fetch may come while the first is being worked on; then the partition is paused.
const INBOX_FETCHES = 2;
const FETCH_WAIT_MS = 100;
const RETRY_MS = 200;
/** Answers to a commit that mean: the partition is not this member's any more. */
const TAKEN_AWAY = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);

/**
 * kafkajs fetches and keeps the membership; delivery is ours. Its own handler would wait for the slowest partition of a
 * fetch, so one poison batch would stop them all, and it sends no heartbeat while a handler works.
 */
export async function joinGroup(options: MemberOptions): Promise<Member> {
  const { wanted, client } = options;
  const onError = wanted.onError ?? (() => {});
  const crash = Promise.withResolvers<unknown>();
  const partitions = new Map<string, Partition>();
  let owned = new Set<string>();
  let joins = 0;
  let stopping: Promise<void> | null = null;
  let heard = Date.now();
  let closing: Promise<void> = Promise.resolve();

  const consumer = client.consumer({
    groupId: wanted.group,
    sessionTimeout: options.sessionTimeoutMs,
    heartbeatInterval: Math.floor(options.sessionTimeoutMs / 10),
    rebalanceTimeout: 30_000,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    // A crash ends this member; the subscription above makes another.
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });

  /** Let batches in flight end, then let the user flush and commit. Repeated calls wait for the same end. */
  const close = (): Promise<void> => {
    const ending = [...partitions.values()];
    partitions.clear();
    if (ending.length > 0) {
      closing = closing.then(async () => {
        await Promise.all(ending.map(({ delivery }) => delivery.stop()));
        await wanted.onRevoked?.(ending.map(({ topic, partition }) => ({ topic, partition }))).catch(onError);
      });
    }
    return closing;
  };
  const open = (topic: string, partition: number, next: number | undefined): void => {
    const inbox: StoredRecord[][] = [];
    const made: Partition = {
      topic,
      partition,
      inbox,
      end: 0,
      next: next ?? null,
      since: Date.now(),
      delivery: createDelivery({
        topic,
        partition,
        offset: 0, // not looked at: the fetcher knows
        maxBatchRecords: wanted.maxBatchRecords,
        read() {
          const fetched = inbox.shift() ?? [];
          if (inbox.length < INBOX_FETCHES) consumer.resume([{ topic, partitions: [partition] }]);
          return fetched;
        },
        end: () => made.end,
        async onBatch(batch) {
          await wanted.onBatch(batch);
          made.next = batch.records.at(-1)!.offset + 1;
          made.since = Date.now();
        },
        onError,
      }),
    };
    partitions.set(nameOf(made), made);
    if (next !== undefined) consumer.seek({ topic, partition, offset: String(next) });
    consumer.resume([{ topic, partitions: [partition] }]);
  };
  const settle = async (join: number, assigned: readonly TopicPartition[]): Promise<void> => {
    await close();
    while (join === joins) {
      try {
        const positions = (await wanted.startAt?.(assigned)) ?? [];
        if (join !== joins) return;
        const starts = new Map(positions.map((position) => [nameOf(position), position.offset]));
        owned = new Set(assigned.map(nameOf));
        for (const one of assigned) open(one.topic, one.partition, starts.get(nameOf(one)));
        return;
      } catch (error) {
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  const eachBatch = async ({ batch, resolveOffset, isStale, isRunning }: EachBatchPayload): Promise<void> => {
    heard = Date.now();
    const to = partitions.get(nameOf(batch));
    // Not resolved, so it is fetched again by whoever has the partition.
    if (to === undefined || !isRunning() || isStale()) return;
    to.end = Number(batch.highWatermark);
    to.since = heard;
    to.inbox.push(batch.messages.map((message) => toStoredRecord(batch.topic, batch.partition, message)));
    resolveOffset(batch.lastOffset());
    if (to.inbox.length >= INBOX_FETCHES) consumer.pause([{ topic: batch.topic, partitions: [batch.partition] }]);
    to.delivery.wake();
  };

  consumer.on('consumer.group_join', ({ payload }) => {
    heard = Date.now();
    joins++;
    const assigned = Object.entries(payload.memberAssignment).flatMap(([topic, numbers]) =>
      numbers.map((partition) => ({ topic, partition })),
    );
    // Before the first fetch, in the same turn: nothing is delivered until `startAt` has spoken.
    for (const { topic, partition } of assigned) consumer.pause([{ topic, partitions: [partition] }]);
    void settle(joins, assigned);
  });
  consumer.on('consumer.crash', ({ payload }) => crash.resolve(payload.error));
  // kafkajs emits it after a fetch without records, too.
  consumer.on('consumer.heartbeat', () => {
    heard = Date.now();
  });

  const stop = async (): Promise<void> => {
    joins++;
    await close();
    owned.clear();
    await within(10_000, 'the consumer did not stop', consumer.disconnect()).catch(onError);
  };
  const run = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [...wanted.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch,
      // Our patch of kafkajs (infra/kafka/patches). A handler that does not end must not cost the membership.
      beforeRejoin: () => within(options.sessionTimeoutMs / 2, 'a batch did not end', close()).catch(onError),
    } as Parameters<Consumer['run']>[0]);
  };
  await run().catch(async (error) => {
    await stop();
    throw error;
  });

  return {
    crashed: crash.promise,
    async commit(positions) {
      const mine = positions.filter((position) => owned.has(nameOf(position)));
      if (mine.length === 0) return;
      try {
        await consumer.commitOffsets(mine.map((position) => ({ ...position, offset: String(position.offset) })));
      } catch (error) {
        if (!TAKEN_AWAY.has(typeOf(error))) throw toLogFault(error);
      }
    },
    async rewind() {
      const now = [...partitions.values()];
      const assigned = now.map(({ topic, partition }) => ({ topic, partition }));
      const starts = new Map(await options.standing(assigned));
      for (const start of (await wanted.startAt?.(assigned)) ?? []) starts.set(nameOf(start), start.offset);
      for (const one of now) {
        const next = starts.get(nameOf(one));
        if (next === undefined || partitions.get(nameOf(one)) !== one) continue;
        one.inbox.length = 0;
        one.next = next;
        consumer.seek({ topic: one.topic, partition: one.partition, offset: String(next) });
        consumer.resume([{ topic: one.topic, partitions: [one.partition] }]);
        one.delivery.seek(next);
      }
    },
    waiting(ms) {
      const before = Date.now() - ms;
      return [...partitions.values()]
        .filter(({ delivery, inbox, since }) => delivery.idle() && inbox.length === 0 && since < before)
        .map(({ topic, partition, next }) => ({ topic, partition, next }));
    },
    silence: () => Date.now() - heard,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
