import { copyBehind, type LiveCopy, listsOf } from './live-copy.ts';
import type { Warehouse } from './warehouse.ts';

/** From `ver` on the interactions of this owner belong to this profile; to none where its id is ''. */
export interface Override {
  readonly workspace: string;
  /** Identifier key, `type:value`. */
  readonly owner: string;
  readonly profileId: string;
  readonly ver: number;
}

export const OVERRIDES: LiveCopy = {
  durable: 'kenal.profile_overrides',
  live: 'kenal.profile_overrides_live',
  key: 'owner',
  value: '(profile_id, ver)',
  seen: `tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(workspace), owner), 2)`,
};

const WRITER = { role: 'writer' } as const;

/**
 * Store overrides durably, then show them: when it resolves, every query sees them, also after a restart.
 * Overrides of one owner may come in any order and from several loaders: the highest `ver` wins.
 */
export async function applyOverrides(warehouse: Warehouse, overrides: readonly Override[]): Promise<void> {
  if (overrides.length === 0) return;
  await warehouse.insert(
    OVERRIDES.durable,
    overrides.map((o) => ({ workspace: o.workspace, owner: o.owner, profile_id: o.profileId, ver: o.ver })),
  );
  await copyBehind(warehouse, OVERRIDES, new Set(overrides.map(({ owner }) => owner)));
}

// Owners that were let go, and whose identifier has a profile again
const RETURNED = `SELECT o.workspace, o.owner, i.profile_id, i.version
  FROM (SELECT workspace, owner, ver FROM kenal.profile_overrides FINAL WHERE FILTER profile_id = '') AS o
  INNER JOIN (
    SELECT workspace, concat(type, ':', value) AS owner, profile_id, version FROM kenal.identifier_rows FINAL
    WHERE profile_id != '' AND (workspace, type, value) IN (
      SELECT workspace, substring(owner, 1, position(owner, ':') - 1), substring(owner, position(owner, ':') + 1)
      FROM kenal.profile_overrides WHERE FILTER profile_id = '')
  ) AS i ON i.workspace = o.workspace AND i.owner = o.owner
  WHERE i.version > o.ver`;

/**
 * An identifier that no profile had for a while (its source was revoked) and that has one again: its interactions of before
 * go there too, though nobody had it in between and so no change says that they moved. After the rows of the identifiers.
 * @param owners only these; without them all, in case two loaders did halves of it
 */
export async function applyReturned(warehouse: Warehouse, owners?: ReadonlySet<string>): Promise<void> {
  if (owners?.size === 0) return;
  const [any] = await warehouse.query(`SELECT 1 FROM ${OVERRIDES.durable} WHERE profile_id = '' LIMIT 1`, WRITER);
  if (any === undefined) return;
  const filters = owners === undefined ? [''] : [...listsOf(owners)].map((list) => `owner IN (${list.join(',')}) AND `);
  for (const filter of filters) {
    const sql = `INSERT INTO ${OVERRIDES.durable} ${RETURNED.replaceAll('FILTER', () => filter)}`;
    await (await warehouse.raw(sql, WRITER)).stream.resume().toArray();
  }
  await copyBehind(warehouse, OVERRIDES, owners);
}
