import { Redis } from 'ioredis';
import type { Faults } from './faults.ts';
import type { WarnLogger } from './logger.ts';

/** No call waits longer for Redis than this; then it is `unavailable` and the caller tries again. */
export const REDIS_DEADLINE_MS = 15_000;

export interface RedisOptions {
  /** `redis://[user:password@]host:port[/db]` or `rediss://…` */
  readonly url: string;
  readonly faults: Faults;
  readonly logger: WarnLogger;
  /** Default {@link REDIS_DEADLINE_MS}. */
  readonly deadlineMs?: number | undefined;
  /** Commands wait for Redis for ever, instead of failing in seconds. */
  readonly isPatient?: boolean;
}

/** A connection that comes back by itself. @throws KenalError `unavailable` where Redis does not answer */
export async function connectRedis(options: RedisOptions): Promise<Redis> {
  const { url, faults, logger, deadlineMs = REDIS_DEADLINE_MS, isPatient = false } = options;
  const redis = new Redis(url, {
    lazyConnect: true,
    protocol: 2,
    connectTimeout: 5_000,
    maxRetriesPerRequest: isPatient ? null : 5,
    retryStrategy: (times) => Math.min(100 * times, 1_000),
  });
  redis.on('error', (err) => logger.warn({ err, store: faults.what }, 'connection to Redis lost'));
  try {
    await faults.within(redis.connect(), deadlineMs);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
