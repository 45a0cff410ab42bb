import { join } from 'node:path';
import type { Clock, EventLog } from '@kenal/contracts';
import { openEventLog, topicSpecs } from '@kenal/event-log';
import { adapterEnvironment, publicUrlVariable, type ServiceParts, systemClock } from '@kenal/service-kit';
import type { z } from 'zod';
import { type BlobStore, createBlobFolder } from './blobs.ts';

/** The variables that every collector reads. */
export const collectorEnvironment = adapterEnvironment.omit({ REDIS_URL: true, CLICKHOUSE_URL: true }).extend({
  KENAL_PUBLIC_URL: publicUrlVariable,
});
export type CollectorEnvironment = z.infer<typeof collectorEnvironment>;

/** The log that a collector writes, with its topics, closed at the end of the process; blobs beside it. */
export async function openCollectorLog(
  name: string,
  {
    environment,
    config,
    resources,
    logger,
  }: Pick<ServiceParts<CollectorEnvironment>, 'environment' | 'config' | 'resources' | 'logger'>,
): Promise<{ readonly log: EventLog; readonly blobs: BlobStore; readonly clock: Clock }> {
  const { KAFKA_BROKERS: kafkaBrokers, KENAL_DATA: dataDir } = environment;
  const log = await openEventLog({ kafkaBrokers, dataDir, clientId: name, logger });
  resources.defer(() => log.close());
  await log.ensureTopics(topicSpecs(...config.workspaces.map(({ retentionDays }) => retentionDays)));
  return { log, blobs: createBlobFolder(join(dataDir, 'blobs')), clock: systemClock };
}
