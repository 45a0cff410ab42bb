import { gzipSync } from 'node:zlib';
import type { FailedEvent, Interaction } from '@kenal/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECRET_KEY, startCollector, type TestCollector } from './test-support.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector[Symbol.asyncDispose]());

const headers = { 'x-write-key': SECRET_KEY };
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Bodies of one event that have broken parsers before. */
const CORPUS: readonly [name: string, outcome: string, body: string | Uint8Array][] = [
  ['empty', 'bad_json', ''],
  ['blank', 'bad_json', '   '],
  ['null', 'event_not_object', 'null'],
  ['a number', 'event_not_object', '1e999'],
  ['text', 'event_not_object', '"x"'],
  ['a list', 'event_not_object', '[]'],
  ['an empty object', 'event_missing_field', '{}'],
  ['__proto__', 'event_forbidden_key', '{"event":"E","__proto__":{"polluted":true}}'],
  [
    'constructor.prototype',
    'event_forbidden_key',
    '{"event":"E","traits":{"constructor":{"prototype":{"polluted":true}}}}',
  ],
  ['a type of the prototype', 'accepted', '{"event":"E","type":"__proto__"}'],
  ['toString as a field', 'accepted', '{"event":"E","toString":1,"hasOwnProperty":2,"toJSON":"x","then":1}'],
  ['5,000 levels', 'event_too_deep', `{"event":"E","properties":{"a":${nested(5_000)}}}`],
  ['30 levels', 'accepted', `{"event":"E","properties":{"a":${nested(29)}}}`],
  [
    '1,001 keys',
    'event_too_many_keys',
    `{"event":"E","properties":{${Array.from({ length: 1_001 }, (_, i) => `"k${i}":1`)}}}`,
  ],
  ['NUL everywhere', 'accepted', '{"event":"E\\u0000","userId":"\\u0000","properties":{"\\u0000":"\\u0000"}}'],
  [
    'lone surrogates everywhere',
    'accepted',
    '{"event":"\\ud800","userId":"\\udfff","messageId":"\\ud800","properties":{"\\ud800":"\\udc00"}}',
  ],
  ['doubled keys', 'accepted', '{"event":"A","event":"E","userId":1,"userId":"u"}'],
  [
    'numbers beyond 2^53',
    'accepted',
    '{"event":"E","userId":9007199254740993,"properties":{"n":123456789012345678901234567890,"f":1e400}}',
  ],
  ['a float of a thousand digits', 'accepted', `{"event":"E","properties":{"n":0.${'1'.repeat(1_000)}}}`],
  ['minus zero', 'accepted', '{"event":"E","timestamp":-0,"properties":{"total":-0}}'],
  ['times of every kind', 'event_bad_time', '{"event":"E","timestamp":1e308,"sentAt":-5}'],
  ['a time of a million digits', 'event_bad_time', `{"event":"E","timestamp":"${'9'.repeat(30_000)}"}`],
  [
    'all the wrong types',
    'event_bad_field',
    '{"event":[],"userId":{},"anonymousId":true,"traits":1,"properties":"x","context":[],"messageId":{}}',
  ],
  [
    'a context of the wrong types',
    'accepted',
    '{"event":"E","context":{"campaign":[1],"device":"x","externalIds":{"a":1},"consent":{"categoryPreferences":[true]},"sessionId":{}}}',
  ],
  [
    'external ids of the wrong types',
    'accepted',
    '{"event":"E","context":{"externalIds":[[],1,null,{"type":1},{"type":"email"},{"type":"__proto__","id":"x"}]}}',
  ],
  [
    'broken UTF-8',
    'accepted',
    Uint8Array.from([0x7b, 0x22, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x22, 0x3a, 0x22, 0xff, 0xc0, 0x80, 0x22, 0x7d]),
  ],
  ['UTF-16', 'bad_json', Buffer.from('{"event":"E"}', 'utf16le')],
  ['a byte order mark', 'accepted', '\ufeff{"event":"E"}'],
  ['a comment', 'bad_json', '{"event":"E"/* c */}'],
  ['two values', 'bad_json', '{"event":"E"}{"event":"E"}'],
  ['an id of 10,000 letters', 'event_bad_field', `{"event":"E","messageId":"${'x'.repeat(10_000)}"}`],
  ['an event name of 30,000 letters', 'event_bad_field', `{"event":"${'x'.repeat(30_000)}"}`],
  ['bytes that look like gzip', 'bad_encoding', Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3])],
  ['emoji and right-to-left', 'accepted', '{"event":"🏴󠁧󠁢󠁳󠁣󠁴󠁿 \u202e","userId":"ש"}'],
];

