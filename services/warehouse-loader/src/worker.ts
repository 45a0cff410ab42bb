import type { MessagePort } from 'node:worker_threads';
import { openEventLog } from '@kenal/event-log';
import { runServiceThread, type ServiceThreadData, systemClock } from '@kenal/service-kit';
import { connectWarehouse } from '@kenal/warehouse';
import { createWarehouseLoader } from './app.ts';

/** `workerData` of a thread that hosts the loader. */
export interface LoaderThreadData extends ServiceThreadData {
  /** To the engine of the thread that owns the data directory (`EmbeddedWarehouse.share`). */
  readonly warehouse: MessagePort;
}

const NAME = 'warehouse-loader';

await runServiceThread<LoaderThreadData>(NAME, async ({ data, resources, logger, ...parts }) => {
  const log = await openEventLog({ dataDir: data.dataDir, clientId: NAME, logger });
  resources.defer(() => log.close());
  const warehouse = connectWarehouse(data.warehouse, data.dataDir);
  resources.defer(() => warehouse.close());
  return createWarehouseLoader({ ...parts, log, warehouse, clock: systemClock, logger });
});
