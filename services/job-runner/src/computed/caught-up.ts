import { computedPlace, type EventLog, type IdentityState, TOPICS } from '@kenal/contracts';
import { createSettle } from '@kenal/event-log';

/** Whether profiles show all that was published of a workspace: only then what they do not show is lost. */
export type CaughtUp = (workspace: string, signal: AbortSignal) => Promise<boolean>;

const SETTLE_MS = 5_000;

export function createCaughtUp(log: EventLog, state: Pick<IdentityState, 'processed'>): CaughtUp {
  const settle = createSettle(log);
  return async function caughtUp(workspace, signal) {
    const ranges = await log.ranges(TOPICS.computed.name);
    const ends = new Map(ranges.map(({ partition, latest }) => [computedPlace(partition), latest]));
    const read = await state.processed([workspace], [...ends.keys()]);
    if (read.some(({ partition, offset }) => Math.max(0, offset) < ends.get(partition)!)) return false;
    // And the changes that follow from it are in the warehouse
    return settle(SETTLE_MS, signal);
  };
}
