import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLog, GROUPS, type LogPosition, type PartitionRange, TOPICS, type TopicFlow } from '@kenal/contracts';

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
  const createGoal = createGoals(log);
  return (timeoutMs, signal) => createGoal()(timeoutMs, signal);
}

/**
 * @returns makes a goal: a `Settle` that speaks, however often it is called, of what stood in the log at its first call,
 * so that somebody who only looks in now and then sees it reached while more comes in
 */
export function createGoals(log: EventLog): () => Settle {
  const stages = STAGES.map(({ group, topics }) => ({ topics, committed: createPoll(log, group, topics) }));
  return () => {
    const steps = stages.map(({ topics, committed }) => createStep(log, topics, committed));
    return async (timeoutMs, signal) => {
      const deadline = performance.now() + timeoutMs;
      const over = (): boolean => performance.now() >= deadline || signal?.aborted === true;
      for (const isReached of steps) if (!(await isReached(over))) return false;
      return true;
    };
  };
}

/** Offsets by `topic/partition`. */
type Offsets = ReadonlyMap<string, number>;

/** @returns whether the group has committed what stood in the topics at the first call; once true, it stays so */
function createStep(
  log: EventLog,
  topics: readonly string[],
  committed: () => Promise<Offsets>,
): (over: () => boolean) => Promise<boolean> {
  let ends: readonly PartitionRange[] | null = null;
  let reached = false;
  return async (over) => {
    ends ??= await endsOf(log, topics);
    for (;;) {
      if (reached) return true;
      const offsets = await committed();
      reached ||= ends.every(({ topic, partition, latest }) => (offsets.get(`${topic}/${partition}`) ?? 0) >= latest);
      if (!reached && over()) return false;
    }
  };
}

async function endsOf(log: EventLog, topics: readonly string[]): Promise<readonly PartitionRange[]> {
  const ranges = await Promise.all(topics.map((topic) => log.ranges(topic)));
  return ranges.flat().filter(({ earliest, latest }) => latest > earliest);
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
