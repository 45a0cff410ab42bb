import type { ComputedKind } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

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
