import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisServer, startRedis } from '../redis.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ own: true });
});
afterAll(() => server?.stop());

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

test('what was written before a kill −9 is there after a restart at the same address', async () => {
  await ask(server.url, (redis) => redis.set('a', '1'));
  await server.kill();
  await expect(ask(server.url, (redis) => redis.get('a'))).rejects.toThrow();
  await server.restart();
  expect(await ask(server.url, (redis) => redis.get('a'))).toBe('1');
});

test('a flush leaves nothing, a pause holds answers back until it is resumed', async () => {
  await server.flush();
  expect(await ask(server.url, (redis) => redis.get('a'))).toBeNull();
  await server.pause();
  let answered = false;
  const answer = ask(server.url, (redis) => redis.ping()).then((pong) => {
    answered = true;
    return pong;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(answered).toBe(false);
  await server.resume();
  expect(await answer).toBe('PONG');
});

test('the server ends when the process that started it is killed', async () => {
  const support = fileURLToPath(new URL('../redis.ts', import.meta.url));
  const script = `const { startRedis } = await import(${JSON.stringify(support)});
    console.log((await startRedis({ own: true })).url); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const url = String(line).trim();
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  await client.connect();
  expect(await client.ping()).toBe('PONG');
  const closed = once(client, 'close');
  child.kill('SIGKILL');
  await closed;
  await expect(ask(url, (redis) => redis.ping())).rejects.toThrow();
});
