import { gzipSync } from 'node:zlib';
import { hashKey } from '@kenal/service-kit';
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validDescription } from '../../../../test/support/openapi.ts';
import { startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorCommerce } from '../app.ts';
import { outline } from '../testing/fixtures.ts';

const KEY = 'backend-key-0123456789';
const PAGE_KEY = 'page-key-0123456789';
let collector: TestVendorCollector;
let seen = -1;
beforeAll(async () => {
  const sources = [
    { id: 'backend', channel: 'commerce' as const, keys: [{ key: hashKey(KEY) }], eventsPerSecond: 2_000 },
    { id: 'page', keys: [{ key: hashKey(PAGE_KEY), scope: 'public' as const }] },
    { id: 'off', keys: [{ key: hashKey('off-key-0123456789') }], enabled: false },
  ];
  collector = await startVendorCollector(createCollectorCommerce, { sources });
});
afterAll(() => collector[Symbol.asyncDispose]());

const post = (headers: Record<string, string>, body: string | Uint8Array, key = KEY): Promise<Response> =>
  fetch(`${collector.url}/v1/cloudevents`, {
    method: 'POST',
    headers: { 'x-write-key': key, ...headers },
    body: body as string,
  });
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };

async function added() {
  const fresh = (await collector.interactions()).filter(({ receipt }) => receipt.sequence > seen);
  seen = Math.max(seen, ...fresh.map(({ receipt }) => receipt.sequence));
  return fresh
    .sort((a, b) => a.receipt.sequence - b.receipt.sequence)
    .map((one) => ({ ...outline(one), context: JSON.parse(one.context) }));
}

const event = new CloudEvent({
  id: 'A234-1234-1234',
  source: 'https://shop.example/orders',
  type: 'com.example.order.packed',
  subject: 'email:ann@x.example',
  time: '2026-11-30T10:00:00.000Z',
  comexampleextension: 'Euro € 😀',
  data: { order_id: 'o1', boxes: 2 },
});
const EXPECTED = {
  id: 'https://shop.example/orders A234-1234-1234',
  type: 'track',
  name: 'com.example.order.packed',
  channel: 'commerce',
  at: '2026-11-30T10:00:00.000Z',
  identifiers: ['email:ann@x.example'],
  properties: { order_id: 'o1', boxes: 2 },
  context: {
    cloudevents: {
      id: 'A234-1234-1234',
      source: 'https://shop.example/orders',
      type: 'com.example.order.packed',
      subject: 'email:ann@x.example',
      comexampleextension: 'Euro € 😀',
    },
  },
};

test.each([
  ['binary', () => HTTP.binary(event)],
  ['structured', () => HTTP.structured(event)],
])('what the official package sends in %s mode is taken whole', async (_mode, made) => {
  const { headers, body } = made();
  const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, encodeURI(String(value))]));
  const answer = await post(headers['ce-id'] === undefined ? (headers as Record<string, string>) : sent, String(body));
  expect([answer.status, await answer.json()]).toEqual([200, { success: true, accepted: 1, rejected: [] }]);
  expect(await added()).toMatchObject([EXPECTED]);
});

test('of a batch, as the official package reads it, each event is judged alone', async () => {
  const good = event.toJSON();
  const { id: _, ...nameless } = good;
  const body = JSON.stringify([
    good,
    nameless,
    7,
    { ...good, id: 'late', time: '2031-01-01T00:00:00Z' },
    { ...good, id: 'B' },
  ]);
  expect(HTTP.toEvent({ headers: BATCH, body: JSON.stringify([good, good]) })).toHaveLength(2);
  const answer = await post(BATCH, body);
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    {
      accepted: 2,
      rejected: [
        { index: 1, code: 'event_missing_field', path: '$[1].id' },
        { index: 2, code: 'event_not_object', path: '$[2]' },
        { index: 3, code: 'event_in_future', path: '$[3].timestamp' },
      ],
    },
  ]);
  expect((await added()).map(({ id }) => id.split(' ')[1])).toEqual(['A234-1234-1234', 'B']);
  expect((await collector.failed()).map(({ contentType }) => contentType).sort()).toEqual([
    'application/cloudevents+json',
    'application/cloudevents+json',
    'application/vnd.kenal.event+json',
  ]);
});

