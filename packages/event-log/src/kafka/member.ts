import type { LogPosition, SubscribeOptions, TopicPartition } from '@kenal/contracts';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { type Assignment, createAssignment } from './assignment.ts';
import { toLogFault, typeOf, within } from './fault.ts';
import type { OwnedPartition } from './partition.ts';
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
  /** Commits of what is not this member's any more are left out: whoever has it now will get it again. */
  commit(positions: readonly LogPosition[]): Promise<void>;
  rewind(): Promise<void>;
  /** Partitions that have had nothing to deliver for `ms`. */
  waiting(ms: number): readonly OwnedPartition[];
  /** Milliseconds since it last joined or received anything. */
  silence(): number;
  /** Resolves with the cause when it has crashed. */
  readonly crashed: Promise<unknown>;
  stop(): Promise<void>;
}

const FETCH_WAIT_MS = 100;
const DISCONNECT_MS = 10_000;
const COMMIT_MS = 30_000;
/** Answers to a commit that mean: the partition is not this member's any more. */
const TAKEN_AWAY = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);

/**
 * kafkajs fetches and keeps the membership; delivery is ours. Its own handler would wait for the slowest partition of a
 * fetch, so one poison batch would stop them all, and it sends no heartbeat while a handler works.
 */
export async function joinGroup({ client, wanted, sessionTimeoutMs, standing }: MemberOptions): Promise<Member> {
  const onError = wanted.onError ?? (() => {});
  const consumer = consumerOf(client, wanted.group, sessionTimeoutMs);
  const assignment = createAssignment({ wanted, standing, flowOf: (at) => flowOf(consumer, at) });
  const crash = watch(consumer, assignment);
  const stop = async (): Promise<void> => {
    await assignment.end();
    await within(DISCONNECT_MS, 'the consumer did not stop', consumer.disconnect()).catch(onError);
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...wanted.topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: crash.hearing((payload) => takeBatch(assignment, payload)),
      // Our patch of kafkajs (infra/kafka/patches). A handler that does not end must not cost the membership.
      beforeRejoin: () => within(sessionTimeoutMs / 2, 'a batch did not end', assignment.close()).catch(onError),
    } as Parameters<Consumer['run']>[0]);
  } catch (error) {
    await stop();
    throw error;
  }
  let stopping: Promise<void> | null = null;
  return {
    crashed: crash.happened,
    async commit(positions) {
      const mine = positions.filter((position) => assignment.owns(position));
      // A crashed consumer refuses every commit; whoever tries until it is done would keep us from joining again.
      if (mine.length === 0 || crash.isOver()) return;
      const offsets = mine.map((position) => ({ ...position, offset: String(position.offset) }));
      try {
        await within(COMMIT_MS, 'the commit was not answered', consumer.commitOffsets(offsets));
      } catch (error) {
        if (!crash.isOver() && !TAKEN_AWAY.has(typeOf(error))) throw toLogFault(error);
      }
    },
    rewind: assignment.rewind,
    waiting: assignment.waiting,
    silence: crash.silence,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

function consumerOf(client: Kafka, group: string, sessionTimeoutMs: number): Consumer {
  return client.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.floor(sessionTimeoutMs / 10),
    rebalanceTimeout: 30_000,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    // A crash ends this member; the subscription above makes another.
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
}

function flowOf(consumer: Consumer, { topic, partition }: TopicPartition) {
  const only = [{ topic, partitions: [partition] }];
  return {
    pause: () => consumer.pause(only),
    resume: () => consumer.resume(only),
    seek: (offset: number) => consumer.seek({ topic, partition, offset: String(offset) }),
  };
}

/** Tell the assignment of each join, and keep when something was heard last. */
function watch(consumer: Consumer, assignment: Assignment) {
  const happened = Promise.withResolvers<unknown>();
  let over = false;
  let heard = performance.now();
  consumer.on('consumer.group_join', ({ payload }) => {
    heard = performance.now();
    const assigned = Object.entries(payload.memberAssignment).flatMap(([topic, numbers]) =>
      numbers.map((partition) => ({ topic, partition })),
    );
    // Before the first fetch, in the same turn: nothing is delivered until `startAt` has spoken.
    for (const { topic, partition } of assigned) consumer.pause([{ topic, partitions: [partition] }]);
    assignment.assign(assigned);
  });
  // kafkajs emits it after a fetch without records, too.
  consumer.on('consumer.heartbeat', () => {
    heard = performance.now();
  });
  consumer.on('consumer.crash', ({ payload }) => {
    over = true;
    happened.resolve(payload.error);
  });
  return {
    happened: happened.promise,
    isOver: () => over,
    silence: () => performance.now() - heard,
    hearing: (take: (payload: EachBatchPayload) => void) => async (payload: EachBatchPayload) => {
      heard = performance.now();
      take(payload);
    },
  };
}

function takeBatch(assignment: Assignment, { batch, resolveOffset, isStale, isRunning }: EachBatchPayload): void {
  const { topic, partition, messages } = batch;
  if (!isRunning() || isStale()) return;
  const records = () => messages.map((message) => toStoredRecord(topic, partition, message));
  // What is not taken is not resolved, so it is fetched again by whoever has the partition.
  if (assignment.take(batch, records, Number(batch.highWatermark))) resolveOffset(batch.lastOffset());
}
