import { setTimeout as sleep } from 'node:timers/promises';
import type { LogPosition, PartitionRange, TopicSpec } from '@kenal/contracts';
import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import type { LogSink } from '../log-sink.ts';
import { toLogFault, typeOf, within } from './fault.ts';
import { alterRetention, RETENTION, retentionText } from './retention.ts';

/** Questions about topics and groups over one connection, made again after a fault. */
export interface KafkaAdmin {
  /** Waits for the broker and says so; creates what is missing, and gives what exists the retention asked for. */
  ensureTopics(topics: readonly TopicSpec[], waitMs: number): Promise<void>;
  partitionsOf(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  committed(group: string, topics: readonly string[]): Promise<readonly LogPosition[]>;
  close(): Promise<void>;
}

// Partition counts change by an operator's hand only.
const COUNTS_FRESH_MS = 60_000;
const REPLICAS = 3;

export function createKafkaAdmin(client: Kafka, logger: LogSink, timeoutMs: number): KafkaAdmin {
  let admin: Promise<Admin> | null = null;
  const counts = new Map<string, { readonly partitions: number; readonly at: number }>();

  const connect = async (): Promise<Admin> => {
    const fresh = client.admin();
    await fresh.connect();
    return fresh;
  };
  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    admin ??= connect();
    const used = admin;
    try {
      return await within(timeoutMs, 'no answer from the broker', used.then(question));
    } catch (error) {
      if (admin === used) admin = null;
      void used.then((one) => one.disconnect()).catch(() => {});
      throw toLogFault(error);
    }
  };

  return {
    async ensureTopics(topics, waitMs) {
      const deadline = performance.now() + waitMs;
      for (;;) {
        try {
          return await ask(async (one) => {
            const existing = await createMissing(one, topics, logger);
            await alterRetention(one, existing, logger);
          });
        } catch (error) {
          if (performance.now() > deadline) throw error;
          logger.warn({ err: error, topics: topics.length }, 'waiting for Kafka to create topics');
          await sleep(1_000);
        }
      }
    },
    async partitionsOf(topics) {
      const stale = topics.filter(
        (topic) => (counts.get(topic)?.at ?? Number.NEGATIVE_INFINITY) < performance.now() - COUNTS_FRESH_MS,
      );
      if (stale.length > 0) {
        const { topics: found } = await ask((one) => one.fetchTopicMetadata({ topics: stale })).catch((error) => {
          // A broker that is down now says nothing new: what was known goes on.
          if (typeOf(error) !== UNKNOWN_TOPIC && topics.every((topic) => counts.has(topic))) return { topics: [] };
          throw error;
        });
        for (const { name, partitions } of found)
          counts.set(name, { partitions: partitions.length, at: performance.now() });
      }
      return new Map(topics.map((topic) => [topic, counts.get(topic)?.partitions ?? 1]));
    },
    async ranges(topic) {
      try {
        const offsets = await ask((one) => one.fetchTopicOffsets(topic));
        return offsets
          .map(({ partition, low, high }) => ({ topic, partition, earliest: Number(low), latest: Number(high) }))
          .sort((a, b) => a.partition - b.partition);
      } catch (error) {
        if (typeOf(error) === UNKNOWN_TOPIC) return [];
        throw error;
      }
    },
    async committed(group, topics) {
      const answer = await ask((one) => one.fetchOffsets({ groupId: group, topics: [...topics] }));
      return answer.flatMap(({ topic, partitions }) =>
        partitions
          .filter(({ offset }) => Number(offset) >= 0)
          .map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
      );
    },
    async close() {
      const last = admin;
      admin = null;
      await within(2_000, 'still connected', Promise.resolve(last?.then((one) => one.disconnect()))).catch(() => {});
    },
  };
}

const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';

/** @returns the topics that were there already */
async function createMissing(admin: Admin, topics: readonly TopicSpec[], logger: LogSink): Promise<TopicSpec[]> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !existing.has(name));
  const there = topics.filter(({ name }) => existing.has(name));
  if (missing.length === 0) return there;
  const { brokers } = await admin.describeCluster();
  if (brokers.length < REPLICAS) {
    logger.warn(
      { brokers: brokers.length },
      'fewer than 3 Kafka brokers: topics have one replica, flushed to disk at each write; the loss of the disk loses them',
    );
  }
  try {
    await admin.createTopics({
      topics: missing.map((spec) => topicConfig(spec, brokers.length)),
      waitForLeaders: true,
    });
  } catch (error) {
    // Another process created one of them meanwhile.
    const left = new Set(await admin.listTopics());
    if (missing.some(({ name }) => !left.has(name))) throw error;
  }
  logger.info({ topics: missing.map(({ name }) => name) }, 'Kafka topics created');
  return there;
}

function topicConfig({ name, partitions, retentionMs }: TopicSpec, brokers: number): ITopicConfig {
  const many = brokers >= REPLICAS;
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor: many ? REPLICAS : 1,
    configEntries: [
      { name: RETENTION, value: retentionText(retentionMs) },
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
      many ? { name: 'min.insync.replicas', value: '2' } : { name: 'flush.messages', value: '1' },
    ],
  };
}
