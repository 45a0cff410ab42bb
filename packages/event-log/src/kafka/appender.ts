import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, Producer, RecordMetadata } from 'kafkajs';
import { type Accumulator, createAccumulator, type Waiting } from '../accumulator.ts';
import type { LogSink } from '../log-sink.ts';
import { toLogFault, typeOf, within } from './fault.ts';
import { planRequests } from './requests.ts';

interface Options {
  readonly client: Kafka;
  readonly logger: LogSink;
  readonly lingerMs: number;
  /** From `append` to its refusal where the broker does not answer. */
  readonly timeoutMs: number;
  /** Partition counts by topic. @throws where the broker does not answer or knows no such topic */
  readonly partitionsOf: (topics: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

export interface KafkaAppender extends Pick<Accumulator, 'append' | 'drained'> {
  close(): Promise<void>;
}

const RETRY_MS = 200;

/**
 * Sends what callers append, one request at a time, with acks=all.
 *
 * The producer is idempotent, so kafkajs' own retries double nothing. But after a send that failed for good kafkajs
 * takes its sequence numbers back, and a broker that did write the first attempt would take the *next* records, under
 * the same numbers, for a repetition: acknowledged and not stored. So a producer that failed once is never used again.
 */
export function createKafkaAppender(options: Options): KafkaAppender {
  const { client, logger, lingerMs, timeoutMs, partitionsOf } = options;
  let producer: Promise<Producer> | null = null;
  let turn = 0;

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
  const discard = (): void => {
    const failed = producer;
    producer = null;
    void failed?.then((one) => one.disconnect()).catch(() => {});
  };
  const attempt = async (taken: readonly Waiting[]): Promise<void> => {
    const counts = await partitionsOf([...new Set(taken.map(({ topic }) => topic))]);
    const plan = planRequests(taken, (topic) => counts.get(topic) ?? 1, turn++);
    producer ??= connect();
    const ready = await producer;
    const answers: RecordMetadata[][] = [];
    for (const topicMessages of plan.requests) answers.push(await ready.sendBatch({ acks: -1, topicMessages }));
    const positions = plan.positions(answers);
    for (const [i, one] of taken.entries()) one.resolve(positions[i] ?? []);
  };
  /** Try until it is written or the first of the callers has waited long enough. */
  const write = async (taken: readonly Waiting[]): Promise<void> => {
    const deadline = (taken[0]?.since ?? 0) + timeoutMs;
    for (;;) {
      try {
        await within(deadline - performance.now(), 'no answer from the broker', attempt(taken));
        return;
      } catch (error) {
        discard();
        const fault = toLogFault(error);
        if (!fault.retryable || performance.now() + RETRY_MS >= deadline) {
          logger.warn({ err: fault, type: typeOf(error), callers: taken.length }, 'append to Kafka refused');
          for (const one of taken) one.reject(fault);
          return;
        }
      }
      await sleep(RETRY_MS);
    }
  };
  const accumulator = createAccumulator({
    sink: 'the broker',
    linger: (flush) => void setTimeout(flush, lingerMs),
    write,
  });
  return {
    append: accumulator.append,
    drained: accumulator.drained,
    async close() {
      const last = producer;
      producer = null;
      await within(2_000, 'still connected', Promise.resolve(last?.then((one) => one.disconnect()))).catch(() => {});
    },
  };
}
