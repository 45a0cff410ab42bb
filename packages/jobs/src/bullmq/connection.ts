import { Redis } from 'ioredis';
import type { WarnLogger } from '../logger.ts';
import { unavailable } from '../unavailable.ts';

/** No call waits longer for Redis than this; then it is `unavailable`. */
const DEADLINE_MS = 15_000;

/** Connect. Workers wait for ever (`maxRetriesPerRequest: null`, as BullMQ demands), callers get an error in seconds. */
export async function connect(url: string, forWorkers: boolean, logger: WarnLogger): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    protocol: 2,
    connectTimeout: 5_000,
    maxRetriesPerRequest: forWorkers ? null : 5,
    retryStrategy: (times) => Math.min(100 * times, 1_000),
  });
  redis.on('error', (error) => logger.warn({ err: error }, 'job queue: connection to Redis lost'));
  try {
    await within(redis.connect());
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

/** @throws KenalError `unavailable` for whatever went wrong, silence past the deadline included */
export async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer in ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
}
