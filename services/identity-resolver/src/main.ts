import { openEventLog } from '@kenal/event-log';
import { runServiceProcess, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import manifest from '../package.json' with { type: 'json' };
import { createIdentityResolver } from './app.ts';
import { environmentSchema } from './config.ts';

const NAME = 'identity-resolver';

await runServiceProcess(
  { name: NAME, version: manifest.version, schema: environmentSchema, variables: process.env, givesWay: true },
  async ({ environment, resources, logger, ...parts }) => {
    const { KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl, KENAL_DATA: dataDir } = environment;
    const log = await openEventLog({ kafkaBrokers, dataDir, clientId: NAME, logger });
    resources.defer(() => log.close());
    const state = await openState({ redisUrl, dataDir, logger });
    resources.defer(() => state.close());
    return createIdentityResolver({ ...parts, log, state, clock: systemClock, logger });
  },
);
