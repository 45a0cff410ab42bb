import { type EventLog, GROUPS, type IdentityState, TOPICS } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { foundRoster } from '../roster.ts';

const TOPIC = TOPICS.interactions.name;

export interface ResumeDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly warehouse: Warehouse;
}

/**
 * Say in the state that it has all that the resolvers' group has acknowledged, so that the log is read on from there: what
 * was acknowledged was published, and what was published is in the warehouse. For each workspace one write, the last of a
 * rebuild: before it the state counts as lost.
 */
export async function resumeLog({ log, state, warehouse }: ResumeDeps, workspaces: readonly string[]): Promise<void> {
  const [ranges, committed] = await Promise.all([log.ranges(TOPIC), log.committed(GROUPS.resolver, [TOPIC])]);
  const group = new Map(committed.map(({ partition, offset }) => [partition, offset]));
  const stands = ranges.map(({ partition, earliest, latest }) => {
    const offset = group.get(partition);
    // A group that stands nowhere, or where this log has never been: what the log holds is read again
    return { partition, from: earliest, upTo: offset === undefined || offset > latest ? earliest : offset };
  });
  await foundRoster(state, stands, await namesIn(warehouse));
  await state.advance(
    workspaces.flatMap((workspace) => stands.map(({ partition, upTo }) => ({ workspace, partition, offset: upTo }))),
  );
}

/** Workspaces that ever had a record. */
async function namesIn(warehouse: Warehouse): Promise<ReadonlySet<string>> {
  const rows = await warehouse.query<{ workspace: string }>(
    `SELECT DISTINCT toString(workspace) AS workspace FROM kenal.interaction_rows
     UNION DISTINCT SELECT DISTINCT toString(workspace) AS workspace FROM kenal.failed_rows WHERE stage = 'resolver'`,
  );
  return new Set(rows.map(({ workspace }) => workspace));
}
