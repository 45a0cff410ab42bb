import type { Warehouse } from '@kenal/warehouse';
import type { OwnedRow } from './evidence-of-row.ts';
import { eachRange, execute, IN_RANGE } from './statements.ts';

const TABLE = 'kenal.rebuild_owners';
const ROWS_AN_INSERT = 20_000;
/** Whole rows, with all that the events said. */
const ROWS_A_STEP = 50_000;

const COUNT = `SELECT count() AS rows FROM ${TABLE} WHERE ${IN_RANGE}`;
const WANTED = `SELECT message_id, owner, identifiers FROM ${TABLE} WHERE ${IN_RANGE}`;
const OWNERS = `SELECT owner FROM ${TABLE} WHERE ${IN_RANGE} AND owner != ''`;
const KNOWN = `SELECT concat(type, ':', value) AS key, profile_id, version
  FROM kenal.identifier_rows FINAL WHERE workspace = {workspace:String} AND key IN (${OWNERS})`;

// Above the row that it replaces, and its profile as published: where that is another one today a change tells it, and the
// row follows. Whom an erasure hides stays hidden.
const WRITE = `INSERT INTO kenal.interaction_rows
  SELECT r.* REPLACE (
    o.owner AS owner, o.identifiers AS identifiers, o.profile_id AS profile_id,
    r.ver + toUInt128(if(o.version > toUInt64(r.ver), o.version - toUInt64(r.ver), 1)) AS ver)
  FROM (
    SELECT * FROM kenal.interaction_rows FINAL
    WHERE ${IN_RANGE} AND message_id IN (SELECT message_id FROM ${TABLE} WHERE ${IN_RANGE})
  ) AS r
  INNER JOIN (
    SELECT w.message_id AS message_id, w.owner AS owner, w.identifiers AS identifiers,
      k.profile_id AS profile_id, k.version AS version
    FROM (${WANTED}) AS w LEFT JOIN (${KNOWN}) AS k ON w.owner = k.key
  ) AS o ON r.message_id = o.message_id
  LEFT JOIN (
    SELECT key, max(ver) AS ver FROM kenal.erased_identifiers WHERE workspace = {workspace:String} GROUP BY key
  ) AS e ON r.owner = e.key
  WHERE e.ver = 0 OR e.ver < toUInt64(r.ver)`;

// One that nobody ever had: once somebody has it, its rows follow as those of one that was let go
const WAIT = `INSERT INTO kenal.profile_overrides (workspace, owner, profile_id, ver)
  SELECT DISTINCT workspace, owner, '', 1 FROM ${TABLE}
  WHERE ${IN_RANGE} AND owner != '' AND owner NOT IN (SELECT key FROM (${KNOWN}))`;

/** Interactions whose rows have to be written again. */
export interface OwnersAnew {
  add(owned: readonly OwnedRow[]): Promise<void>;
  /**
   * Write the rows. Done again, after a kill too, it finds nothing more to do.
   * @param onStep told how many there are, and how many are done
   * @returns how many there were
   */
  write(onStep: (done: number, total: number) => void): Promise<number>;
}

/** Give interactions the owner that today's rules find: rows and state would else tell of different people. */
export async function createOwnersAnew(warehouse: Warehouse, workspace: string): Promise<OwnersAnew> {
  await clearOwners(warehouse, workspace);
  let waiting: OwnedRow[] = [];
  let total = 0;

  async function flush(): Promise<void> {
    const rows = waiting.map(({ source, id, owner, identifiers }) => {
      return { workspace, source, message_id: id, owner, identifiers };
    });
    waiting = [];
    total += rows.length;
    if (rows.length > 0) await warehouse.insert(TABLE, rows);
  }

  return {
    async add(owned) {
      waiting.push(...owned);
      if (waiting.length >= ROWS_AN_INSERT) await flush();
    },
    async write(onStep) {
      await flush();
      onStep(0, total);
      let done = 0;
      for await (const range of eachRange(warehouse, TABLE, workspace, ROWS_A_STEP)) {
        await execute(warehouse, WAIT, { workspace, ...range });
        await execute(warehouse, WRITE, { workspace, ...range });
        const [step] = await warehouse.query<{ rows: number }>(COUNT, { params: { workspace, ...range } });
        done += step?.rows ?? 0;
        onStep(done, total);
      }
      await clearOwners(warehouse, workspace);
      return total;
    },
  };
}

function clearOwners(warehouse: Warehouse, workspace: string): Promise<void> {
  return execute(warehouse, `ALTER TABLE ${TABLE} DROP PARTITION {workspace:String}`, { workspace });
}
