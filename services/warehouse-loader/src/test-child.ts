import { openEventLog } from '@kenal/event-log';
import { createHealth, createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { openWarehouse } from '@kenal/warehouse';
import { createWarehouseLoader } from './app.ts';
import { config } from './test-support.ts';

// A loader in a process of its own that the test kills: `node test-child.ts <data directory>`; says `started`.
const dataDir = process.argv[2]!;
const log = await openEventLog({ dataDir, clientId: 'child' });
const warehouse = await openWarehouse({ dataDir });
await warehouse.migrate();
const loader = createWarehouseLoader({
  ...{ log, warehouse, config, clock: systemClock, metrics: createMetrics(), health: createHealth() },
  logger: createLogger({ name: 'child', level: 'silent' }),
});
await loader.start();
process.stdout.write('started\n');
