import { type EventLog, type IdentityState, type PartitionRange, TOPICS } from '@kenal/contracts';
import { isSqlError, type Warehouse } from '@kenal/warehouse';

const TOPIC = TOPICS.interactions.name;

/** Where a rebuild says beside the state that it has begun. It ends with the offsets of the interactions. */
export const REBUILD_PARTITION = -3;

/** A workspace whose identity state lacks what the log cannot give back. */
export interface Loss {
  readonly workspace: string;
  /**
   * `lost`: there is no state; `behind`: it is older than the oldest record of the log; `unfinished`: a rebuild was cut off.
   */
  readonly kind: 'lost' | 'behind' | 'unfinished';
}

export interface LossDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  /** null where it cannot be asked. */
  readonly warehouse: Warehouse | null;
}

/**
 * Look whether reading the log would give less than the state had: retention has dropped records that the state does not
 * have (any more) and the warehouse does, or the log itself is another one.
 */
export async function findLosses(deps: LossDeps, workspaces: readonly string[]): Promise<readonly Loss[]> {
  const { log, state } = deps;
  const ranges = await log.ranges(TOPIC);
  const partitions = [...ranges.map(({ partition }) => partition), REBUILD_PARTITION];
  const processed = Map.groupBy(await state.processed(workspaces, partitions), ({ workspace }) => workspace);
  const standings = workspaces.map((workspace): Standing => {
    const offsets = new Map((processed.get(workspace) ?? []).map(({ partition, offset }) => [partition, offset]));
    return { workspace, offsets, isEmpty: ranges.every(({ partition }) => offsets.get(partition) === -1) };
  });
  const losses: Loss[] = [];
  for (const standing of standings) {
    const { workspace, offsets, isEmpty } = standing;
    if (isEmpty && (offsets.get(REBUILD_PARTITION) ?? -1) >= 0) losses.push({ workspace, kind: 'unfinished' });
    else if (await isBeyond(deps, standing, ranges)) losses.push({ workspace, kind: isEmpty ? 'lost' : 'behind' });
  }
  // Without a warehouse to ask, a workspace that is new cannot be told from one that was lost
  return deps.warehouse === null && standings.some(({ isEmpty }) => !isEmpty)
    ? losses.filter(({ kind }) => kind !== 'lost')
    : losses;
}

interface Standing {
  readonly workspace: string;
  /** Partition → offset, -1 where there is none. */
  readonly offsets: ReadonlyMap<number, number>;
  /** No interaction was ever processed. */
  readonly isEmpty: boolean;
}

async function isBeyond(
  { log, warehouse }: LossDeps,
  { workspace, offsets, isEmpty }: Standing,
  ranges: readonly PartitionRange[],
): Promise<boolean> {
  const gone = ranges.flatMap(({ partition, earliest }) => {
    const from = Math.max(0, offsets.get(partition) ?? 0);
    return from < earliest
      ? [`(log_partition = ${partition} AND log_offset >= ${from} AND log_offset < ${earliest})`]
      : [];
  });
  // Of an empty state also what lies beyond the end: then this is not the log that it came from
  const foreign = ranges.map(({ partition, latest }) => `(log_partition = ${partition} AND log_offset >= ${latest})`);
  foreign.push(`toInt64(log_partition) NOT IN (${[-1, ...ranges.map(({ partition }) => partition)].join(', ')})`);
  const conditions = isEmpty ? [...gone, ...foreign] : gone;
  if (conditions.length === 0) return false;
  if (warehouse === null) return gone.length > 0 && (await wasPublished(log));
  const wanted = `workspace = {workspace:String} AND owner != '' AND (${conditions.join(' OR ')})`;
  return warehouse
    .query(`SELECT 1 FROM kenal.interaction_rows WHERE ${wanted} LIMIT 1`, { params: { workspace } })
    .then(
      (found) => found.length > 0,
      (error: unknown) => {
        if (isSqlError(error) && NO_SCHEMA.has(error.clickhouseCode)) return false;
        throw error;
      },
    );
}

/** Unknown table, unknown database: a warehouse that the loader is just setting up has stored nothing. */
const NO_SCHEMA = new Set([60, 81]);

/** Whether a state existed before. */
async function wasPublished(log: EventLog): Promise<boolean> {
  return (await log.ranges(TOPICS.changes.name)).some(({ latest }) => latest > 0);
}

/** What an operator reads of losses. */
export function tellLosses(losses: readonly Loss[]): string {
  const names = losses.map(({ workspace }) => workspace).join(', ');
  const kinds = new Set(losses.map(({ kind }) => kind));
  if (kinds.has('unfinished'))
    return `a rebuild of the identity state was cut off (${names}); kenal identity rebuild does it anew`;
  if (kinds.has('behind'))
    return `the identity state is older than the log reaches back (${names}); empty it, then kenal identity rebuild`;
  return `the identity state is lost and the log does not reach back to its beginning (${names}); kenal identity rebuild makes it from the warehouse`;
}
