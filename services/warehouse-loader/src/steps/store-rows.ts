import { isSqlError, type Warehouse } from '@kenal/warehouse';
import type { Refusal } from '../load.ts';
import { COLUMNS, type Row, TABLES, type TableKey } from '../tables.ts';

/** After so many tries in a row a fault that we do not know is taken for the content's. */
const UNKNOWN_FAULTS = 6;

/**
 * Step: insert the rows of one table. An insert that is refused for its content is halved until the bad row stands alone.
 * @returns the rows that the warehouse will never take
 * @throws whatever a later try may cure; rows that went in by then go in again, and collapse
 */
export function createStoreRowsStep(warehouse: Warehouse) {
  let unknown = 0;

  /** @returns null where it is stored, or the engine's words where the rows themselves are at fault */
  async function insert(table: TableKey, rows: readonly Row[]): Promise<string | null> {
    const columns = COLUMNS[table];
    const lines = rows.map((row) => row.line).join('');
    try {
      await warehouse.insertLines(TABLES[table], lines, rows.length, columns ? { columns } : {});
      return null;
    } catch (error) {
      if (!isSqlError(error) || error.kind === 'busy') throw error;
      if (error.kind === 'statement' && ++unknown < UNKNOWN_FAULTS) throw error;
      return error.exception;
    }
  }

  async function store(table: TableKey, rows: readonly Row[]): Promise<readonly Refusal[]> {
    const reason = await insert(table, rows);
    if (reason === null) return [];
    if (rows.length === 1) return [{ origin: rows[0]!.origin, code: 'event_unstorable', reason }];
    const middle = rows.length >> 1;
    return [...(await store(table, rows.slice(0, middle))), ...(await store(table, rows.slice(middle)))];
  }

  return async function storeRows(table: TableKey, rows: readonly Row[]): Promise<readonly Refusal[]> {
    if (rows.length === 0) return [];
    const refused = await store(table, rows);
    unknown = 0;
    return refused;
  };
}
