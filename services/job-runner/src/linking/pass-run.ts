import type { Clock } from '@kenal/contracts';
import type { Warehouse } from '@kenal/warehouse';
import { createRun, type Run } from '../runs.ts';

/** What is known of a pass as it goes on; numbers are 0 until they are known. */
interface PassFacts {
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

/** The row of a pass in `linkage_runs`. */
export type PassRun = Run<PassFacts>;

const NOTHING: PassFacts = {
  ...{ state: 'running', step: '', model: '', learnt: false, records: 0, pairs: 0 },
  ...{ links: 0, withdrawn: 0, suggestions: 0, error: '' },
};

/** @param id of the job */
export function createPassRun(warehouse: Warehouse, clock: Clock, workspace: string, id: string): PassRun {
  return createRun(warehouse, clock, { table: 'kenal.linkage_run_rows', key: { workspace, id }, facts: NOTHING });
}
