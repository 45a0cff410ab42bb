import { type Clock, type KenalConfig, wantedTraits } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

interface WantedRow {
  readonly workspace: string;
  readonly trait: string;
  readonly names: readonly string[];
  readonly fresh_for_days: number;
  readonly wanted: boolean;
  readonly version: number;
}

const TABLE = 'kenal.wanted_trait_rows';

/**
 * Write what the configuration wants of a profile into the warehouse, for `kenal.profile_gaps`; nothing where it stands there.
 * Above all versions that are there, so the last start wins, whatever its clock.
 * @returns how many rows differed
 */
export async function declareWantedTraits(
  warehouse: Warehouse,
  { workspaces }: KenalConfig,
  clock: Clock,
): Promise<number> {
  const stored = await warehouse.query<WantedRow>(
    `SELECT workspace, trait, names, fresh_for_days, wanted, version FROM ${TABLE} FINAL`,
    { role: 'writer' },
  );
  const version = stored.reduce((most, row) => Math.max(most, row.version + 1), clock());
  const configured = new Set(workspaces.map(({ id }) => id));
  const rows = new Map<string, WantedRow>();
  for (const row of stored)
    if (row.wanted && configured.has(row.workspace)) rows.set(nameOf(row), { ...row, wanted: false, version });
  for (const { id: workspace, traits } of workspaces) {
    for (const { trait, names, freshForDays } of wantedTraits(traits)) {
      const row = { workspace, trait, names: [...names], fresh_for_days: freshForDays, wanted: true, version };
      rows.set(nameOf(row), row);
    }
  }
  for (const row of stored) {
    const now = rows.get(nameOf(row));
    if (now !== undefined && contentOf(now) === contentOf(row)) rows.delete(nameOf(row));
  }
  if (rows.size > 0) await warehouse.insert(TABLE, [...rows.values()]);
  return rows.size;
}

function nameOf({ workspace, trait }: WantedRow): string {
  return `${workspace} ${trait}`;
}

function contentOf({ names, fresh_for_days: days, wanted }: WantedRow): string {
  return JSON.stringify([names, days, Boolean(wanted)]);
}
