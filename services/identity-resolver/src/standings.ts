import { type EventLog, GROUPS, type IdentityState, type ProcessedOffset, TOPICS } from '@kenal/contracts';
import type { Roster } from './roster.ts';

/** What log, group and state say of a partition of the interactions. */
export interface Standing {
  readonly partition: number;
  /** Where to begin: the smallest of what was published and what the state has, as far as the log reaches back. */
  readonly start: number;
  /** Undefined where the group has never committed. */
  readonly group: number | undefined;
  /** End of the log. */
  readonly latest: number;
  /** Of each workspace; -1 where the state has none. */
  readonly processed: readonly ProcessedOffset[];
  /** Workspaces that have no offset because they never had a record here, rather than because their state was lost. */
  readonly newcomers: ReadonlySet<string>;
}

const TOPIC = TOPICS.interactions.name;

export async function readStandings(
  log: EventLog,
  state: IdentityState,
  roster: Roster,
  workspaces: readonly string[],
  partitions: readonly number[],
): Promise<readonly Standing[]> {
  const [ranges, committed, all] = await Promise.all([
    log.ranges(TOPIC),
    log.committed(GROUPS.resolver, [TOPIC]),
    state.processed(workspaces, partitions),
    roster.load(partitions),
  ]);
  return partitions.map((partition) => {
    const { earliest = 0, latest = 0 } = ranges.find((range) => range.partition === partition) ?? {};
    const group = committed.find((position) => position.partition === partition)?.offset;
    const processed = all.filter((one) => one.partition === partition);
    const absent = processed.filter(
      ({ workspace, offset }) => offset < 0 && roster.isAbsent(workspace, partition, earliest),
    );
    const newcomers = new Set(absent.map(({ workspace }) => workspace));
    const known = processed.filter(({ workspace }) => !newcomers.has(workspace)).map(({ offset }) => offset);
    const start = Math.max(earliest, Math.min(group ?? earliest, roster.endOf(partition), ...known));
    return { partition, start, group, latest, processed, newcomers };
  });
}
