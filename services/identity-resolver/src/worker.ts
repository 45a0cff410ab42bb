import type { MessagePort } from 'node:worker_threads';
import { openEventLog } from '@kenal/event-log';
import { runServiceThread, type ServiceThreadData, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { connectWarehouse } from '@kenal/warehouse';
import { createGuardedResolver } from './rebuild/guarded-resolver.ts';

/** `workerData` of a thread that hosts the resolver. */
export interface ResolverThreadData extends ServiceThreadData {
  /** To the engine of the thread that owns the data directory (`EmbeddedWarehouse.share`). */
  readonly warehouse?: MessagePort;
}

const NAME = 'identity-resolver';

await runServiceThread<ResolverThreadData>(NAME, async ({ data, resources, logger, ...parts }) => {
  const { dataDir } = data;
  const log = await openEventLog({ dataDir, clientId: NAME, logger });
  resources.defer(() => log.close());
  const state = await openState({ dataDir, logger });
  resources.defer(() => state.close());
  const warehouse = data.warehouse === undefined ? null : connectWarehouse(data.warehouse, dataDir);
  if (warehouse !== null) resources.defer(() => warehouse.close());
  return createGuardedResolver({ ...parts, log, state, warehouse, rebuilds: true, clock: systemClock, logger });
});
