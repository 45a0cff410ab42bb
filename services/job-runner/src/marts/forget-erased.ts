import type { Warehouse } from '@kenal/warehouse';

/** Also of profiles that had become part of theirs. */
const OF_ERASED = `workspace = {workspace:String} AND profile_id IN (
  WITH RECURSIVE
    profiles AS (SELECT profile_id, merged_into, change_type FROM kenal.profile_rows FINAL WHERE workspace = {workspace:String} AND NOT live),
    gone AS (
      SELECT profile_id FROM profiles WHERE change_type = 'erased'
      UNION ALL SELECT profiles.profile_id AS profile_id FROM gone INNER JOIN profiles ON profiles.merged_into = gone.profile_id)
  SELECT profile_id FROM gone)`;

const MASKED = `SELECT 1 FROM system.parts
  WHERE database || '.' || table = {table:String} AND active AND has_lightweight_delete LIMIT 1`;

/**
 * Nothing is kept of who is gone for good; the views hide it at once. A deleted row is hidden, and lies on the disk until
 * its mask is applied.
 * @param table with columns workspace and profile_id
 */
export async function forgetErased(
  warehouse: Pick<Warehouse, 'query' | 'raw'>,
  table: 'kenal.computed_rows' | 'kenal.action_rows' | 'kenal.rule_found_rows' | 'kenal.webhook_attempt_rows',
  workspace: string,
): Promise<void> {
  const asWriter = { role: 'writer', params: { workspace, table } } as const;
  const isAny = async (sql: string): Promise<boolean> => (await warehouse.query(sql, asWriter)).length > 0;
  const run = async (sql: string): Promise<void> => {
    const { stream } = await warehouse.raw(sql, asWriter);
    await stream.resume().toArray();
  };
  if (await isAny(`SELECT 1 FROM ${table} WHERE ${OF_ERASED} LIMIT 1`))
    await run(`DELETE FROM ${table} WHERE ${OF_ERASED}`);
  // Also after one who died in between
  if (await isAny(MASKED)) await run(`ALTER TABLE ${table} APPLY DELETED MASK SETTINGS mutations_sync = 1`);
}
