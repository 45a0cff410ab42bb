import { UsageError } from '../cli/usage-error.ts';
import { type FailedShown, listFailed } from '../client/failed.ts';
import type { Instance } from '../client/instance.ts';

/** @throws UsageError where there is no such failed event, or it names somebody who was erased since */
export async function readOne(instance: Instance, id: string): Promise<FailedShown> {
  const [event] = await listFailed(instance, { ids: [id], states: [], last: 1 }, true);
  if (event !== undefined) return event;
  throw new UsageError(`there is no failed event ${id}; kenal failed ls shows them (erased people’s are gone)`);
}
