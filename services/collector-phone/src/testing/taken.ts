import type { FailedEvent } from '@kenal/contracts';
import type { TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { toldInOrder } from './fixtures.ts';

/** What one delivery, or several, came to. */
export interface Taken {
  readonly interactions: ReturnType<typeof toldInOrder>;
  readonly failed: readonly FailedEvent[];
}

/** What a collector took since it was asked last, so that the tests of a file can share one. */
export function createTaken(collector: TestVendorCollector): () => Promise<Taken> {
  const seen = new Set<string>();
  const isNew = ({ receipt }: Pick<FailedEvent, 'receipt'>): boolean => {
    const name = `${receipt?.collector}/${receipt?.sequence}`;
    return !seen.has(name) && seen.add(name).has(name);
  };
  return async () => {
    const interactions = (await collector.interactions()).filter(isNew);
    const failed = (await collector.failed()).filter(isNew);
    return { interactions: toldInOrder(interactions), failed };
  };
}
