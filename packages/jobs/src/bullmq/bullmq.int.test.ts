import { Queue } from 'bullmq';
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

test('BullMQ is told how many jobs to keep that are over, and for how long', async () => {
  const queue = await openBullQueue({ url: server.url });
  const id = await queue.add({ name: 'bounded', data: {} });
  const bull = new Queue('bounded', { connection: { url: server.url }, prefix: '{kenal-jobs}' });
  const kept = { count: 1_000, age: 30 * 86_400 };
  expect((await bull.getJob(id))?.opts).toMatchObject({ removeOnComplete: kept, removeOnFail: kept });
  await Promise.all([bull.close(), queue.close()]);
});

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
