import type { LogPosition } from '@kenal/contracts';
import type { Override } from '@kenal/warehouse';
import type { Load, Refusal } from './load.ts';
import { type Row, TABLE_KEYS, type TableKey } from './tables.ts';

export interface PipelineSteps {
  readonly storeRows: (table: TableKey, rows: readonly Row[]) => Promise<readonly Refusal[]>;
  readonly applyOverrides: (overrides: readonly Override[]) => Promise<void>;
  readonly reportRefusals: (refusals: readonly Refusal[]) => Promise<void>;
  /** In the warehouse, beside the rows. */
  readonly remember: (positions: readonly LogPosition[]) => Promise<void>;
  /** In the log's consumer group. */
  readonly commit: (positions: readonly LogPosition[]) => Promise<void>;
}

/** What a flush did. */
export interface Flushed {
  readonly rows: number;
  readonly refused: number;
}

/** One load into the warehouse, in order; cut off anywhere and run again, it gives the same tables. */
export function createPipeline(steps: PipelineSteps): (load: Load) => Promise<Flushed> {
  return async function flush(load) {
    const refused = [...load.refused];

    // Where owners point today, before any row that may rely on it.
    await steps.applyOverrides(load.overrides);

    // Receipts before interactions: whoever asks the balance in between sees copies under way, never rows out of nowhere.
    for (const table of TABLE_KEYS) refused.push(...(await steps.storeRows(table, load.rows[table])));

    // What will never be stored is kept in the log before the group goes on behind it.
    if (refused.length > 0) await steps.reportRefusals(refused);

    // First here, then in the group: where the group is ahead, the warehouse has lost something.
    const positions = [...load.positions.values()];
    await steps.remember(positions);
    await steps.commit(positions);
    return { rows: load.count, refused: refused.length };
  };
}