test('a body that says it is not UTF-8 is refused and kept, not read as what it is not', async () => {
  const body = Buffer.from(JSON.stringify({ ...event.toJSON(), id: 'Z\u00fcrich' }), 'latin1');
  for (const charset of ['iso-8859-1', '"ISO-8859-1"'])
    expect((await post({ 'content-type': `application/cloudevents+json; charset=${charset}` }, body)).status).toBe(400);
  expect(await added()).toEqual([]);
  const kept = (await collector.failed()).filter(({ code }) => code === 'bad_encoding');
  expect(kept.map(({ body: bytes }) => Buffer.from(bytes))).toEqual([body, body]);
  expect(
    (await post({ 'content-type': 'application/cloudevents+json; charset="UTF-8"' }, event.toString())).status,
  ).toBe(200);
  expect(await added()).toHaveLength(1);
});

test('data in Segment’s form is taken as such, gzipped too; data that only has a type is not', async () => {
  const data = { type: 'identify', userId: 'u1', traits: { email: 'ann@x.example' } };
  const structured = { ...event.toJSON(), data };
  expect((await post(STRUCTURED, gzipSync(JSON.stringify(structured)))).status).toBe(200);
  await post(
    STRUCTURED,
    JSON.stringify({ ...structured, data: { ...data, messageId: 'own', timestamp: '2026-11-30T08:00:00Z' } }),
  );
  await post(STRUCTURED, JSON.stringify({ ...structured, data: { type: 'page', number: 4 } }));
  expect(await added()).toMatchObject([
    { id: EXPECTED.id, type: 'identify', at: EXPECTED.at, identifiers: ['user_id:u1', 'email:ann@x.example'] },
    { id: 'own', at: '2026-11-30T08:00:00.000Z' },
    { type: 'track', name: 'com.example.order.packed', properties: { type: 'page', number: 4 } },
  ]);
});

test('a subject of another form names nobody; text, lists and bytes are kept as data', async () => {
  const base = { ...event.toJSON(), data: undefined };
  await post(STRUCTURED, JSON.stringify({ ...base, subject: 'user_id:u7' }));
  await post(STRUCTURED, JSON.stringify({ ...base, subject: 'urn:isbn:1', data: [1, 2] }));
  await post(
    STRUCTURED,
    JSON.stringify({ ...base, subject: 'a/b.png', datacontenttype: 'image/png', data_base64: 'AAEC' }),
  );
  const packed = Buffer.from('{"a":1}').toString('base64');
  await post(STRUCTURED, JSON.stringify({ ...base, datacontenttype: 'application/json', data_base64: packed }));
  const ce = { 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't', 'ce-specversion': '1.0' };
  await post({ ...ce, 'content-type': 'text/plain' }, 'hello');
  expect((await added()).map(({ identifiers, properties }) => [identifiers, properties])).toEqual([
    [['user_id:u7'], {}],
    [[], { data: [1, 2] }],
    [[], { data_base64: 'AAEC' }],
    [['email:ann@x.example'], { a: 1 }],
    [[], { data: 'hello' }],
  ]);
});

test.each([
  ['no JSON', STRUCTURED, '{', 'bad_json'],
  ['no CloudEvent', { 'content-type': 'application/json' }, '{}', 'bad_body'],
  ['a batch that is no list', BATCH, '{}', 'bad_body'],
  ['an old version', STRUCTURED, JSON.stringify({ ...event.toJSON(), specversion: '0.3' }), 'event_bad_field'],
  ['no type', STRUCTURED, JSON.stringify({ ...event.toJSON(), type: '' }), 'event_missing_field'],
  ['a time that is none', STRUCTURED, JSON.stringify({ ...event.toJSON(), time: 'soon' }), 'event_bad_time'],
])('%s is answered 400 with its code, and kept', async (_what, headers, body, code) => {
  const before = (await collector.failed()).length;
  const answer = await post(headers, body);
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, code]);
  expect(await collector.failed()).toHaveLength(before + 1);
});

