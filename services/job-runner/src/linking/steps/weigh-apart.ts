import type { RecordName } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import type { Logger } from '@kenal/service-kit';
import type { LinkerMetrics } from '../linker-metrics.ts';
import type { WeighRecords } from './weigh-records.ts';

/**
 * Weigh records so that one which cannot be weighed holds up no other: where they fail together each goes for itself.
 * @returns how many were told of and left out
 * @throws KenalError that is retryable: the stores are away, not the record at fault
 */
export type WeighApart = (workspace: string, records: readonly RecordName[]) => Promise<number>;

export interface WeighApartDeps {
  readonly weighRecords: WeighRecords;
  readonly metrics: Pick<LinkerMetrics, 'skipped'>;
  readonly logger: Logger;
}

export function createWeighApart({ weighRecords, metrics, logger }: WeighApartDeps): WeighApart {
  return async function weighApart(workspace, records) {
    try {
      await weighRecords(workspace, records);
      return 0;
    } catch (error) {
      if (isKenalError(error) && error.retryable) throw error;
      if (records.length > 1) {
        let skipped = 0;
        for (const record of records) skipped += await weighApart(workspace, [record]);
        return skipped;
      }
      metrics.skipped.inc({ reason: 'failed' });
      const source = records[0]?.source;
      logger.error({ err: error, workspace, source }, 'a record could not be weighed and is left out');
      return 1;
    }
  };
}
