import type { CandidateIndex, RecordName } from '@kenal/contracts';
import { LATE } from '../late.ts';
import type { WeighRecords } from './weigh-records.ts';

/** Weigh what came in during a pass, now that its model is in force. */
export type WeighLate = (workspace: string) => Promise<void>;

const AT_ONCE = 200;

export function createWeighLate(index: CandidateIndex, weighRecords: WeighRecords): WeighLate {
  return async function weighLate(workspace) {
    for (;;) {
      const records = await index.late(workspace, LATE, AT_ONCE);
      if (records.length === 0) return;
      await weighRecords(workspace, records);
      await index.put(workspace, LATE, records.map(noLongerLate));
    }
  };
}

function noLongerLate(record: RecordName) {
  return { ...record, keys: [] };
}
