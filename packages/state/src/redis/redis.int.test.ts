import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisServer, startRedis } from '../../../../test/support/redis.ts';
import { commitOf } from '../contract/place.ts';
import { identityStateContract } from '../contract/suite.ts';
import { openRedisState } from './index.ts';
import { keysOf } from './keys.ts';

const WS = 'shop';
let server: RedisServer;
beforeAll(async () => {
  server = await startRedis({ own: true });
});
afterAll(() => server?.stop());

identityStateContract('Redis', async () => ({ redisUrl: server.url, leaseMs: 600 }));

describe('identity state on a Redis that loses things', () => {
  const withAdmin = async <T>(work: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(server.url, { lazyConnect: true });
    await redis.connect();
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  };

  test('a relay that died before the clock of Redis was set back holds up nobody', async () => {
    const state = await openRedisState({ url: server.url });
    await state.commit('late', [commitOf('a', 0, { outbox: [{ key: 'k', value: new Uint8Array([1]) }] })]);
    await withAdmin((redis) => redis.set(keysOf('late').lease, 'the dead', 'PX', 3_600_000));
    expect(await state.relay('late', 'next', 1, async () => {})).toMatchObject({ sent: 1 });
    await state.close();
  });

  test('scripts that were flushed are loaded again, by commits, loads, relays and offsets alike', async () => {
    const state = await openRedisState({ url: server.url });
    await withAdmin((redis) => redis.script('FLUSH'));
    const outbox = [{ key: 'k', value: new Uint8Array([1]) }];
    expect(await state.commit(WS, [commitOf('a', 0, { point: ['email:a'], outbox }), commitOf('b', 0)])).toEqual([
      true,
      true,
    ]);
    await withAdmin((redis) => redis.script('FLUSH'));
    expect((await state.load(WS, ['email:a'])).components.size).toBe(1);
    await withAdmin((redis) => redis.script('FLUSH'));
    expect((await state.load(WS, [], [{ centre: 'email:a', limit: 1 }])).shelves.size).toBe(1);
    await withAdmin((redis) => redis.script('FLUSH'));
    expect(await state.relay(WS, 'h', 1, async () => {})).toMatchObject({ sent: 1 });
    await withAdmin((redis) => redis.script('FLUSH'));
    expect(await state.advance([{ workspace: WS, partition: 0, offset: 4 }])).toEqual([-1]);
    await state.close();
  });

  test('after a flush advance answers −1, and the state works on from nothing', async () => {
    const state = await openRedisState({ url: server.url });
    await state.advance([{ workspace: WS, partition: 0, offset: 9 }]);
    await server.flush();
    expect(await state.advance([{ workspace: WS, partition: 0, offset: 10 }])).toEqual([-1]);
    expect((await state.load(WS, ['email:a'])).pointers.size).toBe(0);
    expect(await state.commit(WS, [commitOf('a', 0, { absent: ['email:a'], point: ['email:a'] })])).toEqual([true]);
    await state.close();
  });

  test('a killed Redis is unavailable within seconds, and the same state goes on with its data when it is back', async () => {
    const state = await openRedisState({ url: server.url });
    await state.commit(WS, [commitOf('kept', 0, { point: ['email:kept'] })]);
    await server.kill();
    const down = { code: 'unavailable', retryable: true };
    await Promise.all([
      expect(state.load(WS, ['email:kept'])).rejects.toMatchObject(down),
      expect(state.commit(WS, [commitOf('x', 0)])).rejects.toMatchObject(down),
      expect(state.relay(WS, 'h', 1, async () => {})).rejects.toMatchObject(down),
      expect(state.anchor(WS, 'p')).rejects.toMatchObject(down),
      expect(state.advance([{ workspace: WS, partition: 0, offset: 1 }])).rejects.toMatchObject(down),
      expect(state.processed([WS], [0])).rejects.toMatchObject(down),
      expect(openRedisState({ url: server.url })).rejects.toMatchObject(down),
    ]);
    await server.restart();
    expect((await state.load(WS, ['email:kept'])).components.get('kept')?.version).toBe(1);
    await state.close();
  });

  test('a scan that a restart of Redis interrupts still gives every component', async () => {
    const state = await openRedisState({ url: server.url });
    const ids = Array.from({ length: 2_000 }, (_, n) => `c-${n}`);
    await state.commit(
      'scanned',
      ids.map((id) => commitOf(id, 0)),
    );
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const page = await state.scan('scanned', cursor);
      for (const { id } of page.components) seen.add(id);
      // Its keys are in another order afterwards
      if (cursor === null) await server.restart();
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(new Set(ids));
    await state.close();
  });

  test('a Redis that does not answer is unavailable after the deadline', async () => {
    const state = await openRedisState({ url: server.url, deadlineMs: 200 });
    await server.pause();
    try {
      await expect(state.load(WS, ['email:a'])).rejects.toMatchObject({ code: 'unavailable', retryable: true });
      await expect(state.commit(WS, [commitOf('x', 0)])).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      await server.resume();
    }
    await state.close();
  });

  test('a component that was evicted from under its pointer can be built anew', async () => {
    const state = await openRedisState({ url: server.url });
    await state.commit(WS, [commitOf('e', 0, { point: ['email:e'], set: new Map([['f', '1']]) })]);
    await withAdmin((redis) => redis.del(`kenal:{${WS}}:c:e`));
    const { pointers, components } = await state.load(WS, ['email:e']);
    expect(pointers.get('email:e')).toBe('e');
    expect(components.get('e')).toEqual({ id: 'e', version: 0, fields: new Map() });
    expect(await state.commit(WS, [commitOf('e', 0, { set: new Map([['f', '2']]) })])).toEqual([true]);
    await state.close();
  });

  test('every key of a workspace carries its hash tag, so that a cluster keeps them in one slot', async () => {
    const state = await openRedisState({ url: server.url });
    const all = commitOf('t', 0, {
      point: ['email:{x}'],
      issued: new Map([['p', 'email:t']]),
      park: new Map([['email:{y}', { centre: 'email:{x}', text: '' }]]),
      shelve: [{ centre: 'email:{x}', leaf: 'email:{y}', rank: 1 }],
      detach: [{ id: '{u}', fields: ['g'], point: [] }],
      set: new Map([
        ['f', '1'],
        ['g', '1'],
      ]),
    });
    await state.commit('tagged', [{ ...all, outbox: [{ key: 'k', value: new Uint8Array(1) }] }]);
    await state.advance([{ workspace: 'tagged', partition: 0, offset: 1 }]);
    const keys = await withAdmin((redis) => redis.keys('*tagged*'));
    expect(keys.length).toBe(8);
    for (const key of keys) expect(key).toMatch(/^kenal:\{tagged\}:/);
    await state.close();
  });

  test('a Redis that may evict keys is warned of when it is opened', async () => {
    const warnings: [object, string][] = [];
    const logger = { warn: (fields: object, text: string) => void warnings.push([fields, text]) };
    await (await openRedisState({ url: server.url, logger })).close();
    expect(warnings).toEqual([]);
    await withAdmin((redis) => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    await (await openRedisState({ url: server.url, logger })).close();
    await withAdmin((redis) => redis.config('SET', 'maxmemory-policy', 'noeviction'));
    expect(warnings).toEqual([[{ policy: 'allkeys-lru' }, expect.stringContaining('noeviction')]]);
  });
});
