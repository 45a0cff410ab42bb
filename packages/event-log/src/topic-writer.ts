import { type EventLog, type LogPosition, TOPICS, type TopicFlow, type TopicKey } from '@kenal/contracts';
import { createCodec } from './codec/codec.ts';

/** A value with the key that decides its partition (see `TOPICS[…].key`). */
export interface TopicItem<T> {
  readonly key: string;
  readonly value: T;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Appends typed values to one topic. */
export interface TopicWriter<T> {
  /** @returns positions in the order of `items` @throws KenalError `log_unavailable` where they may not be durable */
  append(items: readonly TopicItem<T>[]): Promise<readonly LogPosition[]>;
}

export function createTopicWriter<T>(log: EventLog, topicKey: TopicKey): TopicWriter<T> {
  const flow: TopicFlow = TOPICS[topicKey];
  if (flow.schema === null) throw new Error(`topic ${flow.name} has no schema yet`);
  const codec = createCodec<T>(flow.schema);
  return {
    async append(items) {
      if (items.length === 0) return [];
      return log.append(
        flow.name,
        items.map(({ key, value, headers }) => ({
          key,
          value: codec.encode(value),
          ...(headers === undefined ? {} : { headers }),
        })),
      );
    },
  };
}
