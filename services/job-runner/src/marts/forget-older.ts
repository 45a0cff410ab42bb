import type { Warehouse } from '@kenal/warehouse';

/** What holds now, and where: its rows stay, those of older runs go. */
export interface KeptRun {
  readonly workspace: string;
  readonly fitId: string;
  /** Where each currency has fits of its own. */
  readonly currency?: string;
}

/** Rows of runs that no view shows any more. @param table with columns workspace and fit_id */
export async function forgetOlder(
  warehouse: Pick<Warehouse, 'raw'>,
  table: string,
  { workspace, fitId, currency }: KeptRun,
): Promise<void> {
  const own = currency === undefined ? '' : 'AND currency = {currency:String}';
  const sql = `DELETE FROM ${table} WHERE workspace = {of:String} ${own} AND fit_id != {kept:String}`;
  const params = { of: workspace, kept: fitId, ...(currency === undefined ? {} : { currency }) };
  const answer = await warehouse.raw(sql, { role: 'writer', params });
  await answer.stream.resume().toArray();
}
