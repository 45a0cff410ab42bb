import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, GROUPS, type LogPosition, TOPICS } from '@kenal/contracts';

const POLL_MS = 40;
const LOADED = [TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.receipts].map(({ name }) => name);

/**
 * Wait until everything that stood in the log when this was called is resolved and stored, step by step along the flow:
 * what a consumer has committed, it has also passed on.
 * @returns false where it took longer than `timeoutMs`
 */
export async function settle(log: EventLog, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  return (
    (await reached(log, GROUPS.resolver, [TOPICS.interactions.name], deadline)) &&
    (await reached(log, GROUPS.loader, LOADED, deadline))
  );
}

async function reached(log: EventLog, group: string, topics: readonly string[], deadline: number): Promise<boolean> {
  const ends = (await Promise.all(topics.map((topic) => log.ranges(topic))))
    .flat()
    .filter(({ earliest, latest }) => latest > earliest);
  for (;;) {
    const committed = indexed(await log.committed(group, topics));
    if (ends.every(({ topic, partition, latest }) => (committed.get(`${topic}/${partition}`) ?? 0) >= latest))
      return true;
    if (Date.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
}

function indexed(positions: readonly LogPosition[]): Map<string, number> {
  return new Map(positions.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
}
