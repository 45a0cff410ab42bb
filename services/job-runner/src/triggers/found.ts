import { randomUUID } from 'node:crypto';
import type { Warehouse } from '@kenal/warehouse';

const TABLE = 'kenal.rule_found_rows';
const DROP = 'ALTER TABLE kenal.rule_found_rows DROP PARTITION {run:String}';
const BATCH = 20_000;

export interface FoundRow {
  readonly profile_id: string;
  readonly occurrence?: string;
  readonly detail?: string;
}

/** Lists of a refresh, in the warehouse, where they are joined with all else: however long, nothing of them is held here. */
export interface FoundLists {
  /** Names them in SQL. */
  readonly run: string;
  keep(list: string, rows: AsyncIterable<FoundRow>): Promise<void>;
  /** The refresh is over. */
  drop(): Promise<void>;
}

export type OpenFound = (workspace: string) => FoundLists;

export function createOpenFound(warehouse: Pick<Warehouse, 'insert' | 'raw'>): OpenFound {
  return function open(workspace) {
    const run = randomUUID();
    let isEmpty = true;

    async function write(list: string, rows: readonly FoundRow[]): Promise<void> {
      if (rows.length === 0) return;
      isEmpty = false;
      await warehouse.insert(
        TABLE,
        rows.map((row) => ({ ...row, workspace, run, list })),
      );
    }

    return {
      run,
      async keep(list, rows) {
        let batch: FoundRow[] = [];
        for await (const row of rows) {
          batch.push(row);
          if (batch.length < BATCH) continue;
          await write(list, batch);
          batch = [];
        }
        await write(list, batch);
      },
      async drop() {
        if (isEmpty) return;
        const { stream } = await warehouse.raw(DROP, { role: 'writer', params: { run } });
        await stream.resume().toArray();
      },
    };
  };
}

/** Rows of a list, as the reader of the workspace sees them. @param list a text of SQL */
export function foundSql(columns: string, list: string): string {
  return `SELECT ${columns} FROM kenal.rule_found_rows WHERE workspace = getSetting('log_comment') AND run = {kenal_run:String} AND list = ${list}`;
}

/** Who is on the list of those whom no rule reaches. */
export const NEVER = 'never';
export const NEVER_IDS = foundSql('profile_id', `'${NEVER}'`);
