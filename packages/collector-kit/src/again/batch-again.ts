import type { EventBatch, Rejection } from '../event-batch.ts';
import type { Source } from '../source.ts';
import type { FailedAgain } from './request.ts';

/** What was wrong, as answers tell it. */
export type Told = Pick<Rejection, 'code' | 'path' | 'reason'>;

/** Events that a failed body comes to, and what of it still cannot be read. */
export type BatchAgain = (
  source: Source,
  failed: FailedAgain,
) => Promise<{ readonly batch: EventBatch; readonly faults: readonly Told[] }>;
