import type { Warehouse } from './warehouse.ts';

/**
 * Parts that the engine set aside because they were broken when it started: their rows are in no answer.
 * @returns one sentence that says what to do, or null where there is none
 */
export async function damageOf(warehouse: Warehouse): Promise<string | null> {
  const rows = await warehouse.query<{ table: string; parts: number }>(
    `SELECT table, count() AS parts FROM system.detached_parts
     WHERE database = 'kenal' AND startsWith(reason, 'broken') GROUP BY table ORDER BY table`,
  );
  if (rows.length === 0) return null;
  const tables = rows.map(({ table, parts }) => `${parts} of ${table}`).join(', ');
  return (
    `broken parts were set aside (${tables}), their rows are missing: stop Kenal, delete the warehouse ` +
    `(<data>/warehouse), start it again: it is filled anew from the log, as far back as retentionDays`
  );
}
