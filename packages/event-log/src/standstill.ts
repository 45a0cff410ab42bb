import type { EventLog } from '@kenal/contracts';

/** Notices a consumer group that has something to read and does not get on. */
export interface Standstill {
  /** Compare with the last look; somebody does it every few seconds. @throws KenalError where the log does not answer */
  look(): Promise<void>;
  /** @returns null where the group moves or has nothing to do, else for how long it has not and how much waits */
  fault(): string | null;
}

const STALL_MS = 60_000;

/** @param stallMs how long a group may stand before that is a fault; a restart or a rebalance takes seconds */
export function createStandstill(
  log: EventLog,
  group: string,
  topics: readonly string[],
  stallMs = STALL_MS,
): Standstill {
  let seen = '';
  let since = performance.now();
  let waiting = 0;
  return {
    async look() {
      const committed = await log.committed(group, topics);
      const ends = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
      const offsets = new Map(committed.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
      waiting = ends.reduce((sum, { topic, partition, earliest, latest }) => {
        const next = Math.max(earliest, offsets.get(`${topic}/${partition}`) ?? 0);
        return sum + Math.max(0, latest - next);
      }, 0);
      const now = JSON.stringify([...offsets].sort());
      if (waiting === 0 || now !== seen) since = performance.now();
      seen = now;
    },
    fault() {
      const stands = performance.now() - since;
      if (waiting === 0 || stands < stallMs) return null;
      return `stands still for ${Math.round(stands / 1_000)} s while ${waiting} records wait`;
    },
  };
}
