import { gzipSync } from 'node:zlib';
import { signLink } from '@kenal/collector-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LINK_SECRET, OFF_KEY, SECRET_KEY, startCollector, type TestCollector, WEB_KEY } from './test-support.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await startCollector({ linkSecret: LINK_SECRET });
});
afterAll(() => collector[Symbol.asyncDispose]());

let ids = 0;
const page = (over: object = {}) => ({ type: 'page', messageId: `edge-${ids++}`, userId: 'u', ...over });
const counted = async (code: string): Promise<number> =>
  Number(new RegExp(`kenal_collector_refused_total{code="${code}"} (\\d+)`).exec(await collector.metrics())?.[1] ?? 0);

describe('answers say what became of each event', () => {
  test('a batch: each bad event by index, id, code and reason; its neighbours are accepted', async () => {
    const batch = [page(), { type: 'track', messageId: 'bad' }, 7, page()];
    const answer = await collector.post('/v1/batch', { batch });
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        success: true,
        accepted: 2,
        rejected: [
          {
            index: 1,
            messageId: 'bad',
            code: 'event_missing_field',
            path: '$.batch[1].event',
            reason: expect.any(String),
          },
          { index: 2, messageId: null, code: 'event_not_object', path: '$.batch[2]', reason: expect.any(String) },
        ],
      },
    ]);
  });

  test('a single event that is refused: 400 with code, message and path, and its bytes are kept', async () => {
    const body = '{"messageId": "single-bad",  "timestamp":"soon"}';
    const answer = await collector.post('/v1/page', body);
    expect([answer.status, answer.json]).toMatchObject([
      400,
      { code: 'event_bad_time', path: '$.timestamp', message: expect.any(String), status: 400 },
    ]);
    const kept = (await collector.failed()).find(({ messageId }) => messageId === 'single-bad');
    expect(Buffer.from(kept?.body ?? []).toString()).toBe(body);
  });

  test.each<[name: string, path: string, body: string, code: string, headers?: Record<string, string>]>([
    ['no JSON', '/v1/batch', '{"batch":[', 'bad_json'],
    ['nothing', '/v1/track', '', 'bad_json'],
    ['no list', '/v1/batch', '{"batch":{}}', 'bad_body'],
    ['an envelope with a forbidden key', '/v1/batch', '{"batch":[],"context":{"__proto__":1}}', 'bad_body'],
    ['gzip that is none', '/v1/batch', 'plain', 'bad_encoding', { 'content-encoding': 'gzip' }],
    ['an encoding that is not gzip', '/v1/batch', 'plain', 'bad_encoding', { 'content-encoding': 'br' }],
  ])('%s: 400', async (_name, path, body, code, headers = {}) => {
    const answer = await collector.post(path, body, headers);
    expect([answer.status, answer.json]).toMatchObject([400, { code, message: expect.any(String) }]);
  });

  test('a batch of none is fine', async () => {
    expect((await collector.post('/v1/batch', { batch: [] })).json).toEqual({
      success: true,
      accepted: 0,
      rejected: [],
    });
  });

  test('JSON is read whatever the content type says, also none at all', async () => {
    for (const type of [
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'image/png',
      ';;;',
      'multipart/form-data; boundary=x',
    ]) {
      expect((await collector.post('/v1/page', page(), { 'content-type': type })).status).toBe(200);
    }
    const bytes = new Uint8Array(Buffer.from(JSON.stringify(page())));
    expect(
      (await fetch(`${collector.url}/v1/page`, { method: 'POST', body: bytes, headers: { 'x-write-key': WEB_KEY } }))
        .status,
    ).toBe(200);
  });

  test('gzip is known by its first bytes where the header is missing, and a chunked body is read', async () => {
    expect((await collector.post('/v1/page', gzipSync(JSON.stringify(page())))).status).toBe(200);
    const chunks = new Blob([JSON.stringify(page())]).stream();
    const options = { method: 'POST', body: chunks, duplex: 'half', headers: { 'x-write-key': WEB_KEY } };
    expect((await fetch(`${collector.url}/v1/page`, options as RequestInit)).status).toBe(200);
  });

  test('an anonymous id beside the body names who has no name', async () => {
    await collector.post(
      '/v1/page',
      { messageId: 'by-header' },
      { anonymousid: Buffer.from('anon-7').toString('base64') },
    );
    const landed = (await collector.interactions()).find(({ id }) => id === 'by-header');
    expect(landed?.anonymousId).toBe('anon-7');
  });
});

