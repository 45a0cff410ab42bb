import type { Warehouse } from '@kenal/warehouse';

/** The day that it is in the workspace's time zone, as YYYY-MM-DD. */
export async function todayOf(warehouse: Warehouse, workspace: string): Promise<string> {
  const sql = 'SELECT toString(today) AS today FROM kenal.workspace_settings';
  const [row] = await warehouse.query<{ today: string }>(sql, { workspace });
  return row!.today;
}
