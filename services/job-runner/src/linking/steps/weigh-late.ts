import type { CandidateIndex, RecordName } from '@kenal/contracts';
import { LATE } from '../late.ts';
import type { WeighApart } from './weigh-apart.ts';

/** Weigh what came in during a pass, now that its model is in force. @returns how many could not be and are left out */
export type WeighLate = (workspace: string) => Promise<number>;

const AT_ONCE = 200;

export function createWeighLate(index: CandidateIndex, weighApart: WeighApart): WeighLate {
  return async function weighLate(workspace) {
    for (let skipped = 0; ; ) {
      const records = await index.late(workspace, LATE, AT_ONCE);
      if (records.length === 0) return skipped;
      skipped += await weighApart(workspace, records);
      await index.put(workspace, LATE, records.map(noLongerLate));
    }
  };
}

function noLongerLate(record: RecordName) {
  return { ...record, keys: [] };
}
