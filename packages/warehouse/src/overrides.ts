import { quote } from './param-text.ts';
import type { Warehouse } from './warehouse.ts';

/** From `ver` on the interactions of this owner belong to this profile. */
export interface Override {
  readonly workspace: string;
  /** Identifier key, `type:value`. */
  readonly owner: string;
  readonly profileId: string;
  readonly ver: number;
}

const WRITER = { role: 'writer' } as const;
const COPY = `INSERT INTO kenal.profile_overrides_live
  SELECT workspace, owner, (profile_id, ver) FROM kenal.profile_overrides FINAL`;
// Owners whose copy in memory is missing or older than the durable one.
const BEHIND = `tupleElement(joinGet('kenal.profile_overrides_live', 'assignment', toString(workspace), owner), 2) < ver`;

/**
 * Store overrides durably, then show them: when it resolves, every query sees them, also after a restart.
 * Overrides of one owner may come in any order and from several loaders: the highest `ver` wins. The copy in memory takes
 * the last row, so it is fed from the durable table, and again as long as somebody else was quicker with an older one.
 */
export async function applyOverrides(warehouse: Warehouse, overrides: readonly Override[]): Promise<void> {
  if (overrides.length === 0) return;
  await warehouse.insert(
    'kenal.profile_overrides',
    overrides.map((o) => ({ workspace: o.workspace, owner: o.owner, profile_id: o.profileId, ver: o.ver })),
  );
  for (const owners of lists(new Set(overrides.map(({ owner }) => owner)))) {
    await copyBehind(warehouse, `owner IN (${owners.join(',')}) AND `);
  }
}

// In the text of the statement, not as a parameter: parameters go into the URL, which every server bounds (Node 16 KB,
// ClickHouse 1 MB), and a list that does not fit fails again at each try. ClickHouse reads statements up to 256 KB.
const MOST_LIST_CHARS = 50_000;

function* lists(owners: Iterable<string>): Generator<string[]> {
  let list: string[] = [];
  let chars = 0;
  for (const owner of owners) {
    const literal = quote(owner);
    if (chars + literal.length > MOST_LIST_CHARS && list.length > 0) {
      yield list;
      list = [];
      chars = 0;
    }
    list.push(literal);
    chars += literal.length + 1;
  }
  yield list;
}

/** Compare the copy in memory with the durable table and mend it. @returns how many owners were behind */
export async function verifyOverrides(warehouse: Warehouse): Promise<number> {
  return copyBehind(warehouse, '');
}

/** Fill the copy in memory where the schema is there already. */
export async function refillOverrides(warehouse: Warehouse): Promise<void> {
  const tables = await warehouse.query(
    `SELECT name FROM system.tables WHERE database = 'kenal' AND name IN ('profile_overrides', 'profile_overrides_live')`,
    WRITER,
  );
  if (tables.length === 2) await verifyOverrides(warehouse);
}

async function copyBehind(warehouse: Warehouse, filter: string): Promise<number> {
  let mended = 0;
  for (let round = 0; round < 5; round++) {
    const [row] = await warehouse.query<{ n: number }>(
      `SELECT count() AS n FROM kenal.profile_overrides FINAL WHERE ${filter}${BEHIND}`,
      WRITER,
    );
    if (!row?.n) break;
    mended = Math.max(mended, row.n);
    // The rows are read in full before any is written: joinGet and the insert lock the same table.
    const answer = await warehouse.raw(`${COPY} WHERE ${filter}${BEHIND}`, WRITER);
    await answer.stream.resume().toArray();
  }
  return mended;
}
