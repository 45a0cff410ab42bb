import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

/** What a table holds of the configuration: a row each, told apart by workspace and key, the highest `version` last. */
export interface Declaration<Row extends { readonly workspace: string }> {
  readonly table: string;
  /** Columns of a row but `version`, in order. */
  readonly columns: readonly (keyof Row & string)[];
  /** Columns that tell two rows of a workspace apart. */
  readonly key: readonly (keyof Row & string)[];
  /** What the configuration says. */
  readonly rows: readonly Row[];
  /** A stored row as one that the configuration has no more; left out where none ever goes. */
  retire?(row: Row): Row;
}

/**
 * Write what the configuration says into the warehouse, for its views; nothing where it stands there.
 * Above all versions that are there, so the last start wins, whatever its clock. Rows of workspaces that are not configured stay.
 * @returns how many rows differed
 */
export async function declareRows<Row extends { readonly workspace: string }>(
  warehouse: Warehouse,
  workspaces: ReadonlySet<string>,
  declaration: Declaration<Row>,
  clock: Clock,
): Promise<number> {
  const { table, columns, key, rows, retire } = declaration;
  const stored = await warehouse.query<Row & { readonly version: number }>(
    `SELECT ${columns.join(', ')}, version FROM ${table} FINAL`,
    { role: 'writer' },
  );
  const version = stored.reduce((most, row) => Math.max(most, row.version + 1), clock());
  const contentOf = (row: Row, names: readonly (keyof Row & string)[]): string =>
    JSON.stringify(names.map((name) => row[name]));
  const keyOf = (row: Row): string => contentOf(row, key);
  const wanted = new Map<string, Row>();
  for (const row of stored)
    if (retire !== undefined && workspaces.has(row.workspace)) wanted.set(keyOf(row), retire(row));
  for (const row of rows) wanted.set(keyOf(row), row);
  for (const row of stored) {
    const now = wanted.get(keyOf(row));
    if (now !== undefined && contentOf(now, columns) === contentOf(row, columns)) wanted.delete(keyOf(row));
  }
  const changed = [...wanted.values()].map((row) =>
    Object.fromEntries([...columns.map((name) => [name, row[name]]), ['version', version]]),
  );
  if (changed.length > 0) await warehouse.insert(table, changed);
  return changed.length;
}
