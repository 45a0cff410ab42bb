import { createHmac } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type EventLog, formatTime } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { expect, test } from 'vitest';
import {
  NOON,
  READ_KEY,
  STEWARD_KEY,
  startVendorCollector,
  type VendorCollectorOptions,
} from '../../../../test/support/vendor-collector.ts';
import { refused } from '../fault.ts';
import { isRecord } from '../json/inspect.ts';
import { createVendorCollector } from './collector.ts';
import { VENDOR_PARTS, type Vendor } from './vendor.ts';

const SECRET = 'the secret of the shop';
const NEXT = 'the next secret';

/** `[{id, who?, at?}]`, each of which is a contact; one without an id is of no form that we know. */
const vendor: Vendor = {
  kind: 'woocommerce',
  headers: ['x-wc-webhook-topic'],
  handshake: ({ payload }) =>
    isRecord(payload) && payload.ping === true ? { status: 200, contentType: 'text/plain', body: 'pong' } : null,
  split: (payload) => (Array.isArray(payload) ? payload : [payload]),
  map(item, { headers, source }) {
    if (!isRecord(item)) return refused('event_not_object', '$');
    if (item.crash === true) throw new Error('the mapping did not think of it');
    if (item.silent === true) return { ok: true, value: [] };
    if (typeof item.id !== 'string') return refused('event_missing_field', '$.id', 'a contact has one');
    return {
      ok: true,
      value: [
        {
          messageId: `wc-${item.id}`,
          type: 'track',
          event: headers['x-wc-webhook-topic'] ?? 'Nothing',
          timestamp: typeof item.at === 'string' ? item.at : '2026-11-30T11:00:00Z',
          traits: { email: item.who },
          context: {
            kenal: {
              direction: 'outbound',
              identifiers: [{ type: 'woocommerce_id', value: `${source.id}/7` }],
              participants: [{ role: 'cc', identifiers: [{ type: 'email', value: 'else@x.example' }] }],
              actor: { kind: 'agent', id: 'a7' },
              conversationId: 'c1',
            },
          },
        },
      ],
    };
  },
};

const create = (deps: Parameters<Parameters<typeof startVendorCollector>[0]>[0]) =>
  createVendorCollector({ ...deps, name: 'collector-test', vendors: [vendor] });

const options: VendorCollectorOptions = {
  sources: [
    { id: 'shop', kind: 'woocommerce', secrets: ['env:SECRET', 'env:NEXT'] },
    { id: 'slow', kind: 'woocommerce', secrets: ['env:SECRET'], eventsPerSecond: 1 },
    { id: 'off', kind: 'woocommerce', secrets: ['env:UNSET'], enabled: false },
  ],
  environment: { SECRET, NEXT },
};

const sign = (body: string, secret = SECRET) => ({
  'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
  'x-wc-webhook-topic': 'Order Completed',
});

test('a signed delivery becomes interactions with direction, participants, actor and conversation', async () => {
  await using collector = await startVendorCollector(create, options);
  const body = JSON.stringify([{ id: '1', who: 'ann@x.example' }]);
  const answer = await collector.deliver('shop', body, sign(body));
  expect([answer.status, await answer.json()]).toEqual([200, { success: true, accepted: 1, rejected: [] }]);
  const [interaction] = await collector.interactions();
  expect(interaction).toMatchObject({
    id: 'wc-1',
    source: 'shop',
    channel: 'commerce',
    direction: 'outbound',
    name: 'Order Completed',
    identifiers: [
      { type: 'email', value: 'ann@x.example' },
      { type: 'woocommerce_id', value: 'shop/7' },
    ],
    participants: [{ role: 'cc', identifiers: [{ type: 'email', value: 'else@x.example' }] }],
    actor: { kind: 'agent', id: 'a7', team: null },
    conversationId: 'c1',
    context: '{}',
  });
  expect(await collector.deliveries('shop')).toMatchObject([
    {
      signature: 'valid',
      status: 200,
      outcome: 'accepted',
      events: 1,
      rejected: 0,
      bytes: body.length,
      messageIds: ['wc-1'],
    },
  ]);
});

test('both live secrets open; a wrong one, or a body that was changed, is 401 and seen in the deliveries', async () => {
  await using collector = await startVendorCollector(create, options);
  const body = JSON.stringify({ id: '1' });
  expect((await collector.deliver('shop', body, sign(body, NEXT))).status).toBe(200);
  for (const [sent, headers, code] of [
    [body, sign(body, 'another'), 'signature_invalid'],
    [`${body} `, sign(body), 'signature_invalid'],
    [body, {}, 'signature_missing'],
  ] as const) {
    const answer = await collector.deliver('shop', sent, headers);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, code]);
  }
  const codes = (await collector.deliveries('shop')).map(({ signature, status }) => [signature, status]);
  expect(codes).toEqual([
    ['signature_missing', 401],
    ['signature_invalid', 401],
    ['signature_invalid', 401],
    ['valid', 200],
  ]);
  expect(await collector.interactions()).toHaveLength(1);
  expect(await collector.metrics()).toContain('kenal_collector_refused_total{code="signature_invalid"} 2');
});

