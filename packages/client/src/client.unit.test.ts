import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createKenal, type KenalApiError, type KenalOptions } from './index.ts';
import { joinPositions } from './position.ts';
import { type ServerEvent, serverEvents } from './sse.ts';

type Answer = (reply: ServerResponse, body: { batch: { messageId: string }[] }, request: IncomingMessage) => void;

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Somebody who gives these answers, one a request, the last one again and again. */
async function startServer(...answers: Answer[]) {
  const seen: IncomingMessage[] = [];
  const server = createServer(async (request, reply) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const answer = answers[Math.min(seen.length, answers.length - 1)]!;
    seen.push(request);
    answer(reply, JSON.parse(text === '' ? '{"batch":[]}' : text), request);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lost: [code: string, messageId: unknown][] = [];
  const open = (options: Partial<KenalOptions> = {}) =>
    createKenal({
      ...{ url, writeKey: 'w', readKey: 'r', flushInterval: 5 },
      onError: ({ code }, { messageId }) => void lost.push([code, messageId]),
      ...options,
    });
  return { seen, lost, open };
}

const json = (status: number, body: object, headers = {}): Answer => {
  return (reply) => void reply.writeHead(status, headers).end(JSON.stringify(body));
};
const accepted = json(200, { success: true, accepted: 1, rejected: [] }, { 'x-kenal-position': '0-7' });
const later = json(503, { code: 'unavailable', message: 'not now' }, { 'retry-after': '0' });
const problem = (status: number, code: string): Answer => json(status, { code, message: `it is ${code}` });
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: KenalApiError) => error.code,
  );

test('a batch that is refused for now is sent again, the same events in the same order', async () => {
  const bodies: unknown[] = [];
  const keeping = (answer: Answer): Answer => {
    return (reply, body, request) => {
      bodies.push(body.batch);
      answer(reply, body, request);
    };
  };
  const cut: Answer = (reply) => void reply.destroy();
  const { open, lost } = await startServer(...[cut, later, accepted].map(keeping));
  const kenal = open();
  const sent = [kenal.track({ event: 'A', userId: 'u' }), kenal.page({ userId: 'u', messageId: 'mine' })];
  await kenal.flush();
  expect(await sent[1]).toEqual({ messageId: 'mine', position: '0-7' });
  expect(bodies).toHaveLength(3);
  expect(bodies[0]).toMatchObject([
    { type: 'track', event: 'A' },
    { type: 'page', messageId: 'mine' },
  ]);
  expect(bodies[1]).toEqual(bodies[0]);
  expect(bodies[2]).toEqual(bodies[0]);
  expect(lost).toEqual([]);
});

test('nothing is lost silently: what is refused, alone or with its batch, is handed to onError and to who waits', async () => {
  const rejected = [{ index: 1, messageId: 'b', code: 'event_bad_type', path: '$.type', reason: 'unknown' }];
  const partly = json(200, { success: true, accepted: 1, rejected });
  const { open, lost, seen } = await startServer(partly, problem(401, 'unknown_key'));
  const kenal = open();
  const event = (messageId: string) => ({ event: 'A', userId: 'u', messageId });
  expect(await Promise.all([codeOf(kenal.track(event('a'))), codeOf(kenal.track(event('b')))])).toEqual([
    ...['fine', 'event_bad_type'],
  ]);
  void kenal.track(event('c')); // nobody looks: no unhandled rejection either
  await kenal.close();
  expect(await codeOf(kenal.track(event('d')))).toBe('closed');
  expect(lost).toEqual([
    ['event_bad_type', 'b'],
    ['unknown_key', 'c'],
    ['closed', 'd'],
  ]);
  expect(seen).toHaveLength(2);
});

test('it gives up after its retries, takes no more than may wait, and says both', async () => {
  const { open, lost, seen } = await startServer(later);
  const kenal = open({ retries: 1, maxQueueSize: 2, flushAt: 50 });
  const all = ['a', 'b', 'c'].map((messageId) => kenal.track({ event: 'A', userId: 'u', messageId }));
  expect(await Promise.all(all.map(codeOf))).toEqual(['unavailable', 'unavailable', 'queue_full']);
  expect(lost.map(([code]) => code)).toEqual(['queue_full', 'unavailable', 'unavailable']);
  expect(seen).toHaveLength(2);
  const nobody = open({ url: 'http://127.0.0.1:1', retries: 0 });
  expect(await codeOf(nobody.profiles.get('user_id:u'))).toBe('unreachable');
});