interface Count {
  readonly stored: readonly Interaction[];
  readonly failed: readonly FailedEvent[];
  readonly total: number;
}

async function count(): Promise<Count> {
  const [stored, failed] = await Promise.all([collector.interactions(), collector.failed()]);
  return { stored, failed, total: stored.length + failed.length };
}

test.each(CORPUS)(
  'ends accepted or failed, kept and counted, without a crash: %s (%s)',
  async (_name, outcome, body) => {
    const before = await count();
    const { status, json } = await collector.post('/v1/track', body, headers);
    expect([status, json.code ?? 'accepted']).toEqual([outcome === 'accepted' ? 200 : 400, outcome]);
    const after = await count();
    expect(after.total - before.total).toBe(1);
    expect(after.stored.length - before.stored.length).toBe(status === 200 ? 1 : 0);
  },
);

test.each([
  ['no key: 401, and it is not parsed', {}, [401, 'unknown_key']],
  ['a key: 413, and its elements are not all walked', headers, [413, 'body_too_large']],
])('2 million events in 4 KB of gzip cost little CPU, with %s', async (_name, keys, expected) => {
  const body = gzipSync(`[${'0,'.repeat(2_090_000)}0]`);
  const before = process.cpuUsage();
  const response = await fetch(`${collector.url}/v1/batch`, { method: 'POST', body, headers: keys });
  const { code } = (await response.json()) as { code: string };
  const { user, system } = process.cpuUsage(before);
  expect([response.status, code]).toEqual(expected);
  expect((user + system) / 1_000).toBeLessThan(400); // ms; it took 1,000 to walk and to parse them all
});

test('nothing of it reached a prototype', () => {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('any batch of any JSON: accepted + rejected = sent, each is kept once with a receipt of its own', async () => {
  const seed = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        type: fc.constantFrom('track', 'identify', 'page', 'group', 'alias', 'nonsense'),
        messageId: fc.oneof(fc.uuid(), fc.jsonValue()),
        userId: fc.oneof(fc.string(), fc.jsonValue()),
        event: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
        timestamp: fc.oneof(fc.date({ noInvalidDate: true }), fc.jsonValue()),
        sentAt: fc.oneof(fc.date({ noInvalidDate: true }), fc.jsonValue()),
        traits: fc.oneof(fc.object(), fc.jsonValue()),
        properties: fc.oneof(
          fc.record({ total: fc.oneof(fc.double(), fc.string()), currency: fc.string() }),
          fc.jsonValue(),
        ),
        context: fc.oneof(fc.record({ traits: fc.jsonValue(), externalIds: fc.jsonValue() }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  );
  let kept = (await count()).total;
  await fc.assert(
    fc.asyncProperty(fc.array(seed, { maxLength: 20 }), fc.jsonValue(), async (batch, context) => {
      collector.now.micros += 1_000_000; // never a matter of the rate
      const body = JSON.stringify({ batch, context }, (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      const sent = (JSON.parse(body) as { batch: unknown[] }).batch.length;
      const { status, json } = await collector.post('/v1/batch', body, headers);
      if (status === 400) {
        expect(json.code).toBe('bad_body'); // the shared context
        kept += 1;
        return;
      }
      expect(status).toBe(200);
      expect(json.accepted + json.rejected.length).toBe(sent);
      expect(json.rejected.map(({ code }: { code: string }) => code)).not.toContain('internal');
      kept += sent;
    }),
    { numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) },
  );
  const { stored, failed, total } = await count();
  expect(total).toBe(kept);
  const sequences = [...stored, ...failed].map(({ receipt }) => receipt?.sequence ?? 0).sort((a, b) => a - b);
  expect(sequences).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  const metrics = await collector.metrics();
  const counted = [...metrics.matchAll(/kenal_collector_events_total{[^}]*} (\d+)/g)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  expect(counted).toBe(total);
});
