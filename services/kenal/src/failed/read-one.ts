import { setTimeout as sleep } from 'node:timers/promises';
import { KenalError } from '@kenal/errors';
import { UsageError } from '../cli/usage-error.ts';
import { type FailedShown, listFailed } from '../client/failed.ts';
import type { Instance } from '../client/instance.ts';

/** @throws UsageError where there is no such failed event, or it names somebody who was erased since */
export async function readOne(instance: Instance, id: string): Promise<FailedShown> {
  const [event] = await listFailed(instance, { ids: [id], states: [], last: 1 }, true);
  if (event !== undefined) return event;
  throw new UsageError(`there is no failed event ${id}; kenal failed ls shows them (erased people’s are gone)`);
}

const POLL_MS = 100;
const LONGEST_WAIT_MS = 30_000;

/**
 * Wait until SQL shows what was just decided of an event, so that the next command sees it.
 * @throws KenalError `unavailable` where it does not within 30 s: it is in the log all the same
 */
export async function untilShown(
  instance: Instance,
  { failure_id: id, changed_at: before }: FailedShown,
): Promise<void> {
  for (const deadline = performance.now() + LONGEST_WAIT_MS; performance.now() < deadline; await sleep(POLL_MS)) {
    const [event] = await listFailed(instance, { ids: [id], states: [], last: 1 }, false);
    if (event === undefined || event.changed_at !== before) return;
  }
  throw new KenalError('unavailable', 'it is decided, and SQL does not show it yet: is the warehouse-loader behind?');
}
