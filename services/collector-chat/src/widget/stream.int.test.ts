import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { EventLog } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { expect, test } from 'vitest';
import { connect, OFF_KEY, PUBLIC_KEY, SECRET_KEY, SLOW_KEY, said, startWidget } from './testing/widget.ts';

test('events in Segment’s form and messages of the widget are acknowledged in their order and are in the log', async () => {
  await using collector = await startWidget();
  await using client = await connect(collector, PUBLIC_KEY);
  client.send({ type: 'hello', conversationId: 'conv-1', anonymousId: 'anon-1' });
  client.send(said('m0', { type: 'start' }));
  client.send(said('m1'));
  client.send(
    Buffer.from(
      JSON.stringify({ type: 'identify', messageId: 'i1', anonymousId: 'anon-1', traits: { email: 'ann@x.example' } }),
    ),
  );
  client.send(said('m2', { type: 'end' }));
  expect(await client.next(5)).toEqual([
    { type: 'hello', messageId: null, ok: true },
    ...['m0', 'm1', 'i1', 'm2'].map((messageId) => ({ messageId, ok: true })),
  ]);
  const interactions = await collector.interactions();
  expect(interactions.map(({ id, name, channel, direction }) => [id, name, channel, direction]).sort()).toEqual([
    ['i1', null, 'chat', 'inbound'],
    ['m0', 'Live Chat Conversation Started', 'chat', 'inbound'],
    ['m1', 'Live Chat Message Received', 'chat', 'inbound'],
    ['m2', 'Live Chat Conversation Ended', 'chat', 'inbound'],
  ]);
  const message = interactions.find(({ id }) => id === 'm1');
  expect([message?.conversationId, message?.anonymousId]).toEqual(['conv-1', 'anon-1']);
  expect(JSON.parse(message?.properties ?? '')).toEqual({
    conversation_id: 'conv-1',
    message_id: 'm1',
    text: 'text of m1',
  });
});

test('a frame that cannot be taken is answered with its reason, kept as a failed event, and the connection lives on', async () => {
  await using collector = await startWidget();
  await using client = await connect(collector, PUBLIC_KEY);
  const bad: [unknown, string, string][] = [
    ['{broken', 'bad_json', '$'],
    ['[]', 'event_not_object', '$'],
    [{ type: 'nonsense', messageId: 'x' }, 'event_bad_type', '$.type'],
    [said('m1', { conversationId: undefined }), 'event_missing_field', '$.conversationId'],
    [said('m1', { text: '' }), 'event_missing_field', '$.text'],
    [said(''), 'event_missing_field', '$.messageId'],
    [said('m1', { timestamp: 'yesterday' }), 'event_bad_time', '$.timestamp'],
    ['{"type":"track","event":"x","properties":{"__proto__":1}}', 'event_forbidden_key', '$.properties.__proto__'],
    [said('m1', { text: 'x'.repeat(40_000) }), 'event_too_large', '$'],
  ];
  for (const [frame] of bad) client.send(frame);
  client.send(said('m9'));
  const told = await client.next(bad.length + 1);
  expect(told.map(({ ok, code, path, retry }) => [ok, code, path, retry])).toEqual([
    ...bad.map(([, code, path]) => [false, code, path, false]),
    [true, undefined, undefined, undefined],
  ]);
  expect(await collector.failed()).toHaveLength(bad.length);
  expect(await collector.metrics()).toContain(`kenal_collector_stream_frames_total{outcome="failed"} ${bad.length}`);
});

/** A log that takes no interaction until it is opened. */
function heldLog() {
  const gate = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const wrapLog = (log: EventLog): EventLog => ({
    ...log,
    async append(topic, records) {
      if (topic.includes('interactions')) {
        held.resolve();
        await gate.promise;
      }
      return log.append(topic, records);
    },
  });
  return { wrapLog, held: held.promise, open: gate.resolve };
}

test('nothing is acknowledged before it is durable', async () => {
  const { wrapLog, held, open } = heldLog();
  await using collector = await startWidget({ wrapLog });
  await using client = await connect(collector, PUBLIC_KEY);
  client.send(said('m1'));
  await held;
  // The collector answers others in between, so an acknowledgement would have come before this
  await fetch(`${collector.url}/livez`);
  const acknowledged = client.next(1);
  expect(await Promise.race([acknowledged, Promise.resolve('not yet')])).toBe('not yet');
  open();
  expect(await acknowledged).toEqual([{ messageId: 'm1', ok: true }]);
});

test('where the log is away the sender is asked to send it again, and what it then sends lands once', async () => {
  let isAway = true;
  const wrapLog = (log: EventLog): EventLog => ({
    ...log,
    append: (topic, records) =>
      isAway && topic.includes('interactions')
        ? Promise.reject(new KenalError('log_unavailable'))
        : log.append(topic, records),
  });
  await using collector = await startWidget({ wrapLog });
  await using client = await connect(collector, PUBLIC_KEY);
  client.send(said('m1'));
  expect(await client.next(1)).toMatchObject([{ messageId: 'm1', ok: false, code: 'log_unavailable', retry: true }]);
  isAway = false;
  client.send(said('m1'));
  expect(await client.next(1)).toEqual([{ messageId: 'm1', ok: true }]);
  expect(new Set((await collector.interactions()).map(({ id }) => id))).toEqual(new Set(['m1']));
});

