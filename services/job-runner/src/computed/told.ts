import type { Warehouse } from '@kenal/warehouse';
import { createAskWarehouse } from './ask.ts';
import type { Value } from './crossing.ts';

/** What was published last of an attribute of a profile of today, and what the profile shows. */
export interface Told {
  readonly profileId: string;
  /** null where it has none. */
  readonly value: Value | null;
  /** When, microseconds since 1970; 0 where nothing was ever published. */
  readonly at: number;
  /** JSON text; '' where it shows none. */
  readonly shown: string;
}

export type ReadTold = (
  workspace: string,
  name: string,
  part: { readonly of: number; readonly at: number } | null,
  signal: AbortSignal,
) => AsyncIterable<Told>;

const SQL = `SELECT p.profile_id, h.last.1, h.last.2, toUnixTimestamp64Micro(h.at), p.shown
  FROM
  (
      SELECT profile_id, JSONExtractRaw(computed, {name:String}, 'value') AS shown
      FROM kenal.profile_rows FINAL WHERE workspace = {workspace:String} AND live
  ) AS p
  LEFT JOIN
  (
      SELECT profile_id, argMax((value, measure), computed_at) AS last, max(computed_at) AS at
      FROM kenal.computed_rows WHERE workspace = {workspace:String} AND name = {name:String} GROUP BY profile_id
  ) AS h ON p.profile_id = h.profile_id
  WHERE (h.at != toDateTime64(0, 6, 'UTC') OR p.shown != '')`;

/** Profiles without anything to say of are left out; in the order of their ids. */
export function createReadTold(warehouse: Pick<Warehouse, 'raw'>): ReadTold {
  const ask = createAskWarehouse(warehouse);
  return async function* readTold(workspace, name, part, signal) {
    const share = part === null ? '' : ` AND cityHash64(p.profile_id) % ${part.of} = ${part.at}`;
    const sql = `${SQL}${share} ORDER BY p.profile_id`;
    for await (const row of ask(workspace, { sql, params: { workspace, name } }, signal)) {
      const [profileId, value, measure, at, shown] = row as [string, string, number | null, string | number, string];
      yield { profileId, value: value === '' ? null : { value, measure }, at: Number(at), shown };
    }
  };
}
