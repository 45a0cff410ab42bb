import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, GROUPS, type LogPosition, TOPICS, type TopicFlow } from '@kenal/contracts';

const POLL_MS = 40;

/** The groups in the order in which data flows through them: what one has committed, it has also passed on. */
const STAGES = [
  { group: GROUPS.resolver, topics: topicsReadBy('@kenal/identity-resolver') },
  { group: GROUPS.loader, topics: topicsReadBy('@kenal/warehouse-loader') },
] as const;

/**
 * Wait until everything that stood in the log when this was called is resolved and stored. Any process may ask: it looks
 * at the ends of topics and at what the groups have committed, nothing else.
 * Where several resolvers run, a change of a profile may follow a moment later (identity-resolver, README).
 * @param signal of somebody who no longer waits
 * @returns false where it took longer than `timeoutMs`, or nobody waits any more
 */
export type Settle = (timeoutMs: number, signal?: AbortSignal) => Promise<boolean>;

export function createSettle(log: EventLog): Settle {
  const stages = STAGES.map(({ group, topics }) => ({ topics, committed: createPoll(log, group, topics) }));
  return async (timeoutMs, signal) => {
    const deadline = performance.now() + timeoutMs;
    const over = (): boolean => performance.now() >= deadline || signal?.aborted === true;
    for (const { topics, committed } of stages) if (!(await reached(log, topics, committed, over))) return false;
    return true;
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

/** Topics of which the reader's group commits how far it is. */
function topicsReadBy(reader: string): readonly string[] {
  const flows: readonly TopicFlow[] = Object.values(TOPICS);
  return flows
    .filter(({ schema, readers }) => schema !== null && readers.includes(reader))
    .filter(({ ungrouped = [] }) => !ungrouped.includes(reader))
    .map(({ name }) => name);
}
