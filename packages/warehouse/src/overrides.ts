import type { Warehouse } from './warehouse.ts';

/** From `ver` on the interactions of this owner belong to this profile. */
export interface Override {
  readonly workspace: string;
  /** Identifier key, `type:value`. */
  readonly owner: string;
  readonly profileId: string;
  readonly ver: number;
}

const WRITER = { role: 'writer' } as const;
const COPY = `INSERT INTO kenal.profile_overrides_live
  SELECT workspace, owner, (profile_id, ver) FROM kenal.profile_overrides FINAL`;
// Owners whose copy in memory is missing or older than the durable one.
const BEHIND = `tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(workspace), owner), 2) < ver`;

/**
 * Store overrides durably, then show them: when it resolves, every query sees them, also after a restart.
 * Overrides of one owner may come in any order and from several loaders: the highest `ver` wins. The copy in memory takes
 * the last row, so it is fed from the durable table, and again as long as somebody else was quicker with an older one.
 */
export async function applyOverrides(warehouse: Warehouse, overrides: readonly Override[]): Promise<void> {
  if (overrides.length === 0) return;
  await warehouse.insert(
    'kenal.profile_overrides',
    overrides.map((o) => ({ workspace: o.workspace, owner: o.owner, profile_id: o.profileId, ver: o.ver })),
  );
  for (let from = 0; from < overrides.length; from += 1_000) {
    const owners = [...new Set(overrides.slice(from, from + 1_000).map((o) => o.owner))];
    await copyBehind(warehouse, 'owner IN {owners:Array(String)} AND ', { owners });
  }
}

/** Compare the copy in memory with the durable table and mend it. @returns how many owners were behind */
export async function verifyOverrides(warehouse: Warehouse): Promise<number> {
  return copyBehind(warehouse, '', {});
}

/** Fill the copy in memory where the schema is there already. */
export async function refillOverrides(warehouse: Warehouse): Promise<void> {
  const tables = await warehouse.query(
    `SELECT name FROM system.tables WHERE database = 'kenal' AND name IN ('profile_overrides', 'profile_overrides_live')`,
    WRITER,
  );
  if (tables.length === 2) await verifyOverrides(warehouse);
}

async function copyBehind(
  warehouse: Warehouse,
  filter: string,
  params: Readonly<Record<string, unknown>>,
): Promise<number> {
  let mended = 0;
  for (let round = 0; round < 5; round++) {
    const [row] = await warehouse.query<{ n: number }>(
      `SELECT count() AS n FROM kenal.profile_overrides FINAL WHERE ${filter}${BEHIND}`,
      { ...WRITER, params },
    );
    if (!row?.n) break;
    mended = Math.max(mended, row.n);
    // The rows are read in full before any is written: joinGet and the insert lock the same table.
    await drain(warehouse, `${COPY} WHERE ${filter}${BEHIND}`, params);
  }
  return mended;
}

async function drain(warehouse: Warehouse, sql: string, params: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await warehouse.raw(sql, { ...WRITER, params });
  await answer.stream.resume().toArray();
}
