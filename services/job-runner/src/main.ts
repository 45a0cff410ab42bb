import { openEventLog } from '@kenal/event-log';
import { openJobQueue } from '@kenal/jobs';
import { exportBase, runServiceProcess, systemClock, untilAvailable } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openCandidateIndex } from '@kenal/state/candidates';
import { openWarehouse, viewNames } from '@kenal/warehouse';
import manifest from '../package.json' with { type: 'json' };
import { createJobRunner } from './app.ts';
import { environmentSchema } from './config.ts';

const NAME = 'job-runner';

await runServiceProcess(
  {
    ...{ name: NAME, version: manifest.version, schema: environmentSchema, variables: process.env, givesWay: true },
    views: viewNames(),
  },
  async ({ environment, resources, logger, ...parts }) => {
    const { KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl, KENAL_DATA: dataDir } = environment;
    const log = await openEventLog({ kafkaBrokers, dataDir, clientId: NAME, logger });
    resources.defer(() => log.close());
    const state = await openState({ redisUrl, dataDir, logger });
    resources.defer(() => state.close());
    const index = await openCandidateIndex({ redisUrl, dataDir, logger });
    resources.defer(() => index.close());
    const queue = await openJobQueue({ redisUrl, dataDir, logger });
    resources.defer(() => queue.close());
    const warehouse = await openWarehouse({ clickhouseUrl: environment.CLICKHOUSE_URL, dataDir });
    resources.defer(() => warehouse.close());
    await untilAvailable(logger, { what: 'the warehouse' }, () => warehouse.migrate());
    const keys = environment.KENAL_STEWARD_KEY.split(',').map((key) => key.trim());
    const door = { url: environment.KENAL_API_URL, keys };
    const exports = { base: exportBase(environment.KENAL_EXPORT_DIR, dataDir), environment: process.env };
    return createJobRunner({
      ...parts,
      exports,
      log,
      state,
      index,
      queue,
      warehouse,
      door,
      clock: systemClock,
      logger,
    });
  },
);
