import type { JobQueue } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { WarnLogger } from '@kenal/storage-kit';
import { openBullQueue } from './bullmq/index.ts';
import { openEmbeddedQueue } from './embedded/index.ts';

export interface JobQueueOptions {
  /** `redis://…` or `rediss://…`; chooses BullMQ. */
  readonly redisUrl?: string | undefined;
  /** Kenal's data directory; the SQLite adapter keeps `jobs/jobs.db` in it. Ignored where there is a Redis. */
  readonly dataDir?: string | undefined;
  readonly logger?: WarnLogger | undefined;
}

/**
 * Open the job queue: BullMQ where there is a Redis, else a SQLite file under the data directory.
 * @throws KenalError `unavailable` where the store does not answer, `bad_config` where neither option is given
 */
export async function openJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const { redisUrl, dataDir, logger } = options;
  if (redisUrl) return openBullQueue({ url: redisUrl, logger });
  if (dataDir) return openEmbeddedQueue({ dataDir, logger });
  throw new KenalError('bad_config', 'the job queue needs REDIS_URL or a data directory');
}

export type { WarnLogger } from '@kenal/storage-kit';
export { nextRun } from './cron.ts';
