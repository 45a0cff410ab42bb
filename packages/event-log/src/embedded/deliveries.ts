import type { LogPosition, SubscribeOptions, TopicPartition } from '@kenal/contracts';
import { createDelivery, type Delivery } from '../delivery.ts';
import type { TopicReader } from './topic-reader.ts';

/** The partitions that a subscription delivers now. */
export interface Deliveries {
  has(at: TopicPartition): boolean;
  all(): readonly Delivery[];
  /** Begin where `startAt` says, else where the group has committed, else at the earliest record. */
  open(partitions: readonly TopicPartition[]): Promise<void>;
  /** Let the batches in flight end, then let the user flush and commit. */
  close(partitions: readonly TopicPartition[]): Promise<void>;
  /** Deliver again from where they would begin. */
  rewind(): Promise<void>;
}

export interface DeliveriesDeps {
  readonly reader: (topic: string) => TopicReader | null;
  readonly committed: (group: string, topics: readonly string[]) => Promise<readonly LogPosition[]>;
}

export function createDeliveries(options: SubscribeOptions, deps: DeliveriesDeps): Deliveries {
  const { maxBatchRecords, onBatch, onError = () => {} } = options;
  const deliveries = new Map<string, Delivery>();

  const positionsOf = async (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> => {
    const positions = new Map(partitions.map((at) => [nameOf(at), 0]));
    for (const position of await deps.committed(options.group, options.topics))
      if (positions.has(nameOf(position))) positions.set(nameOf(position), position.offset);
    for (const position of (await options.startAt?.(partitions)) ?? [])
      positions.set(nameOf(position), position.offset);
    return positions;
  };
  const openOne = ({ topic, partition }: TopicPartition, position: number): void => {
    const reader = deps.reader(topic);
    if (reader === null) throw new Error(`topic ${topic} cannot be read`);
    const delivery = createDelivery({
      ...{ topic, partition, maxBatchRecords, onBatch, onError },
      offset: within(reader, partition, position),
      read: (offset, records) => reader.read(partition, offset, records),
      end: () => reader.ends()[partition] ?? 0,
    });
    deliveries.set(nameOf(delivery), delivery);
    delivery.wake();
  };

  return {
    has: (at) => deliveries.has(nameOf(at)),
    all: () => [...deliveries.values()],
    async open(partitions) {
      const positions = await positionsOf(partitions);
      for (const at of partitions) openOne(at, positions.get(nameOf(at)) ?? 0);
    },
    async close(partitions) {
      const ending = partitions.filter((at) => deliveries.has(nameOf(at)));
      if (ending.length === 0) return;
      await Promise.all(ending.map((at) => deliveries.get(nameOf(at))?.stop()));
      await options.onRevoked?.(ending.map(({ topic, partition }) => ({ topic, partition }))).catch(onError);
      for (const at of ending) deliveries.delete(nameOf(at));
    },
    async rewind() {
      const now = [...deliveries.values()];
      const positions = await positionsOf(now.map(({ topic, partition }) => ({ topic, partition })));
      for (const delivery of now) {
        const reader = deps.reader(delivery.topic);
        const offset = positions.get(nameOf(delivery)) ?? 0;
        if (reader !== null) delivery.seek(within(reader, delivery.partition, offset));
      }
    },
  };
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** A position outside of what the partition holds (retention, another data directory) becomes the earliest. */
function within(reader: TopicReader, partition: number, offset: number): number {
  const range = reader.ranges()[partition];
  if (range === undefined) return 0;
  return offset < range.earliest || offset > range.latest ? range.earliest : offset;
}
