import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisServer, startRedis } from '../../../../test/support/redis.ts';
import { addOne, recorder } from '../contract/record.ts';
import { jobQueueContract } from '../contract/suite.ts';
import { openBullQueue } from './index.ts';
import { FAR_SCORE } from './job.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ own: true });
});
afterAll(() => server?.stop());

jobQueueContract('BullMQ', async () => ({ redisUrl: server.url, leaseMs: 600 }));

test('BullMQ is told how many jobs to keep that are over, and for how long', async () => {
  const queue = await openBullQueue({ url: server.url });
  const id = await addOne(queue, { name: 'bounded', data: {} });
  const bull = new Queue('bounded', { connection: { url: server.url }, prefix: '{kenal-jobs}' });
  const kept = { count: 1_000, age: 30 * 86_400 };
  expect((await bull.getJob(id))?.opts).toMatchObject({ removeOnComplete: kept, removeOnFail: kept });
  await Promise.all([bull.close(), queue.close()]);
});

test('without Redis adding is unavailable within seconds; workers go on by themselves when it is back', async () => {
  const queue = await openBullQueue({ url: server.url, leaseMs: 300 });
  const record = recorder();
  await addOne(queue, { name: 'survivor', data: { n: 1 }, delayMs: 100 });
  await queue.work('survivor', 1, record.handler);
  await server.kill();
  await expect(addOne(queue, { name: 'survivor', data: { n: 2 } })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(openBullQueue({ url: server.url })).rejects.toMatchObject({ code: 'unavailable' });
  await server.restart();
  await addOne(queue, { name: 'survivor', data: { n: 3 } });
  await record.reached(2);
  expect(record.seen.map((one) => one.job.data.n).toSorted()).toEqual([1, 3]);
  await queue.close();
});

test('what a process left half done when it died is set right: not lined up, not let go, not let by', async () => {
  const name = 'half-done';
  const queue = await openBullQueue({ url: server.url, leaseMs: 300 });
  const redis = new Redis(server.url);
  const key = (end: string): string => `{kenal-jobs}:${name}:${end}`;
  const jobs = ['a', 'a', 'b', 'b', 'c', 'c'].map((group, n) => ({ name, data: { n }, group }));
  const ids = await queue.add(jobs);
  // of a nobody knows that they are a group, and none was let go
  await redis.del(key('gate:group:a'));
  await redis.hdel(key('gate:of'), ids[0]!, ids[1]!);
  // b's first was not let go; c's first has ended, and the next did not hear of it
  for (const id of [ids[0]!, ids[2]!]) {
    await redis.lrem(key('wait'), 1, id);
    await redis.zadd(key('delayed'), FAR_SCORE, id);
  }
  await redis.lpush(key('gate:group:c'), 'long gone');
  await redis.lrem(key('wait'), 1, ids[4]!);
  await redis.zadd(key('delayed'), FAR_SCORE, ids[4]!);
  // whoever had the one place of k is gone
  await queue.add(['k', 'k'].map((limit, n) => ({ name, data: { n: 6 + n }, limit: { key: limit, parallel: 1 } })));
  await redis.zadd(key('gate:slots:k'), Date.now() + 200, 'long gone');
  const record = recorder();
  const worker = await queue.work(name, 1, record.handler);
  await record.reached(8);
  await worker.drain();
  const seen = record.seen.map((one) => Number(one.job.data.n));
  for (const [first, second] of [
    [0, 1],
    [2, 3],
    [4, 5],
  ] as const)
    expect(seen.indexOf(first)).toBeLessThan(seen.indexOf(second));
  expect(new Set(seen).size).toBe(8);
  await queue.close();
  redis.disconnect();
});
