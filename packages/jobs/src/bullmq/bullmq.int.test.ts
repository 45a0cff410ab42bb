import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisServer, startRedis } from '../../../../test/support/redis.ts';
import { recorder } from '../contract/record.ts';
import { jobQueueContract } from '../contract/suite.ts';
import { openBullQueue } from './index.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ own: true });
});
afterAll(() => server?.stop());

jobQueueContract('BullMQ', async () => ({ redisUrl: server.url, leaseMs: 600 }));

test('without Redis adding is unavailable within seconds; workers go on by themselves when it is back', async () => {
  const queue = await openBullQueue({ url: server.url, leaseMs: 300 });
  const record = recorder();
  await queue.add({ name: 'survivor', data: { n: 1 }, delayMs: 100 });
  await queue.work('survivor', 1, record.handler);
  await server.kill();
  await expect(queue.add({ name: 'survivor', data: { n: 2 } })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(openBullQueue({ url: server.url })).rejects.toMatchObject({ code: 'unavailable' });
  await server.restart();
  await queue.add({ name: 'survivor', data: { n: 3 } });
  await record.reached(2);
  expect(record.seen.map((one) => one.job.data.n).toSorted()).toEqual([1, 3]);
  await queue.close();
});