test('a batch holds flushAt events, goes when they are there, and one at a time', async () => {
  const sizes: number[] = [];
  let open1 = 0;
  let most = 0;
  const slow: Answer = (reply, { batch }, request) => {
    sizes.push(batch.length);
    most = Math.max(most, ++open1);
    setTimeout(() => {
      open1 -= 1;
      accepted(reply, { batch }, request);
    }, 5);
  };
  const { open } = await startServer(slow);
  const kenal = open({ flushAt: 10, flushInterval: 60_000 });
  await Promise.all(Array.from({ length: 40 }, () => kenal.track({ event: 'A', userId: 'u' })));
  expect([sizes, most]).toEqual([[10, 10, 10, 10], 1]);
});

test('a read with `after: mine` sends what waits first, and gives back how far it was written', async () => {
  const { open, seen } = await startServer(accepted, json(200, { id: 'p' }));
  const kenal = open({ flushInterval: 60_000 });
  void kenal.identify({ userId: 'u' });
  await kenal.profiles.get('user_id:a/b', { after: 'mine', waitSeconds: 9, fields: ['traits.email', 'computed'] });
  const [, { url, headers } = {} as IncomingMessage] = seen;
  expect(url).toBe('/v1/profiles/user_id%3Aa%2Fb?fields=traits.email%2Ccomputed');
  expect(headers).toMatchObject({ 'x-kenal-position': '0-7', prefer: 'wait=9', authorization: 'Bearer r' });
});

test('positions of several batches become one', () => {
  expect(joinPositions('', '3-10')).toBe('3-10');
  expect(joinPositions('3-10.5-2', '5-1.3-12.0-1')).toBe('3-12.5-2.0-1');
});

const message = (id: string, data: object): string => `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

test('a subscription goes on where it broke off, and tells what ends it for good', async () => {
  const stream = (text: string): Answer => {
    return (reply) => {
      reply.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.write(text, () => reply.destroy());
    };
  };
  const { open, seen } = await startServer(
    stream(`retry: 500\n\n${message('c1', { version: 1 })}`),
    problem(503, 'unavailable'),
    stream(`:\nevent: position\nid: c5\ndata: {}\n\nid: c6\ndata: {"ver`),
    stream(
      `${message('c6', { version: 2 })}event: fault\ndata: {"code":"cursor_gone","message":"gone","status":410}\n\n`,
    ),
  );
  const got: unknown[] = [];
  const read = async () => {
    const filter = { types: ['created', 'updated'], segments: ['entered:vip'] } as const;
    for await (const { change, cursor } of open().changes.subscribe({ from: 'earliest', filter }))
      got.push([cursor, change.version]);
  };
  await expect(read()).rejects.toMatchObject({ code: 'cursor_gone', status: 410 });
  expect(got).toEqual([
    ['c1', 1],
    ['c6', 2],
  ]);
  expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'c1', 'c1', 'c5']);
  expect(seen[0]?.url).toBe('/v1/changes?types=created%2Cupdated&segments=entered%3Avip&from=earliest');
});

test('who breaks out of the loop, or aborts, leaves no connection behind', async () => {
  let gone = 0;
  const endless: Answer = (reply) => {
    reply.on('close', () => (gone += 1));
    reply.writeHead(200).write(message('c1', { version: 1 }));
  };
  const { open } = await startServer(endless);
  for await (const _ of open().changes.subscribe()) break;
  await expect.poll(() => gone).toBe(1);
  const ending = new AbortController();
  for await (const _ of open().changes.subscribe({ signal: ending.signal })) setTimeout(() => ending.abort(), 1);
  await expect.poll(() => gone).toBe(2);
});

test('a refusal that coming back does not help ends a subscription at once', async () => {
  const { open, seen } = await startServer(problem(401, 'unknown_key'));
  await expect(open().changes.subscribe().next()).rejects.toMatchObject({ code: 'unknown_key', status: 401 });
  expect(seen).toHaveLength(1);
});

test.each([1, 2, 3, 7, 1_000])(
  'server-sent events are read whatever the pieces of %i bytes they come in',
  async (size) => {
    const text = `: hello\r\nid:7\r\ndata: ä\r\ndata:  two\r\n\r\nevent: position\rid: 8\rdata\r\r:\n\ndata: last\n\nid: 9\ndata: cut`;
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events: ServerEvent[] = [];
    for await (const event of serverEvents(body)) events.push(event);
    expect(events.filter(({ data }) => data !== null)).toEqual([
      { event: '', id: '7', data: 'ä\n two' },
      { event: 'position', id: '8', data: '' },
      { event: '', id: '8', data: 'last' },
    ]);
  },
);

test.each([
  ['an address that is none', { url: 'kenal.example.com', writeKey: 'w' }, /url must be an address/],
  ['no key', { url: 'http://x' }, /give one or both/],
])('%s is said at once', (_what, options, message) => {
  expect(() => createKenal(options)).toThrow(message);
});
