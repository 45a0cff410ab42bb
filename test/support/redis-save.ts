import { Redis } from 'ioredis';

/** Keep all keys as they are now, so that they can be put back: as a Redis does that starts from an older dump. */
export async function saveKeys(url: string): Promise<{ restore(): Promise<void> }> {
  const saved = await withRedis(url, async (redis) => {
    const keys = await redis.keysBuffer('*');
    return Promise.all(keys.map(async (key) => [key, await redis.dumpBuffer(key)] as const));
  });
  return {
    restore: () =>
      withRedis(url, async (redis) => {
        const swap = redis.multi().flushall();
        for (const [key, value] of saved) if (value !== null) swap.restore(key, 0, value);
        await swap.exec();
      }),
  };
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true });
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
