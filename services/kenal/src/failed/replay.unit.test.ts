import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from '../client/instance.ts';
import { wholeId } from './read-one.ts';
import { replayAll } from './replay.ts';

const SOURCES = ['web', 'off', 'shut', 'moved', 'avro'];

const ALL = { dryRun: false, most: 100 };

/**
 * An instance that has one failed event of each of these sources, in this order, and answers a replay with this status;
 * those that are none of SOURCES are no longer in its kenal.yaml.
 */
async function startInstance(events: readonly string[], statusOf: Readonly<Record<string, number>>) {
  const row = (source: string) => ({
    ...{ failure_id: `f-${source}`, source, content_type: '', frame: '', body: '', changed_at: null },
    received_at: '2026-11-30 10:00:00.000000',
  });
  const textOf = async (request: IncomingMessage): Promise<string> => (await request.toArray()).join('');
  const sent: string[] = [];
  const server = createServer(async (request, reply) => {
    const body = await textOf(request);
    const { url = '' } = request;
    if (url.startsWith('/v1/sql')) {
      // In the order asked for, and as if every decision were shown at once
      const sorted = body.includes('received_at ASC') ? events : [...events].reverse();
      const most = Number(/param_last=(\d+)/.exec(`${url}&${body}`)?.[1] ?? 1e6);
      const shown = body.includes("'' AS body") && sent.length > 0 ? [] : sorted.slice(0, most);
      return reply.end(shown.map((source) => JSON.stringify(row(source))).join('\n'));
    }
    if (url === '/v1/sources')
      return reply.end(
        JSON.stringify({
          sources: SOURCES.map((id) => ({ id, collector: 'c', path: `/${id}`, enabled: id !== 'shut' })),
        }),
      );
    const [, source = ''] = url.split('/');
    sent.push(source);
    const status = statusOf[source] ?? 200;
    const answer = status === 200 ? { state: 'replayed', rejected: [] } : { code: `code_${status}`, message: source };
    return reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = (): string => 'key';
  const instance: Instance = {
    ...{ url, apiUrl: url, timezone: 'UTC', endpoints: null, sources: [] },
    ...{ readKey: key, stewardKey: key, writeKey: key },
  };
  return {
    instance,
    sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('an event that cannot be sent again, for whatever reason of its own, holds up nobody behind it', async () => {
  const events = ['gone', 'shut', 'off', 'moved', 'avro', 'web'];
  await using running = await startInstance(events, { off: 403, moved: 404, avro: 422 });
  const told: string[] = [];
  const result = await replayAll(running.instance, {}, {}, ALL, (id) => told.push(id));
  expect(result).toMatchObject({
    ...{ looked: 6, replayed: 1 },
    refused: [
      {
        id: 'f-gone',
        code: 'not_found',
        path: '$',
        reason: expect.stringContaining('gone is no longer in kenal.yaml'),
      },
      {
        id: 'f-shut',
        code: 'forbidden',
        reason: expect.stringMatching(/shut is switched off .*failed dismiss/),
      },
      { id: 'f-off', code: 'code_403' },
      { id: 'f-moved', code: 'code_404' },
      { id: 'f-avro', code: 'code_422' },
    ],
  });
  expect(told).toEqual(['f-gone', 'f-shut', 'f-off', 'f-moved', 'f-avro']);
  expect(running.sent.at(-1)).toBe('web');
});

test.each([401, 429, 500, 503])('%d says nothing of the event: it ends the run', async (status) => {
  await using running = await startInstance(['off', 'web'], { off: status });
  await expect(replayAll(running.instance, {}, {}, ALL, () => undefined)).rejects.toMatchObject({ status });
  expect(running.sent).toEqual(['off']);
});

test('a key that is not known, or nobody who answers, is no fault of an event either', async () => {
  await using running = await startInstance(['web'], {});
  const keyless = {
    ...running.instance,
    stewardKey: () => {
      throw new UsageError('no key');
    },
  };
  await expect(replayAll(keyless, {}, {}, ALL, () => undefined)).rejects.toThrow('no key');
  const away = { ...running.instance, endpoints: { services: { c: 'http://127.0.0.1:1' } } } as unknown as Instance;
  await expect(replayAll(away, {}, {}, ALL, () => undefined)).rejects.toMatchObject({ code: 'not_running' });
});

test('a beginning that several ids have tells none of them and names them; a whole id tells itself', async () => {
  await using running = await startInstance(['abc', 'abcd'], {});
  // As SQL answers to what both begin with
  await expect(wholeId(running.instance, 'f-ab')).rejects.toThrow(
    /several failed events begin with f-ab: f-abcd, f-abc/,
  );
  expect(await wholeId(running.instance, 'f-abcd')).toBe('f-abcd');
  await expect(wholeId(running.instance, 'f-a')).rejects.toThrow(/first 4 letters/);
});

// A dry run over 300,000 asked about each, one after the other
test('of many the oldest are looked at, as many as may be, and it says that there are more', async () => {
  await using running = await startInstance(['web', 'off', 'shut'], {});
  await using another = await startInstance(['web', 'off', 'shut'], {});
  const some = await replayAll(running.instance, {}, {}, { dryRun: true, most: 2 }, () => undefined);
  expect([some.looked, some.more]).toEqual([2, true]);
  expect(running.sent).toEqual(['web', 'off']);
  const all = await replayAll(another.instance, {}, {}, { dryRun: true, most: 3 }, () => undefined);
  expect([all.looked, all.more]).toEqual([3, false]);
});
