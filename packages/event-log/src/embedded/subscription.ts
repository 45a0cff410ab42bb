import { randomUUID } from 'node:crypto';
import type { LogPosition, SubscribeOptions, Subscription, TopicPartition } from '@kenal/contracts';
import { createDelivery, type Delivery } from '../delivery.ts';
import type { Assignment } from './messages.ts';
import type { TopicReader } from './topic-reader.ts';
import type { WriterLink } from './writer-link.ts';

interface Deps {
  readonly link: WriterLink;
  readonly reader: (topic: string) => TopicReader | null;
  readonly committed: (group: string, topics: readonly string[]) => Promise<readonly LogPosition[]>;
}

/** A subscription that can be told that records came. */
export interface EmbeddedSubscription extends Subscription {
  wake(topic: string): void;
}

const RETRY_ASSIGNMENT_MS = 200;

/** Join the group; partitions come and go with the assignments that the writer thread reports. */
export async function subscribeEmbedded(options: SubscribeOptions, deps: Deps): Promise<EmbeddedSubscription> {
  const who = { group: options.group, member: `${Date.now().toString(36)}-${randomUUID()}` };
  const deliveries = new Map<string, Delivery>();
  const onError = options.onError ?? (() => {});
  let latest: Assignment | null = null;
  let settling: Promise<void> | null = null;
  let stopped = false;

  /** Where to begin: what `startAt` says, else what the group committed, else the earliest record. */
  const positionsOf = async (partitions: readonly TopicPartition[]): Promise<Map<string, number>> => {
    const positions = new Map<string, number>();
    for (const { topic, partition } of partitions) positions.set(nameOf({ topic, partition }), 0);
    for (const position of await deps.committed(options.group, options.topics)) {
      if (positions.has(nameOf(position))) positions.set(nameOf(position), position.offset);
    }
    for (const position of (await options.startAt?.(partitions)) ?? [])
      positions.set(nameOf(position), position.offset);
    return positions;
  };
  const open = async (partitions: readonly TopicPartition[]): Promise<void> => {
    const positions = await positionsOf(partitions);
    for (const { topic, partition } of partitions) {
      const reader = deps.reader(topic);
      if (reader === null) throw new Error(`topic ${topic} cannot be read`);
      const delivery = createDelivery({
        topic,
        partition,
        offset: within(reader, partition, positions.get(nameOf({ topic, partition })) ?? 0),
        maxBatchRecords: options.maxBatchRecords,
        read: (offset, records) => reader.read(partition, offset, records),
        end: () => reader.ends()[partition] ?? 0,
        onBatch: options.onBatch,
        onError,
      });
      deliveries.set(nameOf(delivery), delivery);
      delivery.wake();
    }
  };
  const close = async (partitions: readonly TopicPartition[]): Promise<void> => {
    const ending = partitions.filter((one) => deliveries.has(nameOf(one)));
    if (ending.length === 0) return;
    await Promise.all(ending.map((one) => deliveries.get(nameOf(one))?.stop()));
    await options.onRevoked?.(ending.map(({ topic, partition }) => ({ topic, partition }))).catch(onError);
    for (const one of ending) deliveries.delete(nameOf(one));
  };
  /** Make the deliveries agree with an assignment; where it fails, the next round tries again. */
  const settle = async ({ owned, toRelease }: Assignment): Promise<void> => {
    const kept = new Set(owned.map(nameOf));
    await close([...deliveries.values()].filter((one) => !kept.has(nameOf(one))));
    await close(toRelease);
    if (toRelease.length > 0) await deps.link.request<'release'>({ kind: 'release', ...who, partitions: toRelease });
    const released = new Set(toRelease.map(nameOf));
    const added = owned.filter((one) => !released.has(nameOf(one)) && !deliveries.has(nameOf(one)));
    if (added.length > 0) await open(added);
  };
  const settleAll = async (): Promise<void> => {
    while (latest !== null && !stopped) {
      const assignment = latest;
      latest = null;
      try {
        await settle(assignment);
      } catch (error) {
        onError(error);
        latest ??= assignment;
        await new Promise((resolve) => setTimeout(resolve, RETRY_ASSIGNMENT_MS));
      }
    }
    settling = null;
  };
  const join = (): Promise<null> => deps.link.request<'join'>({ kind: 'join', ...who, topics: options.topics });

  deps.link.onMember(who.member, {
    assigned(assignment) {
      latest = assignment;
      settling ??= settleAll();
    },
    restarted: () => void join().catch(onError),
  });
  await join();

  return {
    wake(topic) {
      for (const delivery of deliveries.values()) if (delivery.topic === topic) delivery.wake();
    },
    async commit(positions) {
      const owned = positions.filter((position) => deliveries.has(nameOf(position)));
      if (owned.length > 0) await deps.link.request<'commit'>({ kind: 'commit', ...who, positions: owned });
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
    async stop() {
      if (stopped) return;
      stopped = true;
      await settling;
      await close([...deliveries.values()]);
      deps.link.onMember(who.member, null);
      await deps.link.request<'leave'>({ kind: 'leave', ...who });
    },
  };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

/** A position outside of what the partition holds (retention, another data directory) becomes the earliest. */
function within(reader: TopicReader, partition: number, offset: number): number {
  const range = reader.ranges()[partition];
  if (range === undefined) return 0;
  return offset < range.earliest || offset > range.latest ? range.earliest : offset;
}
