import type { Warehouse } from '@kenal/warehouse';
import { createAskWarehouse } from './ask.ts';
import type { Value } from './crossing.ts';

/** What was published last of an attribute of a profile of today. */
export interface Told {
  readonly profileId: string;
  /** null where it has none any more. */
  readonly value: Value | null;
  /** When, microseconds since 1970. */
  readonly at: number;
}

/** A share of the profiles, by a hash of their id; null: all. */
export type Part = { readonly of: number; readonly at: number } | null;

export const inPart = (part: Part): string =>
  part === null ? '' : ` AND cityHash64(profile_id) % ${part.of} = ${part.at}`;

// Who was erased and is back is told anew
const OF_LIVE = `SELECT c.name AS name, c.profile_id AS profile_id, c.value AS value, c.measure AS measure, c.computed_at AS computed_at
  FROM kenal.computed_rows AS c INNER JOIN kenal.live_profiles AS p ON c.profile_id = p.profile_id
  WHERE c.workspace = {workspace:String} AND toUnixTimestamp64Micro(c.computed_at) > p.erased_ver`;

/** In the order of the profiles' ids. */
export type ReadTold = (workspace: string, name: string, part: Part, signal: AbortSignal) => AsyncIterable<Told>;

export function createReadTold(warehouse: Pick<Warehouse, 'raw'>): ReadTold {
  const ask = createAskWarehouse(warehouse);
  return async function* readTold(workspace, name, part, signal) {
    const sql = `SELECT profile_id, argMax((value, measure), computed_at) AS last,
        toUnixTimestamp64Micro(max(computed_at)) AS at
      FROM (${OF_LIVE} AND c.name = {name:String}) WHERE true${inPart(part)}
      GROUP BY profile_id ORDER BY profile_id`;
    for await (const row of ask(workspace, { sql, params: { workspace, name } }, signal)) {
      const [profileId, [value, measure], at] = row as [string, [string, number | null], string | number];
      yield { profileId, value: value === '' ? null : { value, measure }, at: Number(at) };
    }
  };
}

/** Attribute → profiles that do not show what was published of it before a moment. */
export type ReadLost = (workspace: string, before: number) => Promise<ReadonlyMap<string, Set<string>>>;

export function createReadLost(warehouse: Pick<Warehouse, 'raw'>): ReadLost {
  const ask = createAskWarehouse(warehouse);
  // Numbers as texts: 7 and 7.0 are one value; toJSONString writes / as \/
  const plain = (value: string): string =>
    `if(isNull(toFloat64OrNull(${value})), replaceAll(${value}, '\\\\/', '/'), toString(toFloat64OrNull(${value})))`;
  const sql = `SELECT name, profile_id FROM
    (
        SELECT toString(name) AS name, profile_id, argMax(value, computed_at) AS told, max(computed_at) AS at
        FROM (${OF_LIVE}) GROUP BY name, profile_id
    ) AS t
    FULL JOIN
    (
        SELECT part.1 AS name, profile_id, JSONExtractRaw(part.2, 'value') AS shown, 1 AS is_shown
        FROM kenal.live_profiles ARRAY JOIN JSONExtractKeysAndValuesRaw(computed) AS part WHERE computed != '{}'
    ) AS s USING (name, profile_id)
    WHERE ${plain('told')} != ${plain('shown')} AND toUnixTimestamp64Micro(at) < toInt64({before:String})`;
  return async function readLost(workspace, before) {
    const lost = new Map<string, Set<string>>();
    const rows = ask(workspace, { sql, params: { workspace, before: String(before) } }, new AbortController().signal);
    for await (const [name, profile] of rows as AsyncIterable<[string, string]>) {
      const known = lost.get(name) ?? new Set();
      lost.set(name, known.add(profile));
    }
    return lost;
  };
}
