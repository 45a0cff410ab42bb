import { openEventLog } from '@kenal/event-log';
import { runServiceProcess, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { openWarehouse } from '@kenal/warehouse';
import manifest from '../package.json' with { type: 'json' };
import { environmentSchema } from './config.ts';
import { createGuardedResolver } from './rebuild/guarded-resolver.ts';

const NAME = 'identity-resolver';

await runServiceProcess(
  { name: NAME, version: manifest.version, schema: environmentSchema, variables: process.env, givesWay: true },
  async ({ environment, resources, logger, ...parts }) => {
    const {
      KAFKA_BROKERS: kafkaBrokers,
      REDIS_URL: redisUrl,
      CLICKHOUSE_URL: clickhouseUrl,
      KENAL_DATA: dataDir,
    } = environment;
    const log = await openEventLog({ kafkaBrokers, dataDir, clientId: NAME, logger });
    resources.defer(() => log.close());
    const state = await openState({ redisUrl, dataDir, logger });
    resources.defer(() => state.close());
    const warehouse = clickhouseUrl === undefined ? null : await openWarehouse({ clickhouseUrl });
    if (warehouse !== null) resources.defer(() => warehouse.close());
    // There may be several: an operator has the state made anew, once
    return createGuardedResolver({ ...parts, log, state, warehouse, rebuilds: false, clock: systemClock, logger });
  },
);
