import type { Warehouse } from '@kenal/warehouse';
import type { Part } from './told.ts';

/** Answers of the SQL endpoint have a million rows at most. */
const PART_PROFILES = 500_000;

/** The parts in which a question about everybody is asked. */
export async function partsOf(warehouse: Pick<Warehouse, 'query'>, workspace: string): Promise<readonly Part[]> {
  const sql = 'SELECT count() AS profiles FROM kenal.live_profiles';
  const [found] = await warehouse.query<{ profiles: number }>(sql, { workspace });
  const of = Math.ceil((found?.profiles ?? 0) / PART_PROFILES);
  return of <= 1 ? [null] : Array.from({ length: of }, (_, at) => ({ of, at }));
}