test('what is kept of a call by the key of a page says so, one event or the whole', async () => {
  const { id: _, ...nameless } = event.toJSON();
  await post(STRUCTURED, JSON.stringify(nameless), PAGE_KEY);
  await post({ 'ce-id': '1', 'ce-specversion': '1.0', 'content-type': 'application/json' }, '{', PAGE_KEY);
  const frames = (await collector.failed())
    .filter(({ source }) => source === 'page')
    .map(({ frame }) => JSON.parse(frame));
  expect(frames).toMatchObject([{ isPublic: true }, { isPublic: true, headers: { 'ce-id': '1' } }]);
});

// It was refused as no object, and `null` kept of it; in binary mode it was taken without its data
test('one over 256 KB is refused as too large, whole, in every mode; its neighbours get in', async () => {
  const whole = JSON.stringify({
    specversion: '1.0',
    id: 'big',
    source: '/erp',
    type: 'Big',
    data: 'y'.repeat(300_000),
  });
  const small = '{"specversion":"1.0","id":"small-1","source":"/erp","type":"Small"}';
  const binary = { 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-source': '/erp', 'ce-type': 'Big' };
  const data = JSON.stringify({ x: 'y'.repeat(300_000) });
  await added();
  for (const [headers, body] of [
    [STRUCTURED, whole],
    [{ ...binary, 'ce-id': 'bin' }, data],
  ] as const) {
    const answer = await post(headers, body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'event_too_large' }]);
  }
  const answer = await post(BATCH, `[${whole}, ${small}]`);
  expect(await answer.json()).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'event_too_large' }] });
  const kept = (await collector.failed()).filter(({ code }) => code === 'event_too_large');
  const texts = kept.map(({ body }) => Buffer.from(body).toString());
  const isOneOf = (text: string) => [whole, data].includes(text);
  expect([texts.length, texts.every(isOneOf), new Set(texts).size]).toEqual([3, true, 2]);
  expect((await added()).map(({ name }) => name)).toEqual(['Small']);
});

test('the key is asked for as the tracking API asks: 401, 403, and 429 over its rate', async () => {
  const body = JSON.stringify(event.toJSON());
  expect((await post(STRUCTURED, body, 'wrong-key-0123456789')).status).toBe(401);
  expect((await post(STRUCTURED, body, 'off-key-0123456789')).status).toBe(403);
  const basic = { authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}` };
  expect((await post({ ...STRUCTURED, ...basic }, body, '')).status).toBe(200);
  collector.now.micros += 10_000_000;
  const many = JSON.stringify(Array.from({ length: 2_400 }, () => ({ ...event.toJSON(), data: 1 })));
  expect((await post(BATCH, many)).status).toBe(200);
  const refused = await post(BATCH, many);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
  await added();
});

test('the path is described, with its media types and how to send the key', async () => {
  const description = await validDescription(`${collector.url}/openapi.json`);
  const { post: described } = description.paths['/v1/cloudevents'] ?? {};
  expect(Object.keys(described?.requestBody?.content ?? {})).toEqual([
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
  ]);
  expect(Object.keys(described?.responses ?? {})).toEqual(['200', '400', '401', '403', '413', '429', '503']);
});

test('whatever stands in an event, it is taken or refused with a reason', async () => {
  collector.now.micros += 60_000_000;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(event.toJSON())), fc.jsonValue(), async (name, value) => {
      collector.now.micros += 10_000; // no faster than a source may send
      const answer = await post(STRUCTURED, JSON.stringify({ ...event.toJSON(), [name]: value }));
      expect([200, 400]).toContain(answer.status);
    }),
    { numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 60) },
  );
});
