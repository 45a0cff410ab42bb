import type { LogPosition } from '@kenal/contracts';
import type { ErasedIdentifier, Override } from '@kenal/warehouse';
import type { Failure, Load, Refusal } from './load.ts';
import { type Row, TABLE_KEYS, type TableKey } from './tables.ts';

export interface PipelineSteps {
  readonly storeRows: (table: TableKey, rows: readonly Row[]) => Promise<readonly Refusal[]>;
  readonly applyErased: (erased: readonly ErasedIdentifier[]) => Promise<void>;
  readonly applyOverrides: (overrides: readonly Override[]) => Promise<void>;
  readonly applyReturned: (owners: ReadonlySet<string>) => Promise<void>;
  readonly hideFailed: (erased: readonly ErasedIdentifier[], failures: readonly Failure[]) => Promise<void>;
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

    // Who was erased, before any row of theirs that comes late.
    await steps.applyErased(load.erased);

    // Where owners point today, before any row that may rely on it.
    await steps.applyOverrides(load.overrides);

    // Receipts before interactions: whoever asks the balance in between sees copies under way, never rows out of nowhere.
    for (const table of TABLE_KEYS) refused.push(...(await steps.storeRows(table, load.rows[table])));

    // What needs the rows: owners that are back, and refused events that name somebody who was erased.
    await steps.applyReturned(load.returning);
    await steps.hideFailed(load.erased, load.failures);

    // What will never be stored is kept in the log before the group goes on behind it.
    if (refused.length > 0) await steps.reportRefusals(refused);

    // First here, then in the group: where the group is ahead, the warehouse has lost something.
    const positions = [...load.positions.values()];
    await steps.remember(positions);
    await steps.commit(positions);
    return { rows: load.count, refused: refused.length };
  };
}
