import { type FailedEvent, formatTime } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { SECRET_KEY, STEWARD_KEY, startCollector, type TestCollector } from '../test-support.ts';

const HOUR = 3_600e6;

/** A failed event as it was kept, with another body where it was repaired. */
function again(collector: TestCollector, verb: string, event: FailedEvent, body: unknown) {
  const { failureId, contentType, frame } = event;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const told = { failureId, contentType, frame, receivedAt: formatTime(event.receivedAt), note: 'typo' };
  return collector.post(
    `/v1/hooks/web/shop/web/failed/${verb}`,
    { ...told, body: Buffer.from(text).toString('base64') },
    { authorization: `Bearer ${STEWARD_KEY}` },
  );
}

const refused = async (collector: TestCollector): Promise<FailedEvent> => (await collector.failed()).at(-1)!;

test('an event of a single call is sent again as what its path and headers had said it is', async () => {
  await using collector = await startCollector();
  const headers = { anonymousid: Buffer.from('anon-7').toString('base64') };
  const body = { event: 'Bought', messageId: 'm1', timestamp: 'yesterday', properties: { total: 5 } };
  expect((await collector.post('/v1/track', body, headers)).status).toBe(400);
  const event = await refused(collector);
  expect(JSON.parse(event.frame)).toEqual({
    ...{ type: 'track', anonymousId: 'anon-7', sentAt: null, context: null },
    isPublic: true,
  });
  expect(JSON.parse(Buffer.from(event.body).toString())).toEqual(body);

  expect((await again(collector, 'replay', event, body)).json).toMatchObject({
    state: null,
    rejected: [{ code: 'event_bad_time', path: '$.timestamp' }],
  });
  const repaired = { ...body, timestamp: formatTime(event.receivedAt) };
  for (let times = 0; times < 2; times++) {
    collector.now.micros += HOUR;
    const answer = await again(collector, 'replay', event, repaired);
    expect(answer.json).toEqual({ state: 'replayed', accepted: 1, rejected: [] });
  }
  const interactions = await collector.interactions();
  expect(interactions.map(({ id, type, name, anonymousId }) => [id, type, name, anonymousId])).toEqual(
    Array.from({ length: 2 }, () => ['m1', 'track', 'Bought', 'anon-7']),
  );
  // Whoever was erased since it came does not come back with it
  expect(interactions.map(({ receivedAt }) => receivedAt)).toEqual([event.receivedAt, event.receivedAt]);
});

test('an event of a batch keeps the context that its batch had given to all', async () => {
  await using collector = await startCollector();
  const context = { app: { name: 'till' } };
  const batch = [{ type: 'track', event: 'Sold', messageId: 'm2', userId: ['u1'] }];
  await collector.post('/v1/batch', { context, batch });
  const event = await refused(collector);
  const answer = await again(collector, 'replay', event, { ...batch[0], userId: 'u1' });
  expect(answer.json).toMatchObject({ state: 'replayed', accepted: 1 });
  const [interaction] = await collector.interactions();
  expect([interaction?.userId, interaction?.context]).toEqual(['u1', JSON.stringify(context)]);
});

test('a whole body that could not be read is sent again as the batch that it should have been', async () => {
  await using collector = await startCollector();
  const good = '{"batch":[{"type":"track","event":"A","userId":"u1"},{"type":"track","event":"B","userId":"u1"}]}';
  expect((await collector.post('/v1/batch', good.slice(0, -1))).status).toBe(400);
  const event = await refused(collector);
  expect((await again(collector, 'check', event, good.slice(0, -1))).json).toMatchObject({
    rejected: [{ code: 'bad_json' }],
  });
  expect((await again(collector, 'replay', event, good)).json).toMatchObject({ accepted: 2 });
  expect((await collector.interactions()).map(({ name }) => name)).toEqual(['A', 'B']);
});

test('it is given up with a reason only, and nobody without a steward key decides', async () => {
  await using collector = await startCollector();
  await collector.post('/v1/track', { messageId: 'm3' });
  const event = await refused(collector);
  const { failureId } = event;
  const path = '/v1/hooks/web/shop/web/failed/dismiss';
  const told = { failureId, receivedAt: formatTime(event.receivedAt) };
  expect((await collector.post(path, told, { authorization: `Bearer ${STEWARD_KEY}` })).json.detail).toContain('note');
  expect((await collector.post(path, { ...told, note: 'a test of ours' })).status).toBe(401);
  const steward = { authorization: `Bearer ${STEWARD_KEY}` };
  expect((await collector.post(path, { ...told, note: 'a test of ours' }, steward)).status).toBe(200);
  expect((await refused(collector)).change).toMatchObject({ state: 'dismissed', note: 'a test of ours' });
});

test.each([
  ['one event', '/v1/track', (event: object) => event, 'application/json'],
  ['a batch', '/v1/batch', (event: object) => ({ batch: [event] }), 'application/json'],
  ['one event that says it is a mapping’s', '/v1/track', (event: object) => event, 'application/vnd.kenal.event+json'],
])('a page does not speak for others, nor when it is sent again: %s', async (_what, path, wrap, contentType) => {
  await using collector = await startCollector();
  const kenal = { direction: 'outbound', actor: { kind: 'agent', id: 'a7' }, channel: 'phone' };
  const named = { identifiers: [{ type: 'email', value: 'else@x.example' }] };
  const event = {
    type: 'track',
    event: 'Said',
    messageId: 'm4',
    userId: 'u1',
    context: { kenal: { ...kenal, ...named } },
  };
  const headers = { 'content-type': contentType };
  await collector.post(path, wrap(event), headers);
  await collector.post(path, wrap({ ...event, messageId: 'm5', timestamp: 'soon' }), headers);
  const answer = await again(collector, 'replay', await refused(collector), { ...event, messageId: 'm5' });
  expect(answer.json).toMatchObject({ state: 'replayed', accepted: 1 });
  await collector.post(path, wrap({ ...event, messageId: 'm6' }), { 'x-write-key': SECRET_KEY });
  const seen = (await collector.interactions()).map(({ id, direction, actor, channel, identifiers }) => [
    ...[id, direction, actor?.id, channel],
    identifiers.map(({ type }) => type).join(),
  ]);
  expect(seen.sort()).toEqual([
    ['m4', 'inbound', undefined, 'web', 'user_id'],
    ['m5', 'inbound', undefined, 'web', 'user_id'],
    ['m6', 'outbound', 'a7', 'phone', 'user_id,email'],
  ]);
});

test('a CloudEvent that was refused is sent again as one, whatever kind its source is of', async () => {
  await using collector = await startCollector();
  const base = { specversion: '1.0', id: '7', source: '/till', subject: 'email:ann@x.example', data: { total: 5 } };
  const told = { failureId: 'f', receivedAt: '2026-11-22T11:00:00Z', contentType: 'application/cloudevents+json' };
  const steward = { authorization: `Bearer ${STEWARD_KEY}` };
  const replay = async (event: object) => {
    const body = Buffer.from(JSON.stringify(event)).toString('base64');
    return (await collector.post('/v1/hooks/web/shop/web/failed/replay', { ...told, body }, steward)).json;
  };
  expect(await replay(base)).toMatchObject({ state: null, rejected: [{ path: '$.type' }] });
  expect(await replay({ ...base, type: 'till.paid' })).toMatchObject({ state: 'replayed', accepted: 1 });
  expect(await collector.interactions()).toMatchObject([
    { id: '/till 7', name: 'till.paid', identifiers: [{ type: 'email', value: 'ann@x.example' }] },
  ]);
});
