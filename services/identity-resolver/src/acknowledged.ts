import type { LogPosition } from '@kenal/contracts';

/**
 * Positions of rounds whose changes another process may still be sending (it has the lease of an outbox, or died with it):
 * the group may not say that these rounds are done before that outbox was seen empty. Nothing waits meanwhile.
 */
export interface Acknowledged {
  /** @param sent whether everything of the round is in the log; positions that wait from rounds before go with it then */
  round(positions: readonly LogPosition[], sent: boolean): Promise<void>;
  /** The outboxes were seen empty: what waits may go. */
  sent(): Promise<void>;
  /** The rounds will be delivered again. */
  forget(): void;
}

/** @param commit commits positions of the consumer group */
export function createAcknowledged(commit: (positions: readonly LogPosition[]) => Promise<void>): Acknowledged {
  const waiting = new Map<string, LogPosition>();

  async function release(): Promise<void> {
    if (waiting.size === 0) return;
    const positions = [...waiting.values()];
    await commit(positions);
    for (const position of positions) {
      const name = nameOf(position);
      if (waiting.get(name) === position) waiting.delete(name);
    }
  }

  return {
    async round(positions, sent) {
      for (const position of positions) waiting.set(nameOf(position), position);
      if (sent) await release();
    },
    sent: release,
    forget: () => waiting.clear(),
  };
}

function nameOf({ topic, partition }: LogPosition): string {
  return `${topic}/${partition}`;
}
