import type { JobQueue } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { WarnLogger } from '@kenal/storage-kit';

export interface JobQueueOptions {
  /** `redis://…` or `rediss://…`; chooses BullMQ. */
  readonly redisUrl?: string | undefined;
  /** Kenal's data directory; the SQLite adapter keeps `jobs/jobs.db` in it. Ignored where there is a Redis. */
  readonly dataDir?: string | undefined;
  readonly logger?: WarnLogger | undefined;
}

/**
 * Open the job queue: BullMQ where there is a Redis, else a SQLite file under the data directory; the vendor's code is
 * loaded for that one only.
 * @throws KenalError `unavailable` where the store does not answer, `bad_config` where neither option is given
 */
export async function openJobQueue(options: JobQueueOptions): Promise<JobQueue> {
  const { redisUrl, dataDir, logger } = options;
  if (redisUrl) {
    const { openBullQueue } = await import('./bullmq/index.ts');
    return openBullQueue({ url: redisUrl, logger });
  }
  if (dataDir) {
    const { openEmbeddedQueue } = await import('./embedded/index.ts');
    return openEmbeddedQueue({ dataDir, logger });
  }
  throw new KenalError('bad_config', 'the job queue needs REDIS_URL or a data directory');
}

export type { WarnLogger } from '@kenal/storage-kit';
export { nextRun } from './cron.ts';
export { DIED } from './rules.ts';
