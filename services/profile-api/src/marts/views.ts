import { MARTS, type MartFacts, TIMELESS_MARTS } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

export const STORED: Readonly<Record<string, MartFacts>> = MARTS;

/** A mart that is asked for in SQL. */
export interface MartViewFacts {
  readonly name: string;
  readonly what: string;
  /** Whether it can be asked as of a past day, as `name_as_of`. */
  readonly asOf: boolean;
  /** The stored mart that it shows; null where it is never behind. */
  readonly by: string | null;
}

// What has a sibling for past days is a mart; the others are named
const VIEWS = `SELECT name, comment AS what, concat(name, '_as_of') IN (SELECT name FROM system.tables WHERE database = 'kenal') AS asOf
  FROM system.tables WHERE database = 'kenal' AND engine = 'View' AND (asOf OR name IN {named:Array(String)}) ORDER BY name`;

/** All marts that are views, by name; those that show what is stored say by which mart it is. */
export async function readMartViews(warehouse: Pick<Warehouse, 'query'>): Promise<MartViewFacts[]> {
  const shown = new Map(
    Object.entries(STORED).flatMap(([name, { views }]) => views.map((view) => [view, name] as const)),
  );
  const named = [...TIMELESS_MARTS, ...shown.keys(), ...Object.keys(STORED)];
  const rows = await warehouse.query<{ name: string; what: string; asOf: number }>(VIEWS, { params: { named } });
  return rows.map(({ name, what, asOf }) => ({ name, what, asOf: Boolean(asOf), by: shown.get(name) ?? null }));
}
