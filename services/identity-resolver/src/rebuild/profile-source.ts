import type { Identifier } from '@kenal/contracts';
import { profileNamespace } from '@kenal/identity';
import type { Warehouse } from '@kenal/warehouse';
import { eachPage, execute } from './statements.ts';

/** What was last published of a profile, as the warehouse has it. */
export interface ProfileRow {
  readonly profileId: string;
  readonly version: number;
  readonly changeType: string;
  readonly live: boolean;
  readonly traits: string;
  readonly consent: string;
  readonly computed: string;
  readonly identifiers: readonly Identifier[];
  readonly identifierCount: number;
  /** The identifier that its id comes from; '' where none that was ever published gives it. */
  readonly anchor: string;
  /** Identifiers that were last published under it. */
  readonly assigned: readonly { readonly key: string; readonly version: number }[];
}

const TABLE = 'kenal.rebuild_profiles';
const ROWS_A_PAGE = 500;

// UUIDv5 of an identifier, as `profileIdOf` makes it
const PROFILE_ID = `lower(concat(hex(substring(digest, 1, 4)), '-', hex(substring(digest, 5, 2)), '-5',
  substring(hex(substring(digest, 7, 2)), 2), '-',
  hex(bitOr(bitAnd(reinterpretAsUInt8(substring(digest, 9, 1)), 63), 128)), hex(substring(digest, 10, 1)), '-',
  hex(substring(digest, 11, 6))))`;
const ALL = `(
  SELECT concat(type, ':', value) AS key, profile_id, version, SHA1(concat(unhex({namespace:String}), key)) AS digest
  FROM kenal.identifier_rows FINAL WHERE workspace = {workspace:String}
)`;
const STAGE = `INSERT INTO ${TABLE}
  SELECT p.workspace, p.profile_id, p.version, p.change_type, p.live, p.traits, p.consent, p.computed,
    p.identifiers::Array(Tuple(type String, value String)), p.identifier_count, k.key, h.assigned
  FROM (SELECT * FROM kenal.profile_rows FINAL WHERE workspace = {workspace:String}) AS p
  LEFT JOIN (SELECT key, ${PROFILE_ID} AS id FROM ${ALL}) AS k ON p.profile_id = k.id
  LEFT JOIN (
    SELECT profile_id, groupArray((key, version)::Tuple(key String, version UInt64)) AS assigned
    FROM ${ALL} WHERE profile_id != '' GROUP BY profile_id
  ) AS h ON p.profile_id = h.profile_id
  SETTINGS join_algorithm = 'grace_hash', max_bytes_before_external_group_by = 500000000`;

/** Put together what was last published of each profile of a workspace. @returns how many were ever published */
export async function stageProfiles(warehouse: Warehouse, workspace: string): Promise<number> {
  await clearProfiles(warehouse, workspace);
  const namespace = profileNamespace(workspace).replaceAll('-', '');
  await execute(warehouse, STAGE, { workspace, namespace });
  const [found] = await warehouse.query<{ rows: number }>(
    `SELECT count() AS rows FROM ${TABLE} WHERE workspace = {workspace:String}`,
    { params: { workspace } },
  );
  return found?.rows ?? 0;
}

export function profilePages(warehouse: Warehouse, workspace: string): AsyncGenerator<readonly ProfileRow[]> {
  const sql = `SELECT profile_id AS profileId, version, change_type AS changeType, live, traits, consent, computed, identifiers,
      identifier_count AS identifierCount, anchor, assigned
    FROM ${TABLE} WHERE workspace = {workspace:String} AND profile_id > {after:String}
    ORDER BY profile_id LIMIT ${ROWS_A_PAGE}`;
  return eachPage(ROWS_A_PAGE, (last: ProfileRow | undefined) =>
    warehouse.query<ProfileRow>(sql, { params: { workspace, after: last?.profileId ?? '' } }),
  );
}

export function clearProfiles(warehouse: Warehouse, workspace: string): Promise<void> {
  return execute(warehouse, `ALTER TABLE ${TABLE} DROP PARTITION {workspace:String}`, { workspace });
}