test('equal events without ids from two people, named by the header, are two; a retry of one is the same', async () => {
  const event = { event: 'Opened by two' };
  for (const name of ['anna', 'bert', 'anna']) {
    await collector.post('/v1/track', event, { anonymousid: Buffer.from(name).toString('base64') });
  }
  const opened = (await collector.interactions()).filter(({ name }) => name === 'Opened by two');
  const sent = new Set(opened.map(({ id, anonymousId }) => `${anonymousId} ${id}`));
  expect([opened.length, sent.size, new Set(opened.map(({ id }) => id)).size]).toEqual([3, 2, 2]);
});

describe('keys', () => {
  test('an unknown one: 401, names its place and first letters and no more, and is counted', async () => {
    const before = await counted('unknown_key');
    const answer = await collector.post('/v1/page', page(), { 'x-write-key': 'wrong-key-0123456789' });
    expect([answer.status, answer.json.code]).toEqual([401, 'unknown_key']);
    expect(answer.json.message).toContain('wrong-… (X-Write-Key)');
    expect(answer.json.message).not.toContain('wrong-key');
    expect(await counted('unknown_key')).toBe(before + 1);
  });

  test('none: 401 and says where one may stand', async () => {
    const response = await fetch(`${collector.url}/v1/page`, { method: 'POST', body: JSON.stringify(page()) });
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { message: expect.stringContaining('X-Write-Key') },
    ]);
  });

  test('of a source that is switched off: 403', async () => {
    expect((await collector.post('/v1/page', page(), { 'x-write-key': OFF_KEY })).status).toBe(403);
  });

  test('one with a colon is one key, also as user and password of Basic', async () => {
    const authorization = `Basic ${Buffer.from(SECRET_KEY).toString('base64')}`;
    expect((await collector.post('/v1/page', page(), { authorization })).status).toBe(200);
  });

  test('Basic goes before X-Write-Key, X-Write-Key before the body, Bearer with the body before both', async () => {
    const wrong = 'wrong-key-0123456789';
    const basic = { authorization: `Basic ${Buffer.from(`${wrong}:`).toString('base64')}` };
    expect((await collector.post('/v1/page', page(), basic)).status).toBe(401);
    expect((await collector.post('/v1/page', page({ writeKey: wrong }))).status).toBe(200);
    expect((await collector.post('/v1/page', page({ writeKey: wrong }), { authorization: 'Bearer t' })).status).toBe(
      401,
    );
    expect((await collector.post('/v1/page', page(), { authorization: 'Bearer t' })).status).toBe(200);
  });

  test('a stranger’s body is not even read', async () => {
    const answer = await collector.post('/v1/batch', 'no JSON', { 'x-write-key': 'wrong' });
    expect(answer.status).toBe(401);
  });
});

