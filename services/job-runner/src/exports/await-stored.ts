import { setTimeout as sleep } from 'node:timers/promises';
import { DIRECTIVES_APPLIED_PARTITION, type EventLog, type IdentityState, TOPICS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createSettle } from '@kenal/event-log';

/**
 * Wait until everything that was said and decided before is stored: an erasure among it, whose person must be in no file.
 * @throws KenalError `unavailable` where it takes longer than two minutes
 */
export type AwaitStored = (workspace: string, signal: AbortSignal) => Promise<void>;

const MOST_MS = 120_000;
const POLL_MS = 50;

/** A decision is carried out, and its changes are on the topics, once the mark of the workspace lies behind it; then the topics are. */
export function createAwaitStored(log: EventLog, state: Pick<IdentityState, 'processed'>): AwaitStored {
  const settle = createSettle(log);

  async function appliedUpTo(workspace: string): Promise<number> {
    const [at] = await state.processed([workspace], [DIRECTIVES_APPLIED_PARTITION]);
    return Math.max(0, at?.offset ?? 0);
  }

  return async function awaitStored(workspace, signal) {
    const deadline = performance.now() + MOST_MS;
    const ranges = await log.ranges(TOPICS.directives.name);
    const end = Math.max(0, ...ranges.map(({ latest }) => latest));
    while ((await appliedUpTo(workspace)) < end && performance.now() < deadline) {
      signal.throwIfAborted();
      await sleep(POLL_MS);
    }
    const left = deadline - performance.now();
    if (left > 0 && (await settle(left, signal))) return;
    throw new KenalError('unavailable', 'the warehouse has not stored yet what came before this run');
  };
}
