import type { LogPosition, TopicPartition } from '@kenal/contracts';

/**
 * Positions of rounds that may not be told to the group yet: another process may still be sending their changes (it has
 * the lease of an outbox, or died with it), or the lane holds a record of theirs. Nothing waits meanwhile.
 */
export interface Acknowledged {
  /** @param sent whether everything of the round is in the log; positions that wait from rounds before go with it then */
  round(positions: readonly LogPosition[], sent: boolean): Promise<void>;
  /** The outboxes were seen empty: what waits may go. */
  sent(): Promise<void>;
  /** The rounds will be delivered again, or to somebody else. @param partitions default: all */
  forget(partitions?: readonly TopicPartition[]): void;
}

/**
 * @param commit commits positions of the consumer group
 * @param heldFrom offset of the first record of a partition that the lane holds
 */
export function createAcknowledged(
  commit: (positions: readonly LogPosition[]) => Promise<void>,
  heldFrom: (partition: number) => number = () => Number.POSITIVE_INFINITY,
): Acknowledged {
  const waiting = new Map<string, LogPosition>();
  const told = new Map<string, number>();

  async function release(): Promise<void> {
    const due: { readonly name: string; readonly position: LogPosition; readonly upTo: LogPosition }[] = [];
    for (const [name, position] of waiting) {
      const offset = Math.min(position.offset, heldFrom(position.partition));
      if (offset !== told.get(name)) due.push({ name, position, upTo: { ...position, offset } });
    }
    if (due.length === 0) return;
    await commit(due.map(({ upTo }) => upTo));
    for (const { name, position, upTo } of due) {
      if (waiting.get(name) !== position) continue;
      if (upTo.offset < position.offset) told.set(name, upTo.offset);
      else {
        waiting.delete(name);
        told.delete(name);
      }
    }
  }

  return {
    async round(positions, sent) {
      for (const position of positions) waiting.set(nameOf(position), position);
      if (sent) await release();
    },
    sent: release,
    forget(partitions) {
      const names = partitions?.map(nameOf) ?? [...waiting.keys()];
      for (const name of names) {
        waiting.delete(name);
        told.delete(name);
      }
    },
  };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
