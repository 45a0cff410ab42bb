import type { Kafka, Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import { within } from './fault.ts';

/** Producers that share the partitions of a request, each over a connection of its own. */
export interface Lanes {
  /** Send with acks=all. Whatever fails, nothing is on its way any more when it rejects. */
  send(request: readonly TopicMessages[]): Promise<RecordMetadata[]>;
  /** Use none of the present producers again. */
  discard(): void;
  close(): Promise<void>;
}

const MOST_LANES = 4;
/** Fewer records are not worth a request of their own. */
const LEAST_RECORDS = 32;

/**
 * A broker takes one request of a connection at a time, and where it is alone it fsyncs each partition in turn (`admin.ts`,
 * `flush.messages=1`). Over four connections these fsyncs run side by side, and the disk makes one of several: two to
 * three times the records a second.
 *
 * The producers are idempotent, so kafkajs' own retries double nothing. But after a send that failed for good kafkajs
 * takes its sequence numbers back, and a broker that did write the first attempt would take the *next* records, under
 * the same numbers, for a repetition: acknowledged and not stored. So a producer that failed once is never used again.
 */
export function createLanes(client: Kafka): Lanes {
  let producers: Promise<Producer>[] = [];

  const connect = async (): Promise<Producer> => {
    const fresh = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Partitions are chosen before the request is made (`planRequests`).
      createPartitioner: () => (args) => args.message.partition ?? 0,
      retry: { retries: 3, initialRetryTime: 50, maxRetryTime: 500 },
    });
    await fresh.connect();
    return fresh;
  };
  const sendOne = async (topicMessages: TopicMessages[], lane: number): Promise<RecordMetadata[]> => {
    producers[lane] ??= connect();
    return (await producers[lane]).sendBatch({ acks: -1, topicMessages });
  };

  return {
    async send(request) {
      const results = await Promise.allSettled(splitInLanes(request).map(sendOne));
      return results.flatMap((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      });
    },
    discard() {
      const failed = producers;
      producers = [];
      for (const one of failed) void one.then((producer) => producer.disconnect()).catch(() => {});
    },
    async close() {
      const last = producers;
      producers = [];
      const ended = Promise.all(last.map(async (one) => (await one).disconnect()));
      await within(2_000, 'still connected', ended).catch(() => {});
    },
  };
}

/** Disjoint sets of partitions, so that each partition gets its records in their order. */
function splitInLanes(request: readonly TopicMessages[]): TopicMessages[][] {
  const records = request.reduce((sum, { messages }) => sum + messages.length, 0);
  const lanes = Math.max(1, Math.min(MOST_LANES, Math.floor(records / LEAST_RECORDS)));
  if (lanes === 1) return [[...request]];
  const split: TopicMessages[][] = Array.from({ length: lanes }, () => []);
  for (const { topic, messages } of request) {
    const byLane = Map.groupBy(messages, ({ partition = 0 }) => partition % lanes);
    for (const [lane, some] of byLane) split[lane]?.push({ topic, messages: some });
  }
  return split.filter((some) => some.length > 0);
}