test('of a delivery each part fails alone, whole, and can be sent again after a repair', async () => {
  await using collector = await startVendorCollector(create, options);
  const body = JSON.stringify([
    { id: '1' },
    { what: 'no id' },
    { crash: true },
    { id: '4', at: '2027-01-01T00:00:00Z' },
  ]);
  const answer = await collector.deliver('shop', body, sign(body));
  expect(await answer.json()).toMatchObject({ success: true, accepted: 1, rejected: [{}, {}, {}] });
  const failed = await collector.failed();
  const told = failed.map(({ code, path, body: kept }) => [code, path, JSON.parse(Buffer.from(kept).toString())]);
  const headers = { 'x-wc-webhook-topic': 'Order Completed' };
  expect(told).toHaveLength(3);
  expect(told).toEqual(
    expect.arrayContaining([
      ['event_missing_field', '$.id', { headers, item: { what: 'no id' } }],
      ['internal', '$', { headers, item: { crash: true } }],
      // What was sent, not what we made of it
      [
        'event_in_future',
        '$.batch[1].timestamp',
        { headers, messageId: 'wc-4', item: { id: '4', at: '2027-01-01T00:00:00Z' } },
      ],
    ]),
  );

  const again = async (verb: string, code: string, repair: (kept: never) => unknown, key = STEWARD_KEY) => {
    const event = failed.find((one) => one.code === code);
    const kept = repair(JSON.parse(Buffer.from(event?.body ?? '').toString()) as never);
    const body = Buffer.from(JSON.stringify(kept)).toString('base64');
    const { failureId, contentType, receivedAt } = event!;
    const told = { failureId, contentType, receivedAt: formatTime(receivedAt), body, note: 'by hand', actor: 'Eve' };
    const headers = { authorization: `Bearer ${key}` };
    return collector.deliver('shop', JSON.stringify(told), headers, `/failed/${verb}`);
  };
  const asItWas = (kept: object) => kept;
  expect((await again('replay', 'event_missing_field', asItWas, READ_KEY)).status).toBe(403);
  const still = { state: null, accepted: 0, rejected: [{ code: 'event_missing_field', path: '$.id' }] };
  expect(await (await again('replay', 'event_missing_field', asItWas)).json()).toMatchObject(still);
  const withId = (kept: object) => ({ ...kept, item: { id: '2' } });
  expect(await (await again('check', 'event_missing_field', withId)).json()).toEqual({ rejected: [] });
  expect(await collector.interactions()).toHaveLength(1);
  // Repaired in whatever way, it stays the event that it was
  const earlier = (kept: object) => ({ ...kept, item: { id: 'four', at: '2026-11-30T10:00:00Z' } });
  expect(await (await again('fix', 'event_in_future', earlier)).json()).toEqual({ state: 'fixed', rejected: [] });
  collector.now.micros += 3_600e6;
  for (let times = 0; times < 2; times++) {
    const sent = { state: 'replayed', accepted: 1, rejected: [] };
    expect(await (await again('replay', 'event_missing_field', withId)).json()).toEqual(sent);
    expect(await (await again('replay', 'event_in_future', earlier)).json()).toEqual(sent);
  }
  const changes = (await collector.failed()).filter(({ change }) => change !== null);
  expect(changes.map(({ change }) => [change?.state, change?.note])).toEqual([
    ['fixed', 'by hand'],
    ...Array.from({ length: 4 }, () => ['replayed', 'by hand']),
  ]);
  expect((await collector.interactions()).map(({ id }) => id)).toContain('wc-4');
  expect(changes[0]?.change?.actor).toMatch(/^Eve \(key [0-9a-f]{8}\)$/);
  expect(new Set((await collector.interactions()).map(({ receivedAt }) => receivedAt))).toEqual(new Set([NOON]));
  const ids = (await collector.interactions()).map(({ id, name }) => `${id} ${name}`);
  expect([...new Set(ids)].sort()).toEqual(['wc-1 Order Completed', 'wc-2 Order Completed', 'wc-4 Order Completed']);
});

test('a body that is no JSON is kept whole and the vendor told that all is well; the very same call again is a repeat', async () => {
  await using collector = await startVendorCollector(create, options);
  for (let times = 0; times < 2; times++) {
    const answer = await collector.deliver('shop', '{broken', {
      ...sign('{broken'),
      'content-type': 'application/json',
    });
    expect(answer.status).toBe(200);
  }
  const failed = await collector.failed();
  expect(failed.map(({ code, contentType, body }) => [code, contentType, Buffer.from(body).toString()])).toEqual([
    ['bad_json', 'application/json', '{broken'],
  ]);
  expect((await collector.deliveries('shop')).map(({ outcome }) => outcome)).toEqual(['repeat', 'refused']);
});

test('a ping is answered, and what says nothing of a customer is ignored, without an event', async () => {
  await using collector = await startVendorCollector(create, options);
  const ping = await collector.deliver('shop', '{"ping":true}', sign('{"ping":true}'));
  expect([ping.status, await ping.text()]).toEqual([200, 'pong']);
  expect((await collector.deliver('shop', '[{"silent":true}]', sign('[{"silent":true}]'))).status).toBe(200);
  expect((await collector.deliveries('shop')).map(({ outcome }) => outcome)).toEqual(['ignored', 'handshake']);
  expect(await collector.interactions()).toEqual([]);
});

