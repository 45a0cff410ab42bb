import { join } from 'node:path';
import { createBlobFolder } from '@kenal/collector-kit';
import { KenalError } from '@kenal/errors';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import {
  createHealth,
  createHttpHost,
  createLogger,
  createMetrics,
  loadKenalConfig,
  runService,
  systemClock,
} from '@kenal/service-kit';
import manifest from '../package.json' with { type: 'json' };
import { createCollectorWeb } from './app.ts';
import { DEFAULT_PORT, readEnvironment } from './config.ts';

const NAME = 'collector-web';
const logger = createLogger({ name: NAME, level: process.env.KENAL_LOG || 'info' });

await runService(logger, async (resources) => {
  const environment = readEnvironment(process.env);
  const loaded = loadKenalConfig({ path: environment.KENAL_CONFIG, environment: process.env });
  if (loaded === null) throw new KenalError('bad_config', 'no kenal.yaml here; name one with KENAL_CONFIG');
  const { config } = loaded;
  const log = await openEventLog({
    kafkaBrokers: environment.KAFKA_BROKERS,
    dataDir: environment.KENAL_DATA,
    clientId: NAME,
    logger,
  });
  resources.defer(() => log.close());
  await log.ensureTopics(topicSpecs(Math.max(...config.workspaces.map((workspace) => workspace.retentionDays))));

  const metrics = createMetrics();
  const health = createHealth();
  const service = createCollectorWeb({
    log,
    config,
    clock: systemClock,
    logger,
    metrics,
    health,
    blobs: createBlobFolder(join(environment.KENAL_DATA, 'blobs')),
    publicUrl: environment.KENAL_PUBLIC_URL,
    linkSecret: environment.KENAL_LINK_SECRET,
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
  await service.routes?.(host.app);
  await service.start();
  // In this order at the end: say so, let those in hand finish, append the last counts, close the port, close the log
  resources.defer(() => host.close());
  resources.defer(() => service.stop());
  resources.defer(() => health.drain());
  logger.info({ url: await host.listen() }, 'listening');
});
