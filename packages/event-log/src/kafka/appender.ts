import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, RecordMetadata } from 'kafkajs';
import { type Accumulator, createAccumulator, type Waiting } from '../accumulator.ts';
import type { LogSink } from '../log-sink.ts';
import { toLogFault, typeOf, within } from './fault.ts';
import { createLanes } from './lanes.ts';
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

/** Sends what callers append, one round of requests at a time, with acks=all. */
export function createKafkaAppender(options: Options): KafkaAppender {
  const { client, logger, lingerMs, timeoutMs, partitionsOf } = options;
  const lanes = createLanes(client);
  let turn = 0;

  const attempt = async (taken: readonly Waiting[]): Promise<void> => {
    const counts = await partitionsOf([...new Set(taken.map(({ topic }) => topic))]);
    const plan = planRequests(taken, (topic) => counts.get(topic) ?? 1, turn++);
    const answers: RecordMetadata[][] = [];
    for (const request of plan.requests) answers.push(await lanes.send(request));
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
        lanes.discard();
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
  return { append: accumulator.append, drained: accumulator.drained, close: lanes.close };
}