test('where the log does not take it the vendor is asked to try again, and the retry is no repeat', async () => {
  let away = true;
  const wrapLog = (log: EventLog): EventLog => ({
    ...log,
    append: (topic, records) => {
      if (away && topic.includes('interactions')) return Promise.reject(new KenalError('log_unavailable'));
      return log.append(topic, records);
    },
  });
  await using collector = await startVendorCollector(create, { ...options, wrapLog });
  const body = JSON.stringify({ id: '1' });
  const first = await collector.deliver('shop', body, sign(body));
  expect([first.status, first.headers.get('retry-after')]).toEqual([503, '1']);
  away = false;
  expect((await collector.deliver('shop', body, sign(body))).status).toBe(200);
  expect(new Set((await collector.interactions()).map(({ id }) => id))).toEqual(new Set(['wc-1']));
});

test('a delivery over the limit is found among the deliveries, whether it says its length or not', async () => {
  await using collector = await startVendorCollector(create, options);
  const large = 'x'.repeat(1024 * 1024 + 1);
  expect((await collector.deliver('shop', large, sign(large))).status).toBe(413);
  const url = `${collector.url}/v1/hooks/woocommerce/shop/shop`;
  const stream = new Blob([large]).stream();
  const chunked = await fetch(url, {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: sign(large),
  } as RequestInit);
  expect(chunked.status).toBe(413);
  expect(await collector.deliveries('shop')).toMatchObject([
    { status: 413, code: 'body_too_large', outcome: 'refused', bytes: 0 },
    { status: 413, code: 'body_too_large', outcome: 'refused', bytes: large.length },
  ]);
  expect(await collector.failed()).toEqual([]);
});

test('a source has its own pace; one that is unknown, of another kind or off is named', async () => {
  await using collector = await startVendorCollector(create, options);
  const statuses: number[] = [];
  for (let sent = 0; sent < 15; sent++) {
    const body = JSON.stringify({ silent: true, sent });
    statuses.push((await collector.deliver('slow', body, sign(body))).status);
  }
  expect(statuses).toEqual([...Array(10).fill(200), ...Array(5).fill(429)]);
  const off = await collector.deliver('off', '{}', sign('{}'));
  expect([off.status, await off.json()]).toMatchObject([
    403,
    { detail: expect.stringContaining('off is switched off') },
  ]);
  const unknown = await fetch(`${collector.url}/v1/hooks/woocommerce/shop/nobody`, { method: 'POST', body: '{}' });
  expect(unknown.status).toBe(404);
});

test('a secret that is not set is named before anything starts', async () => {
  const started = startVendorCollector(create, { ...options, environment: { SECRET } });
  await expect(started).rejects.toMatchObject({ code: 'bad_config', message: expect.stringContaining('NEXT') });
});

// What a proxy or a hasty client writes there was answered with 500, to strangers as well
test('a content type that is none is no fault of ours', async () => {
  await using collector = await startVendorCollector(create, options);
  for (const type of ['///;;=', '']) {
    expect((await collector.deliver('shop', '{}', { 'content-type': type })).status).toBe(401);
    const headers = { ...sign('[{"id":"1"}]'), 'content-type': type };
    expect((await collector.deliver('shop', '[{"id":"1"}]', headers)).status).toBe(200);
  }
});

// writeItem could not write it, so the vendor was told to send it again, for ever
test('a delivery that is nested without end is kept as a failed event', async () => {
  await using collector = await startVendorCollector(create, options);
  const body = `{"id":${'['.repeat(6_000)}${']'.repeat(6_000)}}`;
  expect((await collector.deliver('shop', body, sign(body))).status).toBe(200);
  expect((await collector.failed()).map(({ code }) => code)).toEqual(['event_too_deep']);
});

// 900 KB of `{}` came to 300,001 failed events, 3 GB of memory, and 14 s in which nobody else was answered
test('a delivery of too many parts is one failed event with its bytes; one of as many as may be fails part by part', async () => {
  await using collector = await startVendorCollector(create, options);
  const list = (parts: number) => `[${'{},'.repeat(parts - 1)}{}]`;
  const body = list(VENDOR_PARTS + 1);
  expect(await (await collector.deliver('shop', body, sign(body))).json()).toMatchObject({
    ...{ accepted: 0, rejected: [{ code: 'bad_body', path: '$' }] },
  });
  const [only, ...more] = await collector.failed();
  expect([Buffer.from(only!.body).toString(), more.length]).toEqual([body, 0]);
  const most = list(VENDOR_PARTS);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  expect((await collector.deliver('shop', most, sign(most))).status).toBe(200);
  delay.disable();
  // Some 30 ms of a busy machine; all at once it took a second
  expect(delay.max / 1e6).toBeLessThan(500);
  const sequences = (await collector.failed()).map(({ receipt }) => receipt!.sequence);
  expect(new Set(sequences).size).toBe(VENDOR_PARTS + 1);
});
