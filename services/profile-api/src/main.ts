import { KenalError } from '@kenal/errors';
import { openEventLog } from '@kenal/event-log';
import {
  createHealth,
  createHttpHost,
  createLogger,
  createMetrics,
  loadKenalConfig,
  runService,
  systemClock,
  untilAvailable,
} from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openWarehouse } from '@kenal/warehouse';
import manifest from '../package.json' with { type: 'json' };
import { createProfileApi } from './app.ts';
import { createReadKeys } from './auth/read-keys.ts';
import { DEFAULT_PORT, DEFAULT_SQL_PORT, readEnvironment } from './config.ts';

const NAME = 'profile-api';
const logger = createLogger({ name: NAME, level: process.env.KENAL_LOG || 'info' });

await runService(logger, async (resources) => {
  const environment = readEnvironment(process.env);
  const loaded = loadKenalConfig({ path: environment.KENAL_CONFIG, environment: process.env });
  if (loaded === null) throw new KenalError('bad_config', 'no kenal.yaml here; name one with KENAL_CONFIG');
  const { config } = loaded;
  const { KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl, KENAL_DATA: dataDir } = environment;
  const log = await openEventLog({ kafkaBrokers, dataDir, clientId: NAME, logger });
  resources.defer(() => log.close());
  const state = await openState({ redisUrl, dataDir, logger });
  resources.defer(() => state.close());
  const warehouse = await openWarehouse({ clickhouseUrl: environment.CLICKHOUSE_URL, dataDir });
  resources.defer(() => warehouse.close());
  await untilAvailable(logger, { what: 'the warehouse' }, () => warehouse.migrate());

  const metrics = createMetrics();
  const health = createHealth();
  const readKeys = createReadKeys(config);
  const service = createProfileApi({
    state,
    warehouse,
    log,
    config,
    readKeys,
    clock: systemClock,
    logger,
    metrics,
    health,
  });
  const host = createHttpHost({
    logger,
    health,
    metrics,
    version: manifest.version,
    host: environment.KENAL_HOST,
    port: environment.KENAL_PORT ?? DEFAULT_PORT,
    onTaken: environment.KENAL_PORT === undefined ? 'next' : 'fail',
  });
  const sqlHost = service.sqlHost({
    host: environment.KENAL_HOST,
    port: environment.KENAL_SQL_PORT ?? DEFAULT_SQL_PORT,
    onTaken: environment.KENAL_SQL_PORT === undefined ? 'next' : 'fail',
  });
  await service.routes(host.app);
  await service.start();
  await sqlHost.start();
  // In this order at the end: say so, end the streams, answer what is in hand, let go of the stores
  resources.defer(() => Promise.all([host.close(), sqlHost.stop()]).then(() => undefined));
  resources.defer(() => service.stop());
  resources.defer(() => health.drain());
  logger.info({ url: await host.listen(), sqlUrl: sqlHost.url }, 'listening');
});
