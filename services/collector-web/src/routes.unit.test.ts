import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TRACKING_ROUTES } from './routes/tracking.ts';
import { startCollector, type TestCollector, WEB_KEY } from './test-support.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector[Symbol.asyncDispose]());

const basic = (user: string): string => `Basic ${Buffer.from(user).toString('base64')}`;

const PLACES: readonly [
  string,
  (path: string, body: object) => { path: string; body: object; headers: Record<string, string> },
][] = [
  ['Basic', (path, body) => ({ path, body, headers: { authorization: basic(`${WEB_KEY}:`) } })],
  ['Basic without colon', (path, body) => ({ path, body, headers: { authorization: basic(WEB_KEY) } })],
  [
    'Bearer and the body',
    (path, body) => ({ path, body: { ...body, writeKey: WEB_KEY }, headers: { authorization: 'Bearer some.token' } }),
  ],
  [
    'X-Write-Key, the one in the body masked',
    (path, body) => ({ path, body: { ...body, writeKey: '***' }, headers: { 'x-write-key': WEB_KEY } }),
  ],
  ['body', (path, body) => ({ path, body: { ...body, writeKey: WEB_KEY }, headers: {} })],
  ['query', (path, body) => ({ path: `${path}?writeKey=${WEB_KEY}`, body, headers: {} })],
];

let counter = 0;
function eventFor(type: string | null): { body: object; id: string; type: string } {
  const id = `route-${counter++}`;
  const event = {
    messageId: id,
    userId: 'u1',
    event: 'Seen',
    groupId: 'g1',
    previousId: 'p1',
    mergeProperties: [{ type: 'email', value: 'a@b.example' }],
  };
  if (type === null) return { body: { batch: [{ ...event, type: 'track' }] }, id, type: 'track' };
  return { body: event, id, type: type === 'merge' ? 'alias' : type };
}

describe('every path × slash × gzip × place of the key lands one interaction of the right type', () => {
  const expected = new Map<string, string>();
  test.each([...TRACKING_ROUTES])('%s', async (path, type) => {
    for (const slash of ['', '/']) {
      for (const zipped of [false, true]) {
        for (const [place, put] of PLACES) {
          const { body, id, type: landed } = eventFor(type);
          const call = put(path + slash, body);
          expected.set(id, landed);
          collector.now.micros += 1_000; // its key may bring 1,000 a second
          const json = Buffer.from(JSON.stringify(call.body));
          const response = await fetch(collector.url + call.path, {
            method: 'POST',
            body: zipped ? gzipSync(json) : json,
            headers: {
              ...call.headers,
              'content-type': zipped ? 'application/x-www-form-urlencoded' : 'text/plain',
              ...(zipped ? { 'content-encoding': 'gzip' } : {}),
            },
          });
          expect([place, response.status, await response.json()]).toEqual([
            place,
            200,
            { success: true, accepted: 1, rejected: [] },
          ]);
        }
      }
    }
  });

  test('and each is in the log once', async () => {
    const landed = await collector.interactions();
    expect(landed).toHaveLength(expected.size);
    expect(Object.fromEntries(landed.map(({ id, type }) => [id, type]))).toEqual(Object.fromEntries(expected));
  });
});
