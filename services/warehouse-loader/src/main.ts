import { openEventLog } from '@kenal/event-log';
import {
  createHealth,
  createHttpHost,
  createLogger,
  createMetrics,
  runService,
  systemClock,
  untilAvailable,
} from '@kenal/service-kit';
import { openWarehouse } from '@kenal/warehouse';
import { createWarehouseLoader } from './app.ts';
import { readConfig } from './config.ts';

const logger = createLogger({ name: 'warehouse-loader', level: process.env.KENAL_LOG || 'info' });

await runService(logger, async (resources) => {
  const { environment, config } = readConfig(process.env);
  const { KAFKA_BROKERS: kafkaBrokers, CLICKHOUSE_URL: clickhouseUrl, KENAL_DATA: dataDir } = environment;
  const metrics = createMetrics();
  const health = createHealth();
  const log = await openEventLog({ kafkaBrokers, dataDir, clientId: 'kenal-warehouse-loader', logger });
  resources.defer(() => log.close());
  const warehouse = await openWarehouse({ clickhouseUrl, dataDir });
  resources.defer(() => warehouse.close());
  await untilAvailable(logger, { what: 'the warehouse' }, () => warehouse.migrate());
  const loader = createWarehouseLoader({ log, warehouse, config, clock: systemClock, metrics, health, logger });
  await loader.start();
  resources.defer(() => loader.stop());
  const { KENAL_HOST: host, KENAL_PORT: port } = environment;
  const http = createHttpHost({ logger, health, metrics, version: '0.1.0', host, port: port ?? 0 });
  const url = await http.listen();
  resources.defer(() => http.close());
  resources.defer(() => health.drain());
  logger.info({ url }, 'warehouse-loader is ready');
});
