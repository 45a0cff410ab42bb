import { FAILED_BODY, type FailedEvent, formatTime, type ReferenceRecord } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTopic } from '../../../../test/support/read-topic.ts';
import { SECRET_KEY, STEWARD_KEY, startCollector, type TestCollector } from '../test-support.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector[Symbol.asyncDispose]());

const post = (body: unknown, key = SECRET_KEY) => collector.post('/v1/records', body, { 'x-write-key': key });
const key = { 'x-write-key': SECRET_KEY };
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const receipt = (sequence: number) => ({ collector: expect.any(String), sequence });
const stored = () => readTopic<ReferenceRecord>(collector.log, 'records');

test('good records are durable when they are accepted, and bad ones are named by index and path', async () => {
  const records = [
    { kind: 'item', id: 'A', name: 'Mug' },
    { kind: 'price', item_id: 'A', amount: 'cheap' },
    'no record',
    { kind: 'price', item_id: 'A', amount: '2.55', from: '2026-01-01' },
    { kind: 'item', id: 'B', text: 'x'.repeat(33_000) },
    { kind: 'account', id: 'ACME', email: 'ann@example.com' },
  ];
  const { status, json } = await post({ records });
  expect([status, json.accepted]).toEqual([200, 2]);
  expect(json.rejected.map((one: Record<string, unknown>) => [one.index, one.messageId, one.code, one.path])).toEqual([
    [1, null, 'record_bad_field', '$.records[1].amount'],
    [2, null, 'event_not_object', '$.records[2]'],
    [4, 'B', 'event_too_large', '$.records[4]'],
    [5, 'ACME', 'record_personal', '$.records[5].email'],
  ]);
  const { micros } = collector.now;
  expect((await stored()).sort((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
    {
      ...{ workspace: 'shop', source: 'server', kind: 'item', id: 'A', validFrom: null, validTo: null },
      ...{ values: '{"name":"Mug"}', receivedAt: micros, recordedAt: micros, receipt: receipt(1) },
    },
    {
      ...{ workspace: 'shop', source: 'server', kind: 'price', id: 'A/GBP', validTo: null },
      ...{ validFrom: Date.UTC(2026, 0, 1) * 1_000, values: '{"amount":"2.55","currency":"GBP","item_id":"A"}' },
      ...{ receivedAt: micros, recordedAt: micros, receipt: receipt(4) },
    },
  ]);
  // The bad ones are kept whole, and a second call of the same is the same failure
  const failures = async () => (await collector.failed()).map(({ failureId }) => failureId);
  const failed = await collector.failed();
  expect(failed.map(({ messageId, code, contentType, body }) => [messageId, code, contentType, text(body)])).toEqual([
    ['', 'record_bad_field', FAILED_BODY.record, JSON.stringify(records[1])],
    ['', 'event_not_object', FAILED_BODY.record, '"no record"'],
    ['B', 'event_too_large', FAILED_BODY.record, JSON.stringify(records[4])],
    ['ACME', 'record_personal', FAILED_BODY.record, JSON.stringify(records[5])],
  ]);
  const first = await failures();
  await post({ records });
  expect(new Set([...(await failures()), ...first]).size).toBe(4);
});

test('a refused record is repaired and sent again with the time of its first receipt, and every copy has a receipt', async () => {
  await using other = await startCollector();
  const headers = { authorization: `Bearer ${STEWARD_KEY}` };
  await other.post('/v1/records', { records: [{ kind: 'price', item_id: 'A', amount: '1,5' }] }, key);
  await other.post('/v1/records', '{"records":7}', key);
  const [bad, whole] = await other.failed();
  const again = (verb: string, event: FailedEvent | undefined, body: string, frame = '') =>
    other.post(
      `/v1/hooks/web/shop/server/failed/${verb}`,
      {
        ...{
          failureId: event?.failureId,
          receivedAt: formatTime(event?.receivedAt ?? 0),
          contentType: FAILED_BODY.record,
        },
        ...{ body: Buffer.from(body).toString('base64'), frame, original: '0'.repeat(64) },
      },
      headers,
    );
  const good = '{"kind":"price","item_id":"A","amount":"1.5"}';
  expect((await again('check', bad, text(bad!.body))).json.rejected).toMatchObject([{ code: 'record_bad_field' }]);
  other.now.micros += 60_000_000;
  for (let times = 0; times < 2; times++)
    expect((await again('replay', bad, good)).json).toMatchObject({ state: 'replayed', accepted: 1 });
  expect((await again('replay', whole, `{"records":[${good}]}`)).json).toMatchObject({ state: 'replayed' });
  // What a page sent is no record, whatever content type it named
  expect((await again('replay', bad, good, '{"isPublic":true}')).json).toMatchObject({ state: null });
  const records = await readTopic<ReferenceRecord>(other.log, 'records');
  const receivedAt = bad?.receivedAt;
  const values = '{"amount":"1.5","currency":"GBP","item_id":"A"}';
  expect(records).toMatchObject(Array(3).fill({ id: 'A/GBP', values, receivedAt, recordedAt: receivedAt }));
  const receipts = [...records, bad, whole].map((one) => one?.receipt?.sequence);
  expect(receipts).toEqual([3, 4, 5, 1, 2]);
});

test('a large body is judged record by record too', async () => {
  const before = (await stored()).length;
  const records = Array.from({ length: 2_500 }, (_, n) => ({ kind: 'item', id: `n${n}`, text: 'x'.repeat(120) }));
  records[7] = { kind: 'thing', id: '', text: '' };
  collector.now.micros += 60_000_000; // for the rate limit
  const { json } = await post({ records });
  expect([json.accepted, json.rejected.length, json.rejected[0]?.path]).toEqual([2_499, 1, '$.records[7].kind']);
  expect((await stored()).length - before).toBe(2_499);
});

test('what holds no list, more than a batch may, or comes with a key that pages show is refused whole', async () => {
  collector.now.micros += 60_000_000;
  const before = (await stored()).length;
  const one = { kind: 'item', id: 'C' };
  expect(await post({ batch: [one] })).toMatchObject({ status: 400, json: { code: 'bad_body', path: '$.records' } });
  expect(await post('{"records":[')).toMatchObject({ status: 400, json: { code: 'bad_json' } });
  expect((await post({ records: Array(2_501).fill(one) })).json.code).toBe('body_too_large');
  const open = await collector.post('/v1/records', { records: [one] });
  expect([open.status, open.json.code]).toEqual([403, 'forbidden']);
  expect((await post({ records: [one] }, 'nobody')).status).toBe(401);
  expect((await stored()).length).toBe(before);
});

test('where the log takes nothing the answer is 503, and the same call again brings all', async () => {
  let away = true;
  await using shaky = await startCollector({
    wrapLog: (log) => ({
      ...log,
      append: (topic, records) =>
        away ? Promise.reject(new KenalError('log_unavailable')) : log.append(topic, records),
    }),
  });
  const send = () => shaky.post('/v1/records', { records: [{ kind: 'item', id: 'A' }] }, key);
  expect((await send()).status).toBe(503);
  away = false;
  expect((await send()).status).toBe(200);
  // Neither receipt is lost: what was answered by 503 is appended in the background
  await shaky.stop();
  const copies = await readTopic<ReferenceRecord>(shaky.log, 'records');
  expect(copies.map(({ id, receipt: one }) => [id, one?.sequence]).sort()).toEqual([
    ['A', 1],
    ['A', 2],
  ]);
});
