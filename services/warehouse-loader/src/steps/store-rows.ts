import { isSqlError, type SqlError, type Warehouse } from '@kenal/warehouse';
import type { Refusal } from '../load.ts';
import { type Row, TABLES, type TableKey } from '../tables.ts';

/** After so many tries in a row a fault that we do not know may be the content's; then the rows are asked one by one. */
const UNKNOWN_FAULTS = 6;
/** Rows of a load that are asked alone before a fault that we do not know is taken for the content's. */
const MOST_SAMPLES = 16;

/** What one call learnt. */
interface Findings {
  /** A row that the table took: it is not the table that is at fault. */
  taken: Row | null;
  /** Rows were refused for a fault that we do not know. */
  doubtful: boolean;
}

/**
 * Step: insert the rows of one table. An insert that is refused for its content is halved until the bad row stands alone.
 * A fault that we do not know is the content's only where the table takes other rows, before the halving and after it.
 * @returns the rows that the warehouse will never take
 * @throws whatever a later try may cure; rows that went in by then go in again, and collapse
 */
export function createStoreRowsStep(warehouse: Warehouse) {
  let unknown = 0;

  /** @returns null where it is stored, or the fault where the rows themselves may have it */
  async function insert(table: TableKey, rows: readonly Row[]): Promise<SqlError | null> {
    const { name, shape } = TABLES[table];
    const bytes = rows.map((row) => row.bytes);
    try {
      await warehouse.insertRows(name, shape, bytes);
      return null;
    } catch (error) {
      if (!isSqlError(error) || error.kind === 'busy') throw error;
      return error;
    }
  }

  /** @returns a row that the table takes alone, or null where it took none of the samples */
  async function sample(table: TableKey, rows: readonly Row[]): Promise<Row | null> {
    const count = Math.min(rows.length, MOST_SAMPLES);
    // Others at the next try: bad rows that happen to be all of these must not hold the load for ever
    const first = Math.floor(Math.random() * rows.length);
    for (let i = 0; i < count; i++) {
      const row = rows[(first + Math.floor((i * rows.length) / count)) % rows.length]!;
      if ((await insert(table, [row])) === null) return row;
    }
    return null;
  }

  async function store(table: TableKey, rows: readonly Row[], findings: Findings): Promise<readonly Refusal[]> {
    const fault = await insert(table, rows);
    if (fault === null) {
      findings.taken ??= rows[0]!;
      return [];
    }
    if (fault.kind === 'statement') {
      if (++unknown < UNKNOWN_FAULTS) throw fault;
      findings.taken ??= await sample(table, rows);
      if (findings.taken === null) throw fault;
      findings.doubtful = true;
    }
    if (rows.length === 1) return [{ origin: rows[0]!.origin, code: 'event_unstorable', reason: fault.exception }];
    const middle = rows.length >> 1;
    const before = await store(table, rows.slice(0, middle), findings);
    return [...before, ...(await store(table, rows.slice(middle), findings))];
  }

  return async function storeRows(table: TableKey, rows: readonly Row[]): Promise<readonly Refusal[]> {
    if (rows.length === 0) return [];
    const findings: Findings = { taken: null, doubtful: false };
    const refused = await store(table, rows, findings);
    if (findings.doubtful && findings.taken !== null) {
      // The table may have broken half-way
      const fault = await insert(table, [findings.taken]);
      if (fault !== null) throw fault;
    }
    unknown = 0;
    return refused;
  };
}
