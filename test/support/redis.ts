import { Redis } from 'ioredis';
import { installedRedis, mavenRedis } from './redis/binary.ts';
import { engineAnswers, startRedisContainer } from './redis/container.ts';
import { startRedisProcess } from './redis/process.ts';

export interface StartRedisOptions {
  /** True for tests that kill, restart or pause it: the server of REDIS_URL is not taken then. */
  readonly own?: boolean;
  /** When its append-only file is forced to disk; `off` = no file. Default `always`: a kill loses nothing. */
  readonly fsync?: 'always' | 'everysec' | 'off';
}

/** A real Redis for a test. It ends with the test's process at the latest. */
export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
  /** kill −9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Kill it where it still runs and start it on the same port with the same data; resolves when it answers. */
  restart(): Promise<void>;
  /** FLUSHALL. */
  flush(): Promise<void>;
  /** Stop it from answering, connections stay open. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/**
 * A Redis from the first place that has one: REDIS_URL (its data is flushed by tests), a container, `redis-server` on
 * the PATH, the binary inside a Maven artifact.
 * @throws Error one sentence that says what to install
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<RedisServer> {
  const url = process.env.REDIS_URL;
  const server = url && !options.own ? foreign(url) : await startOwn(options);
  return { ...server, flush: () => flush(server.url) };
}

async function startOwn(options: StartRedisOptions): Promise<Omit<RedisServer, 'flush'>> {
  if (await engineAnswers()) return startRedisContainer(options);
  const binary = installedRedis() ?? (await mavenRedis().catch(noRedis));
  return startRedisProcess(binary ?? noRedis(), options);
}

function noRedis(cause?: unknown): never {
  throw new Error(
    'The tests need a Redis: set REDIS_URL, start Docker, install redis-server, or install Maven and Java so that it can be fetched.',
    { cause },
  );
}

function foreign(url: string): Omit<RedisServer, 'flush'> {
  const refuse = () =>
    Promise.reject(new Error('the Redis of REDIS_URL is not ours to stop: start one with `own: true`'));
  return { url, stop: async () => {}, kill: refuse, restart: refuse, pause: refuse, resume: refuse };
}

async function flush(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true });
  try {
    await redis.connect();
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}
