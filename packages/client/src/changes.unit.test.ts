import { expect, onTestFinished, test, vi } from 'vitest';
import { type ServerEvent, serverEvents } from './sse.ts';
import { holdClock } from './testing/clock.ts';
import { type Answer, json, problem, startServer } from './testing/server.ts';

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

/** @returns changes, and of which cursor they were asked for */
function followed(open: Awaited<ReturnType<typeof startServer>>['open']) {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const asked: string[] = [];
  const kenal = open({
    retries: 0,
    fetch: (url, init) => {
      asked.push(new Headers(init?.headers).get('last-event-id') ?? '');
      return fetch(url, init);
    },
  });
  return { asked, changes: kenal.changes.subscribe({ signal: ending.signal }) };
}
const lasting: Answer = (reply) => void reply.writeHead(200).write(message('c1', { version: 1 }));

test('a feed that is silent for 45 seconds is asked for again', async () => {
  const { open } = await startServer(lasting);
  holdClock();
  const { asked, changes } = followed(open);
  await changes.next();
  const next = changes.next();
  await vi.advanceTimersByTimeAsync(44_999);
  expect(asked).toEqual(['']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual(['', 'c1']);
  await next;
});

test('a feed is not asked for before the time that the server named, however long and often', async () => {
  const busy = json(503, {}, { 'retry-after': '120' });
  const { open } = await startServer(busy, busy, lasting);
  const { timersOf } = holdClock();
  const { asked, changes } = followed(open);
  const first = changes.next();
  for (const times of [1, 2]) {
    await expect.poll(() => timersOf(120_000)).toBe(times);
    await vi.advanceTimersByTimeAsync(119_999);
    expect(asked).toHaveLength(times);
    await vi.advanceTimersToNextTimerAsync();
  }
  expect(await first).toMatchObject({ value: { cursor: 'c1' } });
});

test('a fetch of the caller’s own may have answers of its own class', async () => {
  const { open } = await startServer(lasting);
  const foreign = async (...args: Parameters<typeof fetch>) => {
    const { ok, status, statusText, headers, body } = await fetch(...args);
    return { ok, status, statusText, headers, body } as Response;
  };
  for await (const { cursor } of open({ fetch: foreign }).changes.subscribe()) {
    expect(cursor).toBe('c1');
    break;
  }
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
