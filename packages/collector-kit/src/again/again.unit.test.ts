import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { FAILED_BODY, type FailedEvent, formatTime } from '@kenal/contracts';
import { expect, test } from 'vitest';
import {
  STEWARD_KEY,
  startVendorCollector,
  type TestVendorCollector,
} from '../../../../test/support/vendor-collector.ts';
import { createVendorCollector } from '../webhook/collector.ts';
import type { Vendor } from '../webhook/vendor.ts';

const SECRET = 'the secret of the shop';
const TOPIC = 'x-wc-webhook-topic';
const MB = 1024 * 1024;

/** `{id}` is an event named after its topic; without a topic it says nothing. */
const vendor: Vendor = {
  kind: 'woocommerce',
  headers: [TOPIC],
  maxBytes: 80 * MB,
  map(item, { headers }) {
    const { id } = item as { id?: string };
    const name = headers[TOPIC];
    if (name === undefined) return { ok: true, value: [] };
    return {
      ok: true,
      value: [{ messageId: `wc-${id}`, type: 'track', event: name, timestamp: '2026-11-30T11:00:00Z' }],
    };
  },
};
const sources = [
  { id: 'shop', kind: 'woocommerce' as const, secrets: ['env:SECRET'] },
  { id: 'closed', kind: 'woocommerce' as const, secrets: ['env:UNSET'], enabled: false },
];
let blobs = '';
const start = (): Promise<TestVendorCollector> =>
  startVendorCollector(
    (deps) => {
      const { put, get } = deps.blobs;
      return createVendorCollector({
        ...{ ...deps, name: 'collector-test', vendors: [vendor] },
        blobs: { put, get: async (name) => (blobs === 'gone' ? null : get(name)) },
      });
    },
    { sources, environment: { SECRET } },
  );

function deliver(collector: TestVendorCollector, body: string | Buffer, more: Record<string, string> = {}) {
  const signature = createHmac('sha256', SECRET).update(body).digest('base64');
  const headers = { 'x-wc-webhook-signature': signature, 'content-type': 'application/json', [TOPIC]: 'Order Paid' };
  return collector.deliver('shop', body, { ...headers, 'x-other': '1', ...more });
}

/** A failed event as it was kept, with another body where it was repaired. */
async function again(
  collector: TestVendorCollector,
  verb: string,
  event: Pick<FailedEvent, 'failureId' | 'contentType' | 'receivedAt' | 'body' | 'frame'>,
  body: string | Uint8Array = event.body,
) {
  const { failureId, contentType, frame, receivedAt } = event;
  const told = { failureId, contentType, frame, receivedAt: formatTime(receivedAt) };
  const sent = JSON.stringify({ ...told, body: Buffer.from(body as string).toString('base64') });
  const answer = await collector.deliver('shop', sent, { authorization: `Bearer ${STEWARD_KEY}` }, `/failed/${verb}`);
  return (await answer.json()) as { state?: string | null; rejected?: { reason: string }[]; detail?: string };
}

test('the whole of a delivery that nobody could read keeps the headers that its vendor reads', async () => {
  await using collector = await start();
  await deliver(collector, '{"id":"1"');
  const [event] = await collector.failed();
  expect(event?.frame).toBe(JSON.stringify({ headers: { [TOPIC]: 'Order Paid' } }));
  expect(await again(collector, 'replay', event!, '{"id":"1"}')).toMatchObject({ state: 'replayed', accepted: 1 });
  expect(await collector.interactions()).toMatchObject([{ id: 'wc-1', name: 'Order Paid' }]);
});

test('what comes to no event is not replayed, and says so', async () => {
  await using collector = await start();
  await deliver(collector, '{"id":"1"');
  const [event] = await collector.failed();
  const silent = { ...event!, frame: '' };
  const rejected = [{ code: 'bad_body', path: '$', reason: expect.stringContaining('comes to no event') }];
  expect(await again(collector, 'check', silent, '{"id":"1"}')).toEqual({ rejected });
  expect(await again(collector, 'replay', silent, '{"id":"1"}')).toEqual({ state: null, accepted: 0, rejected });
  expect((await collector.failed()).filter(({ change }) => change !== null)).toEqual([]);
});

test('a body that lies in the blob folder is sent again whole; where the file is gone it is named', async () => {
  await using collector = await start();
  const padding = ' '.repeat(950_000);
  await deliver(collector, `{"id":"1"${padding}`);
  const [event] = await collector.failed();
  const name = /^sha256:([0-9a-f]{64})$/.exec(Buffer.from(event!.body).toString())?.[1];
  expect(event?.contentType).toBe(`${FAILED_BODY.blob}; type="application/json"`);
  expect(await again(collector, 'check', event!)).toMatchObject({ rejected: [{ code: 'bad_json' }] });
  blobs = 'gone';
  try {
    expect((await again(collector, 'replay', event!)).detail).toContain(name);
  } finally {
    blobs = '';
  }
  // Repaired, it carries its bytes itself
  expect(await again(collector, 'replay', event!, '{"id":"1"}')).toMatchObject({ state: 'replayed', accepted: 1 });
});