test('a key that is unknown or missing, or whose source is off, is closed with 1008 and the reason', async () => {
  await using collector = await startWidget();
  for (const [key, reason] of [
    ['nobody-0123456789', /^unknown_key: nobod… \(query\)$/],
    [null, /^unknown_key: none was sent/],
    [OFF_KEY, /^forbidden: source off is switched off$/],
  ] as const) {
    const client = await connect(collector, key);
    expect(await client.closed).toEqual([1008, expect.stringMatching(reason)]);
  }
});

test('too large a frame closes with 1009, too many clients with 1013, and both are counted', async () => {
  await using collector = await startWidget({}, { mostConnections: 1 });
  await using client = await connect(collector, PUBLIC_KEY);
  const other = await connect(collector, PUBLIC_KEY);
  expect(await other.closed).toEqual([1013, 'overloaded: come again later']);
  client.send('x'.repeat(300_000));
  expect((await client.closed)[0]).toBe(1009);
  // The end is known here only when the client has said good-bye too
  for (const code of ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', '1013'])
    await expect.poll(() => collector.metrics()).toContain(`kenal_collector_stream_closed_total{code="${code}"} 1`);
});

test('a key has its own pace, over all its connections: beyond it a frame is refused and may be sent again', async () => {
  await using collector = await startWidget();
  await using one = await connect(collector, SLOW_KEY);
  await using two = await connect(collector, SLOW_KEY);
  for (let i = 0; i < 60; i++) one.send(said(`a${i}`));
  const first = await one.next(60);
  for (let i = 0; i < 60; i++) two.send(said(`b${i}`));
  const second = await two.next(60);
  expect([...first, ...second].filter(({ ok }) => ok)).toHaveLength(100);
  expect(second.filter(({ ok }) => !ok)[0]).toMatchObject({ code: 'rate_limited', retry: true, retryAfter: 1 });
  collector.now.micros += 1_000_000;
  two.send(said('b59'));
  expect(await two.next(1)).toEqual([{ messageId: 'b59', ok: true }]);
});

test('a client that does not answer pings is let go, one that does stays', async () => {
  await using collector = await startWidget({}, { pingMs: 50 });
  await using alive = await connect(collector, PUBLIC_KEY);
  const dead = await connect(collector, PUBLIC_KEY, { autoPong: false });
  expect((await dead.closed)[0]).toBe(1006);
  alive.send(said('m1'));
  expect(await alive.next(1)).toEqual([{ messageId: 'm1', ok: true }]);
});

test('a client that sends faster than the log takes is not read, and every frame is acknowledged in the end', async () => {
  const { wrapLog, open } = heldLog();
  await using collector = await startWidget({ wrapLog });
  await using client = await connect(collector, SECRET_KEY);
  const frames = 1_000;
  for (let i = 0; i < frames; i++) client.send(said(`m${i}`, { page: { title: 'x'.repeat(30_000) } }));
  // Meanwhile others are read as ever: time enough to read all of the first
  await using other = await connect(collector, SECRET_KEY);
  for (let i = 0; i < 1_000; i++) {
    other.send({ type: 'hello', conversationId: 'conv-2' });
    await other.next(1);
  }
  expect(client.socket.bufferedAmount).toBeGreaterThan(10_000_000);
  open();
  const told = await client.next(frames);
  expect(told.map(({ messageId }) => messageId)).toEqual(Array.from({ length: frames }, (_, i) => `m${i}`));
  expect(told.every(({ ok }) => ok)).toBe(true);
});

test('a collector that stops answers what came and says good-bye with 1001', async () => {
  const { wrapLog, held, open } = heldLog();
  const collector = await startWidget({ wrapLog });
  const client = await connect(collector, PUBLIC_KEY);
  client.send(said('m1'));
  await held;
  const stopped = collector[Symbol.asyncDispose]();
  open();
  expect(await client.closed).toEqual([1001, 'draining: come again, to another']);
  expect(await client.next(1)).toEqual([{ messageId: 'm1', ok: true }]);
  await stopped;
});

test('a POST that offers HTTP/2 beside itself, as Java’s clients do, is the POST that it is', async () => {
  await using collector = await startWidget();
  const body = JSON.stringify({ type: 'url_verification', challenge: 'c1' });
  const at = String(collector.now.micros / 1e6);
  const signature = createHmac('sha256', 'the secret of today').update(`v0:${at}:${body}`).digest('hex');
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = {
      ...{ connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABk' },
      ...{ 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${signature}`, 'content-length': body.length },
    };
    const post = request(`${collector.url}/v1/hooks/slack/shop/talks`, { method: 'POST', headers, agent: false });
    post.on('response', (response) => resolve(text(response))).on('error', reject);
    post.end(body);
  });
  expect(answer).toBe('c1');
});
