import type { Warehouse } from '@kenal/warehouse';

const ERASED = `profile_id IN (
  SELECT profile_id FROM kenal.profile_rows FINAL
  WHERE workspace = {workspace:String} AND NOT live AND change_type = 'erased'
)`;

/** Nothing is kept of who is gone for good; the views hide it at once. @param table with columns workspace and profile_id */
export async function forgetErased(
  warehouse: Pick<Warehouse, 'query' | 'raw'>,
  table: 'kenal.computed_rows' | 'kenal.action_rows' | 'kenal.rule_found_rows',
  workspace: string,
): Promise<void> {
  const params = { workspace };
  const found = await warehouse.query(
    `SELECT 1 FROM ${table} WHERE workspace = {workspace:String} AND ${ERASED} LIMIT 1`,
    { role: 'writer', params },
  );
  if (found.length === 0) return;
  const sql = `DELETE FROM ${table} WHERE workspace = {workspace:String} AND ${ERASED}`;
  const { stream } = await warehouse.raw(sql, { role: 'writer', params });
  await stream.resume().toArray();
}
