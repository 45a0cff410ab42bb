import { openEventLog } from '@kenal/event-log';
import { runServiceProcess, systemClock, untilAvailable } from '@kenal/service-kit';
import { openWarehouse } from '@kenal/warehouse';
import manifest from '../package.json' with { type: 'json' };
import { createWarehouseLoader } from './app.ts';
import { environmentSchema } from './config.ts';

const NAME = 'warehouse-loader';

await runServiceProcess(
  { name: NAME, version: manifest.version, schema: environmentSchema, variables: process.env, givesWay: true },
  async ({ environment, resources, logger, ...parts }) => {
    const { KAFKA_BROKERS: kafkaBrokers, CLICKHOUSE_URL: clickhouseUrl, KENAL_DATA: dataDir } = environment;
    const log = await openEventLog({ kafkaBrokers, dataDir, clientId: NAME, logger });
    resources.defer(() => log.close());
    const warehouse = await openWarehouse({ clickhouseUrl, dataDir });
    resources.defer(() => warehouse.close());
    await untilAvailable(logger, { what: 'the warehouse' }, () => warehouse.migrate());
    return createWarehouseLoader({ ...parts, log, warehouse, clock: systemClock, logger });
  },
);
