import { type ErasedIdentifier, erasedSince, hideFailed, type Warehouse } from '@kenal/warehouse';
import type { Failure } from '../load.ts';

/**
 * Step: no failed event names somebody who was erased after it was received. All of a workspace are searched when an
 * erasure comes; those that come after an erasure, though older (the log is read again), by themselves.
 */
export function createHideFailedStep(warehouse: Warehouse) {
  return async function hide(erased: readonly ErasedIdentifier[], failures: readonly Failure[]): Promise<void> {
    for (const [workspace, some] of Map.groupBy(erased, (one) => one.workspace))
      await hideFailed(warehouse, workspace, some);
    for (const [workspace, some] of Map.groupBy(failures, (one) => one.workspace)) {
      const since = some.reduce((earliest, { receivedAt }) => Math.min(earliest, receivedAt), Number.MAX_SAFE_INTEGER);
      const younger = await erasedSince(warehouse, workspace, since);
      const ids = some.map(({ failureId }) => failureId);
      if (younger.length > 0) await hideFailed(warehouse, workspace, younger, ids);
    }
  };
}
