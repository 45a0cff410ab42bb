import type { TopicPartition } from '@kenal/contracts';
import { partitionOf } from '../partitioner.ts';

/** What a group's tables say at one moment. */
export interface GroupView {
  readonly member: string;
  readonly topics: readonly { readonly name: string; readonly partitions: number }[];
  /** Live members, sorted. */
  readonly members: readonly { readonly member: string; readonly topics: readonly string[] }[];
  readonly owners: readonly (TopicPartition & { readonly member: string })[];
}

/** What one member has, may take, and should give back. */
export interface Share {
  readonly owned: readonly TopicPartition[];
  readonly claimed: readonly TopicPartition[];
  /** Those of `owned` above its quota. */
  readonly surplus: readonly TopicPartition[];
}

/**
 * Fair, sticky share of one member, decided by each member alone: quotas of all members add up to the partition count,
 * so the group settles without a leader. A partition moves only when its owner gives it back.
 */
export function shareOf(view: GroupView): Share {
  const owned: TopicPartition[] = [];
  const claimed: TopicPartition[] = [];
  const surplus: TopicPartition[] = [];
  for (const { name, partitions } of view.topics) {
    const owners = view.owners.filter((owner) => owner.topic === name);
    const mine = owners.filter((owner) => owner.member === view.member).map(({ partition }) => partition);
    const quota = quotaOf(view, name, partitions);
    const taken = new Set(owners.map(({ partition }) => partition));
    for (const [i, partition] of mine.entries()) {
      owned.push({ topic: name, partition });
      if (i >= quota) surplus.push({ topic: name, partition });
    }
    for (let partition = 0, room = quota - mine.length; partition < partitions && room > 0; partition++) {
      if (taken.has(partition)) continue;
      claimed.push({ topic: name, partition });
      room--;
    }
  }
  return { owned, claimed, surplus };
}

// The remainder of the division goes to other members for each topic, so that one member does not get every topic of
// one partition.
function quotaOf(view: GroupView, topic: string, partitions: number): number {
  const readers = view.members.filter(({ topics }) => topics.includes(topic));
  const place = readers.findIndex(({ member }) => member === view.member);
  const rank = (place + partitionOf(topic, 1_024)) % readers.length;
  return Math.floor(partitions / readers.length) + (rank < partitions % readers.length ? 1 : 0);
}