describe('limits', () => {
  test('an event over 32 KB fails alone', async () => {
    const batch = [page(), page({ properties: { text: 'x'.repeat(33_000) } }), page()];
    const { json } = await collector.post('/v1/batch', { batch });
    expect(json).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'event_too_large' }] });
  });

  test('an event of just 32 KB passes, one byte more does not', async () => {
    const of = (bytes: number) => {
      const event = JSON.stringify(page({ properties: { t: '' } }));
      return event.replace('"t":""', `"t":"${'x'.repeat(bytes - event.length)}"`);
    };
    expect((await collector.post('/v1/page', of(32_768))).status).toBe(200);
    expect((await collector.post('/v1/page', of(32_769))).json.code).toBe('event_too_large');
  });

  test('2,500 events pass, 2,501 are 413', async () => {
    const headers = { 'x-write-key': SECRET_KEY };
    collector.now.micros += 1_000_000; // the bucket is full
    const batch = (count: number) => ({ batch: Array.from({ length: count }, () => page()) });
    expect((await collector.post('/v1/batch', batch(2_500), headers)).json.accepted).toBe(2_500);
    expect([
      (await collector.post('/v1/batch', batch(2_501), headers)).status,
      await counted('body_too_large'),
    ]).toEqual([413, 1]);
  });

  test('over 4 MB is 413, plain or unpacked: a bomb is stopped at the cap', async () => {
    expect((await collector.post('/v1/page', `{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`)).status).toBe(413);
    expect((await collector.post('/v1/page', ' '.repeat(5_000_000))).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    expect((await collector.post('/v1/page', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    const small = gzipSync(Buffer.alloc(8_000_000));
    expect(small.length).toBeLessThan(16_384);
    expect((await collector.post('/v1/page', small)).status).toBe(413);
  });

  test('a shared context is bounded over all events of the batch', async () => {
    const context = { text: 'x'.repeat(30_000) };
    const batch = Array.from({ length: 1_000 }, () => page());
    expect((await collector.post('/v1/batch', { context, batch }, { 'x-write-key': SECRET_KEY })).status).toBe(413);
    expect(
      (await collector.post('/v1/batch', { context: { text: 'x'.repeat(40_000) }, batch: [page()] })).json.code,
    ).toBe('bad_body');
  });

  test('over the rate of its key: 429 with the seconds to wait; a second later it passes', async () => {
    const headers = { 'x-write-key': SECRET_KEY };
    collector.now.micros += 10_000_000;
    const batch = Array.from({ length: 2_500 }, (_, i) => ({ type: 'page', messageId: `rate-${i}` }));
    expect((await collector.post('/v1/batch', { batch }, headers)).status).toBe(200);
    const refused = await collector.post('/v1/batch', { batch }, headers);
    expect([refused.status, refused.json.code, refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', '1']);
    expect((await collector.post('/v1/page', page())).status).toBe(200); // another key
    collector.now.micros += 1_000_000;
    expect((await collector.post('/v1/batch', { batch }, headers)).status).toBe(200);
  });
});

describe('CORS', () => {
  test.each(['/v1/batch', '/v1/t/', '/api/s/track', '/v1/m', '/sourceConfig/', '/v1/projects/x/settings'])(
    'preflight of %s: origin and headers are echoed',
    async (path) => {
      const asked = 'anonymousid, sentat, rsa-retry, x-write-key, x-retry-count';
      const { status, headers } = await fetch(collector.url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://shop.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': asked,
        },
      });
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
      expect(headers.get('access-control-allow-headers')).toBe(asked);
      expect(headers.get('access-control-allow-methods')).toBe('GET, POST, OPTIONS, HEAD');
      expect(Number(headers.get('access-control-max-age'))).toBeGreaterThanOrEqual(900);
    },
  );

  test('errors can be read by the page too', async () => {
    const origin = 'https://shop.example';
    for (const [path, headers] of [
      ['/v1/page', { 'x-write-key': 'wrong' }],
      ['/v1/track', {}],
      ['/v1/batch', { 'content-encoding': 'br' }],
    ] as const) {
      const answer = await collector.post(path, '{"a":', { origin, ...headers });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    }
  });
});

describe('what clients ask before they send', () => {
  const basic = { authorization: `Basic ${Buffer.from(`${WEB_KEY}:`).toString('base64')}` };

  test('Segment’s settings name the address that the client used', async () => {
    const host = new URL(collector.url).host;
    expect(await (await fetch(`${collector.url}/v1/projects/${WEB_KEY}/settings`)).json()).toEqual({
      integrations: { 'Segment.io': { apiKey: WEB_KEY, apiHost: `${host}/v1`, protocol: 'http' } },
      plan: {},
    });
    expect((await fetch(`${collector.url}/v1/projects/wrong/settings`)).status).toBe(401);
    expect((await fetch(`${collector.url}/v1/projects/${WEB_KEY}/settings`, { method: 'HEAD' })).status).toBe(200);
  });

  test('RudderStack’s source', async () => {
    const response = await fetch(`${collector.url}/sourceConfig/?p=npm&v=3`, { headers: basic });
    expect(await response.json()).toMatchObject({
      source: {
        id: 'web',
        name: 'Web shop',
        writeKey: WEB_KEY,
        enabled: true,
        workspaceId: 'shop',
        config: {},
        destinations: [],
        connections: [],
      },
      updatedAt: '2026-11-22T12:00:00.000Z',
    });
    expect((await fetch(`${collector.url}/sourceConfig`)).status).toBe(401);
  });

  test('metrics of a client are dropped, unread', async () => {
    expect((await collector.post('/v1/m', '{"series":[]}')).status).toBe(200);
    const endless = new ReadableStream(
      { pull: (controller) => controller.enqueue(Buffer.alloc(1)) },
      { highWaterMark: 1 },
    );
    const options = { method: 'POST', body: endless, duplex: 'half' };
    expect((await fetch(`${collector.url}/v1/m`, options as RequestInit)).status).toBe(200);
  });
});

describe('pixel', () => {
  const get = async (type: string, data: string, query = `&writeKey=${WEB_KEY}`) => {
    const response = await fetch(`${collector.url}/v1/pixel/${type}?data=${encodeURIComponent(data)}${query}`);
    return [response.status, response.headers.get('content-type'), (await response.bytes()).subarray(0, 6).toString()];
  };
  const GIF = [200, 'image/gif', [...Buffer.from('GIF89a')].join(',')];

  test.each(['base64', 'base64url'] as const)('an event in %s lands', async (encoding) => {
    const data = Buffer.from(
      JSON.stringify({ messageId: `pixel-${encoding}`, event: 'Opened ÿ?>', userId: 'u' }),
    ).toString(encoding);
    expect(await get('track', data)).toEqual(GIF);
    expect((await collector.interactions()).map(({ id }) => id)).toContain(`pixel-${encoding}`);
  });

  test('the key may stand in the data', async () => {
    const data = Buffer.from(JSON.stringify({ messageId: 'pixel-key', writeKey: WEB_KEY })).toString('base64');
    expect(await get('page', data, '')).toEqual(GIF);
    expect((await collector.interactions()).map(({ id }) => id)).toContain('pixel-key');
  });

  test('it is a gif whatever is wrong, and what is wrong is counted', async () => {
    const before = await counted('unknown_key');
    expect(await get('page', 'e30=', '&writeKey=wrong')).toEqual(GIF);
    expect(await get('page', '', '')).toEqual(GIF);
    expect(await get('nonsense', 'e30=')).toEqual(GIF);
    expect(await get('page', '!!!')).toEqual(GIF);
    expect(await counted('unknown_key')).toBe(before + 2);
    expect((await collector.failed()).filter(({ code }) => code === 'bad_json').length).toBeGreaterThan(0);
  });
});

describe('click redirect', () => {
  const click = (query: Record<string, string>) =>
    fetch(`${collector.url}/v1/c?${new URLSearchParams(query)}`, { redirect: 'manual' });
  const u = 'https://shop.example/sale?a=1';

  test('goes where it was signed for, and brings its event', async () => {
    const data = Buffer.from(JSON.stringify({ messageId: 'click-1', event: 'Clicked', userId: 'u' })).toString(
      'base64url',
    );
    const response = await click({ u, sig: signLink(LINK_SECRET, u), data, writeKey: WEB_KEY });
    expect([response.status, response.headers.get('location')]).toEqual([302, u]);
    expect((await collector.interactions()).map(({ id }) => id)).toContain('click-1');
  });

  test('a broken event never stops the person', async () => {
    expect((await click({ u, sig: signLink(LINK_SECRET, u), data: 'x', writeKey: 'wrong' })).status).toBe(302);
  });

  test('goes nowhere else', async () => {
    expect((await click({ u: 'https://evil.example', sig: signLink(LINK_SECRET, u) })).status).toBe(403);
    expect((await click({ u })).status).toBe(400);
  });

  test('is not there without a secret', async () => {
    await using other = await startCollector();
    expect((await fetch(`${other.url}/v1/c?u=${u}&sig=x`, { redirect: 'manual' })).status).toBe(404);
  });
});
