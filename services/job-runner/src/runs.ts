import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';

/** What is known of a pass as it goes on; numbers are 0 until they are known. */
export interface RunFacts {
  readonly state: 'running' | 'done' | 'failed';
  /** What it is at. */
  readonly step: string;
  readonly model: string;
  /** Whether the model was learnt by this pass. */
  readonly learnt: boolean;
  readonly records: number;
  readonly pairs: number;
  readonly links: number;
  readonly withdrawn: number;
  readonly suggestions: number;
  readonly error: string;
}

/** The row of a pass in `linkage_runs`, written anew at each step. */
export interface Run {
  note(facts: Partial<RunFacts>): Promise<void>;
}

const NOTHING: RunFacts = {
  ...{ state: 'running', step: '', model: '', learnt: false, records: 0, pairs: 0 },
  ...{ links: 0, withdrawn: 0, suggestions: 0, error: '' },
};

/** @param id of the job */
export function createRun(warehouse: Warehouse, clock: Clock, workspace: string, id: string): Run {
  const startedAt = clock();
  let facts = NOTHING;
  let ver = 0;
  return {
    async note(more) {
      facts = { ...facts, ...more };
      ver = Math.max(clock(), ver + 1);
      const times = { started_at: timeOf(startedAt), updated_at: timeOf(ver), ver };
      await warehouse.insert('kenal.linkage_run_rows', [{ workspace, id, ...facts, ...times }]);
    },
  };
}

/** Microseconds as ClickHouse takes them for a DateTime64(6): `1764430000.123456` */
function timeOf(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}
