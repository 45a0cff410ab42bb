import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

/** The row of a piece of work that somebody may want to follow, written anew at each step. */
export interface Run<Facts> {
  note(facts: Partial<Facts>): Promise<void>;
}

export interface RunRow<Facts> {
  /** A ReplacingMergeTree by `ver`, with `started_at`, `updated_at` and a column for each key and fact. */
  readonly table: string;
  readonly key: object;
  /** What is known at the start. */
  readonly facts: Facts;
}

export function createRun<Facts extends object>(warehouse: Warehouse, clock: Clock, row: RunRow<Facts>): Run<Facts> {
  const startedAt = clock();
  let facts = row.facts;
  let ver = 0;
  return {
    async note(more) {
      facts = { ...facts, ...more };
      ver = Math.max(clock(), ver + 1);
      const times = { started_at: timeOf(startedAt), updated_at: timeOf(ver), ver };
      await warehouse.insert(row.table, [{ ...row.key, ...facts, ...times }]);
    },
  };
}

/** What went wrong, for the row. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Microseconds as ClickHouse takes them for a DateTime64(6): `1764430000.123456` */
export function timeOf(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}