test('an event, a CloudEvent and a tracking call are read alike at a source of any kind', async () => {
  await using collector = await start();
  const kept = { failureId: 'f', receivedAt: Date.UTC(2026, 10, 30, 11) * 1_000, frame: '' };
  const ce = { specversion: '1.0', id: '7', source: '/till', type: 'till.paid' };
  const track = { event: 'Sold', messageId: 't1', userId: 'u1' };
  const headers = { 'ce-specversion': '1.0', 'ce-id': '9', 'ce-source': '/till', 'ce-type': 'till.open' };
  for (const [contentType, body, frame] of [
    ['application/cloudevents+json; charset=utf-8', ce, ''],
    ['application/cloudevents-batch+json', [{ ...ce, id: '8' }], ''],
    ['application/json', { total: 1 }, JSON.stringify({ headers })],
    [FAILED_BODY.event, { ...track, type: 'track', messageId: 'e1' }, ''],
    ['application/json', track, JSON.stringify({ type: 'track', sentAt: null, context: null, anonymousId: null })],
  ] as const) {
    const event = { ...kept, contentType, frame, body: Buffer.from(JSON.stringify(body)) };
    expect(await again(collector, 'replay', event)).toMatchObject({ state: 'replayed', accepted: 1 });
  }
  const ids = (await collector.interactions()).map(({ id, name }) => `${id} ${name}`);
  expect(ids.sort()).toEqual(['/till 7 till.paid', '/till 8 till.paid', '/till 9 till.open', 'e1 Sold', 't1 Sold']);
});

test('of a CloudEvent that a page sent its subject is taken and what it claims of its place is not, the second time too', async () => {
  await using collector = await start();
  const claimed = { kenal: { channel: 'phone', identifiers: [{ type: 'email', value: 'victim@x.example' }] } };
  const ce = { specversion: '1.0', source: '/page', type: 'page.seen', subject: 'email:ann@x.example' };
  const data = { type: 'track', event: 'Seen', userId: 'u1', context: claimed };
  const contentType = 'application/cloudevents-batch+json';
  const body = Buffer.from(
    JSON.stringify([
      { ...ce, id: '1', data },
      { ...ce, id: '2' },
    ]),
  );
  for (const frame of ['{"isPublic":true}', '']) {
    const event = { failureId: 'f', receivedAt: Date.UTC(2026, 10, 30, 11) * 1_000, contentType, frame, body };
    expect(await again(collector, 'replay', event)).toMatchObject({ accepted: 2 });
  }
  const named = (await collector.interactions()).map(({ channel, identifiers }) =>
    [channel, ...identifiers.map(({ value }) => value)].join(' '),
  );
  // By a key that is no page's, it says what it says
  expect(named.sort()).toEqual([
    ...['commerce ann@x.example', 'commerce ann@x.example', 'commerce u1'],
    'phone u1 victim@x.example',
  ]);
});

test('what a page sent is no interaction, whatever content type it named', async () => {
  await using collector = await start();
  const frame = '{"isPublic":true}';
  const event = { failureId: 'f', receivedAt: 0, contentType: FAILED_BODY.interaction, frame, body: Buffer.from('{}') };
  expect(await again(collector, 'replay', event)).toMatchObject({ state: null });
});

test('of a source that is switched off nothing is sent again, and anything may be given up', async () => {
  await using collector = await start();
  const told = JSON.stringify({ failureId: 'f', receivedAt: '2026-11-30T11:00:00Z', note: 'the shop is closed' });
  const decide = async (verb: string): Promise<number> => {
    const headers = { authorization: `Bearer ${STEWARD_KEY}` };
    return (await collector.deliver('closed', told, headers, `/failed/${verb}`)).status;
  };
  expect([await decide('replay'), await decide('dismiss')]).toEqual([403, 200]);
  expect(await collector.failed()).toMatchObject([{ source: 'closed', change: { state: 'dismissed' } }]);
});

test('the bytes that a delivery is unpacked to count as in hand', async () => {
  await using collector = await start();
  const bomb = gzipSync(Buffer.alloc(70 * MB, ' '), { level: 1 });
  expect(bomb.length).toBeLessThan(MB);
  expect((await deliver(collector, bomb)).status).toBe(503);
  expect(await collector.failed()).toEqual([]);
  expect((await deliver(collector, gzipSync('{"id":"1"}'))).status).toBe(200);
});
