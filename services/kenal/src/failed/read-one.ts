import { setTimeout as sleep } from 'node:timers/promises';
import { KenalError } from '@kenal/errors';
import { UsageError } from '../cli/usage-error.ts';
import { type FailedShown, idsBeginning, listFailed } from '../client/failed.ts';
import type { Instance } from '../client/instance.ts';

const SHORTEST = 4;
const MOST_SHOWN = 5;

/**
 * The whole failure id that begins so, as git has it.
 * @throws UsageError where none does, several do, or it is under 4 letters
 */
export async function wholeId(instance: Instance, start: string): Promise<string> {
  if (start.length < SHORTEST)
    throw new UsageError(`a failure id is told by its first ${SHORTEST} letters at least, not by '${start}'`);
  const ids = await idsBeginning(instance, start, MOST_SHOWN + 1);
  const [first] = ids;
  if (first === undefined)
    throw new UsageError(`there is no failed event ${start}; kenal failed ls shows them (erased people’s are gone)`);
  if (ids.length === 1 || first === start) return first;
  const more = ids.length > MOST_SHOWN ? ' and more' : '';
  throw new UsageError(`several failed events begin with ${start}: ${ids.slice(0, MOST_SHOWN).join(', ')}${more}`);
}

/** @param start of its id @throws UsageError where no failed event is told by it, or several are */
export async function readOne(instance: Instance, start: string): Promise<FailedShown> {
  const id = await wholeId(instance, start);
  const [event] = await listFailed(instance, { ids: [id], states: [], last: 1 }, true);
  if (event === undefined) throw new UsageError(`there is no failed event ${id} any more`);
  return event;
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
