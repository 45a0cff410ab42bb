import { type EventLog, GROUPS, type IdentityState, type ProcessedOffset, TOPICS } from '@kenal/contracts';

/** What log, group and state say of a partition of the interactions. */
export interface Standing {
  readonly partition: number;
  /** Where to begin: the smaller of what was published and what the state has, as far as the log reaches back. */
  readonly start: number;
  /** Undefined where the group has never committed. */
  readonly group: number | undefined;
  /** End of the log. */
  readonly latest: number;
  /** Of each workspace; -1 where the state has none. */
  readonly processed: readonly ProcessedOffset[];
}

const TOPIC = TOPICS.interactions.name;

export async function readStandings(
  log: EventLog,
  state: IdentityState,
  workspaces: readonly string[],
  partitions: readonly number[],
): Promise<readonly Standing[]> {
  const [ranges, committed, all] = await Promise.all([
    log.ranges(TOPIC),
    log.committed(GROUPS.resolver, [TOPIC]),
    state.processed(workspaces, partitions),
  ]);
  return partitions.map((partition) => {
    const { earliest = 0, latest = 0 } = ranges.find((range) => range.partition === partition) ?? {};
    const group = committed.find((position) => position.partition === partition)?.offset;
    const processed = all.filter((one) => one.partition === partition);
    const start = Math.max(earliest, Math.min(group ?? earliest, ...processed.map(({ offset }) => offset)));
    return { partition, start, group, latest, processed };
  });
}
