import { afterAll, beforeAll } from 'vitest';
import { type RedisServer, startRedis } from '../../../../../test/support/redis.ts';
import { candidateIndexContract } from '../contract/suite.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ own: true, fsync: 'off' });
});
afterAll(() => server?.stop());

candidateIndexContract('Redis', async () => ({ redisUrl: server.url }));
