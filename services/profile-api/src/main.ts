import { openEventLog } from '@kenal/event-log';
import { openJobQueue } from '@kenal/jobs';
import { exportBase, runServiceProcess, systemClock, untilAvailable } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openWarehouse } from '@kenal/warehouse';
import manifest from '../package.json' with { type: 'json' };
import { createProfileApi } from './app.ts';
import { DEFAULT_PORT, DEFAULT_SQL_PORT, environmentSchema } from './config.ts';

const NAME = 'profile-api';
const { version } = manifest;

await runServiceProcess(
  { name: NAME, version, schema: environmentSchema, variables: process.env, defaultPort: DEFAULT_PORT },
  async ({ environment, config, resources, logger, ...parts }) => {
    const { KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl, KENAL_DATA: dataDir } = environment;
    const log = await openEventLog({ kafkaBrokers, dataDir, clientId: NAME, logger });
    resources.defer(() => log.close());
    const state = await openState({ redisUrl, dataDir, logger });
    resources.defer(() => state.close());
    const queue = await openJobQueue({ redisUrl, dataDir, logger });
    resources.defer(() => queue.close());
    const warehouse = await openWarehouse({ clickhouseUrl: environment.CLICKHOUSE_URL, dataDir });
    resources.defer(() => warehouse.close());
    await untilAvailable(logger, { what: 'the warehouse' }, () => warehouse.migrate());

    const deps = { ...parts, config, logger, clock: systemClock };
    const service = createProfileApi({
      ...deps,
      log,
      state,
      queue,
      warehouse,
      publicUrl: environment.KENAL_PUBLIC_URL,
      exportBase: exportBase(environment.KENAL_EXPORT_DIR, dataDir),
    });
    const sqlHost = service.sqlHost({
      host: environment.KENAL_HOST,
      port: environment.KENAL_SQL_PORT ?? DEFAULT_SQL_PORT,
      onTaken: environment.KENAL_SQL_PORT === undefined ? 'next' : 'fail',
    });
    await sqlHost.start();
    resources.defer(() => sqlHost.stop());
    logger.info({ url: sqlHost.url }, 'listening for SQL');
    return service;
  },
);
