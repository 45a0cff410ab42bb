import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, GROUPS, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';

const TOPIC = TOPICS.interactions.name;
const POLL_MS = 50;

/** The place of every resolver, taken. */
export interface Alone {
  /** @throws KenalError `still_running` where a resolver has come */
  check(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Be the only member of the resolvers' group: who has all its partitions knows that no resolver reads, and none begins
 * unnoticed. Nothing is read or committed meanwhile.
 * @param patienceMs how long to wait: a member that was killed counts as one until its session ends
 * @throws KenalError `still_running` where a resolver runs
 */
export async function beAlone(log: EventLog, patienceMs: number): Promise<Alone> {
  const ours = new Set<number>();
  const subscription = await log.subscribe({
    group: GROUPS.resolver,
    topics: [TOPIC],
    maxBatchRecords: 1,
    startAt: async (assigned) => {
      for (const { partition } of assigned) ours.add(partition);
      const ranges = await log.ranges(TOPIC);
      return ranges.map(({ topic, partition, latest }) => ({ topic, partition, offset: latest }));
    },
    onBatch: async () => {
      throw new Error('the identity state is being rebuilt'); // it comes again, to a resolver
    },
    onRevoked: async (revoked) => {
      for (const { partition } of revoked) ours.delete(partition);
    },
  });

  async function check(): Promise<void> {
    const all = (await log.ranges(TOPIC)).map(({ partition }) => partition);
    for (let waited = 0; !all.every((partition) => ours.has(partition)); waited += POLL_MS) {
      if (waited >= patienceMs)
        throw new KenalError(
          'still_running',
          'an identity-resolver runs; stop all of them, and start them again when the rebuild is done',
        );
      await sleep(POLL_MS);
    }
  }

  try {
    await check();
  } catch (error) {
    await subscription.stop();
    throw error;
  }
  return { check, release: () => subscription.stop() };
}
