import type { Clock, KenalConfig } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

interface WorkspaceRow {
  readonly workspace: string;
  readonly timezone: string;
  readonly currency: string;
  readonly version: number;
}

const TABLE = 'kenal.workspace_rows';

/**
 * Write the time zone and the currency of each workspace into the warehouse, for the marts; nothing where they stand there.
 * Above all versions that are there, so the last start wins, whatever its clock.
 * @returns how many rows differed
 */
export async function declareWorkspaces(
  warehouse: Warehouse,
  { workspaces }: KenalConfig,
  clock: Clock,
): Promise<number> {
  const stored = await warehouse.query<WorkspaceRow>(
    `SELECT workspace, timezone, currency, version FROM ${TABLE} FINAL`,
    { role: 'writer' },
  );
  const version = stored.reduce((most, row) => Math.max(most, row.version + 1), clock());
  const known = new Map(stored.map((row) => [row.workspace, row]));
  const rows = workspaces.flatMap(({ id: workspace, timezone, currency }) => {
    const before = known.get(workspace);
    return before?.timezone === timezone && before.currency === currency
      ? []
      : [{ workspace, timezone, currency, version }];
  });
  if (rows.length > 0) await warehouse.insert(TABLE, rows);
  return rows.length;
}
