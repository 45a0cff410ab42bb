import { openEventLog } from '@kenal/event-log';
import { createHealth, createHttpHost, createLogger, createMetrics, runService, systemClock } from '@kenal/service-kit';
import { openState } from '@kenal/state';
import { createIdentityResolver } from './app.ts';
import { readConfig } from './config.ts';

const logger = createLogger({ name: 'identity-resolver', level: process.env.KENAL_LOG || 'info' });

await runService(logger, async (resources) => {
  const { environment, config } = readConfig(process.env);
  const { KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl, KENAL_DATA: dataDir } = environment;
  const metrics = createMetrics();
  const health = createHealth();
  const log = await openEventLog({ kafkaBrokers, dataDir, clientId: 'kenal-identity-resolver', logger });
  resources.defer(() => log.close());
  const state = await openState({ redisUrl, dataDir, logger });
  resources.defer(() => state.close());
  const resolver = createIdentityResolver({ log, state, config, clock: systemClock, metrics, health, logger });
  await resolver.start();
  resources.defer(() => resolver.stop());
  const { KENAL_HOST: host, KENAL_PORT: port } = environment;
  const http = createHttpHost({ logger, health, metrics, version: '0.1.0', host, port: port ?? 0 });
  const url = await http.listen();
  resources.defer(() => http.close());
  resources.defer(() => health.drain());
  logger.info({ url }, 'identity-resolver is ready');
});
