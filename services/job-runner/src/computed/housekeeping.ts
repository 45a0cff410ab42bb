import type { ComputedKind } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

const ERASED = `profile_id IN (
  SELECT profile_id FROM kenal.profile_rows FINAL
  WHERE workspace = {workspace:String} AND NOT live AND change_type = 'erased'
)`;

/** Nothing is kept of who is gone for good; the views hide it at once. Who comes back is told anew. */
export async function forgetErased(warehouse: Pick<Warehouse, 'query' | 'raw'>, workspace: string): Promise<void> {
  const params = { workspace };
  const found = await warehouse.query(
    `SELECT 1 FROM kenal.computed_rows WHERE workspace = {workspace:String} AND ${ERASED} LIMIT 1`,
    { role: 'writer', params },
  );
  if (found.length === 0) return;
  const sql = `DELETE FROM kenal.computed_rows WHERE workspace = {workspace:String} AND ${ERASED}`;
  const { stream } = await warehouse.raw(sql, { role: 'writer', params });
  await stream.resume().toArray();
}

/** Attributes that were ever published. */
export function namesTold(
  warehouse: Pick<Warehouse, 'query'>,
  workspace: string,
): Promise<readonly { readonly name: string; readonly kind: ComputedKind }[]> {
  return warehouse.query(
    `SELECT toString(name) AS name, toString(any(kind)) AS kind FROM kenal.computed_rows
     WHERE workspace = {workspace:String} GROUP BY name ORDER BY name`,
    { role: 'writer', params: { workspace } },
  );
}
