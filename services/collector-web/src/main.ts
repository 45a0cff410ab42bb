import { join } from 'node:path';
import { createBlobFolder } from '@kenal/collector-kit';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { runServiceProcess, systemClock } from '@kenal/service-kit';
import manifest from '../package.json' with { type: 'json' };
import { createCollectorWeb } from './app.ts';
import { DEFAULT_PORT, environmentSchema } from './config.ts';

const NAME = 'collector-web';
const { version } = manifest;

await runServiceProcess(
  { name: NAME, version, schema: environmentSchema, variables: process.env, defaultPort: DEFAULT_PORT },
  async ({ environment, config, resources, logger, ...parts }) => {
    const { KAFKA_BROKERS: kafkaBrokers, KENAL_DATA: dataDir } = environment;
    const log = await openEventLog({ kafkaBrokers, dataDir, clientId: NAME, logger });
    resources.defer(() => log.close());
    await log.ensureTopics(topicSpecs(...config.workspaces.map((workspace) => workspace.retentionDays)));
    return createCollectorWeb({
      ...parts,
      log,
      config,
      clock: systemClock,
      logger,
      blobs: createBlobFolder(join(dataDir, 'blobs')),
      publicUrl: environment.KENAL_PUBLIC_URL,
      linkSecret: environment.KENAL_LINK_SECRET,
    });
  },
);
