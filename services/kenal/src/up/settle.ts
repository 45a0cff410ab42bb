import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, GROUPS, type LogPosition, TOPICS } from '@kenal/contracts';

const POLL_MS = 40;
const TAKEN = [TOPICS.interactions.name];
const LOADED = [TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.receipts].map(({ name }) => name);

/**
 * Wait until everything that stood in the log when this was called is resolved and stored.
 * @param signal of somebody who no longer waits
 * @returns false where it took longer than `timeoutMs`, or nobody waits any more
 */
export type Settle = (timeoutMs: number, signal?: AbortSignal) => Promise<boolean>;

/** Goes step by step along the flow: what a consumer has committed, it has also passed on. */
export function createSettle(log: EventLog): Settle {
  const resolved = createPoll(log, GROUPS.resolver, TAKEN);
  const stored = createPoll(log, GROUPS.loader, LOADED);
  return async (timeoutMs, signal) => {
    const deadline = Date.now() + timeoutMs;
    const over = (): boolean => Date.now() >= deadline || signal?.aborted === true;
    return (await reached(log, TAKEN, resolved, over)) && (await reached(log, LOADED, stored, over));
  };
}

/** Offsets by `topic/partition`. */
type Offsets = ReadonlyMap<string, number>;

async function reached(
  log: EventLog,
  topics: readonly string[],
  committed: () => Promise<Offsets>,
  over: () => boolean,
): Promise<boolean> {
  const ends = (await Promise.all(topics.map((topic) => log.ranges(topic))))
    .flat()
    .filter(({ earliest, latest }) => latest > earliest);
  for (;;) {
    const offsets = await committed();
    if (ends.every(({ topic, partition, latest }) => (offsets.get(`${topic}/${partition}`) ?? 0) >= latest))
      return true;
    if (over()) return false;
  }
}

/** @returns what the group has committed, read a moment after the call: all who call before that share one read */
function createPoll(log: EventLog, group: string, topics: readonly string[]): () => Promise<Offsets> {
  let next: Promise<Offsets> | null = null;
  const read = async (): Promise<Offsets> => {
    await sleep(POLL_MS);
    next = null; // who calls from here on may have seen ends that this read does not show yet
    return indexed(await log.committed(group, topics));
  };
  return () => (next ??= read());
}

function indexed(positions: readonly LogPosition[]): Offsets {
  return new Map(positions.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
}
