import {
  type Directive,
  type EventLog,
  FAILED_BODY,
  type ReceiptCount,
  type ReferenceRecord,
  TOPICS,
} from '@kenal/contracts';
import { createCodec, createSettle, createTopicWriter, openEventLog, type Settle, topicSpecs } from '@kenal/event-log';
import { createHealth, createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWarehouseLoader } from './app.ts';
import { createReportRefusalsStep } from './steps/report-refusals.ts';
import { config, NOON, temporaryDirectory, WORKSPACE } from './test-support.ts';

const day = (month: number, date = 1) => Date.UTC(2026, month - 1, date) * 1_000;
const resources = new AsyncDisposableStack();
let warehouse: Warehouse;
let settle: Settle;
let log: EventLog;
let append: (records: readonly ReferenceRecord[]) => Promise<unknown>;
beforeAll(async () => {
  const directory = resources.use(await temporaryDirectory());
  log = resources.adopt(await openEventLog({ dataDir: directory.path, clientId: 'test' }), (one) => one.close());
  await log.ensureTopics(topicSpecs(30));
  warehouse = resources.adopt(await openWarehouse({ dataDir: directory.path }), (one) => one.close());
  await warehouse.migrate();
  settle = createSettle(log);
  const logger = createLogger({ name: 'loader', level: 'silent' });
  const parts = { log, warehouse, config, clock: systemClock, logger };
  const loader = createWarehouseLoader({ ...parts, metrics: createMetrics(), health: createHealth() });
  await loader.start();
  resources.defer(() => loader.stop());
  const writer = createTopicWriter<ReferenceRecord>(log, 'records');
  append = (records) => writer.append(records.map((value) => ({ key: `${value.kind}/${value.id}`, value })));
});
afterAll(() => resources.disposeAsync());

const ask = (sql: string, workspace = WORKSPACE) => warehouse.query(sql, { workspace });
const price = (workspace: string, amount: string, fields: Partial<ReferenceRecord> = {}): ReferenceRecord => ({
  ...{ workspace, source: 'erp', kind: 'price', id: 'A/EUR', validFrom: null, validTo: null },
  ...{ values: JSON.stringify({ item_id: 'A', amount, currency: 'EUR' }), receivedAt: NOON, recordedAt: NOON },
  receipt: null,
  ...fields,
});
/** Words on one price; the one of March was mended, the one of June has two words of one moment. */
const words = (workspace: string): ReferenceRecord[] => [
  price(workspace, '1'),
  price(workspace, '2', { validFrom: day(3), recordedAt: NOON + 1 }),
  price(workspace, '2.50', { validFrom: day(3), recordedAt: NOON + 2, source: 'hand' }),
  price(workspace, '3', { validFrom: day(5), validTo: day(6) }),
  price(workspace, '4', { validFrom: day(6, 15) }),
  price(workspace, '5', { validFrom: day(6, 15) }),
  price(workspace, '6', { validFrom: day(6, 15), receivedAt: NOON - 1, source: 'other' }),
];
test('at any time the price is the one row whose validity holds it', async () => {
  await append(words(WORKSPACE));
  expect(await settle(10_000)).toBe(true);
  expect(
    (await ask('SELECT valid_from, valid_to, amount, source FROM prices ORDER BY valid_from')).slice(0, 3),
  ).toEqual([
    { valid_from: '1900-01-01 00:00:00.000000', valid_to: '2026-03-01 00:00:00.000000', amount: '1', source: 'erp' },
    { valid_from: '2026-03-01 00:00:00.000000', valid_to: '2026-05-01 00:00:00.000000', amount: '2.5', source: 'hand' },
    { valid_from: '2026-05-01 00:00:00.000000', valid_to: '2026-06-01 00:00:00.000000', amount: '3', source: 'erp' },
  ]);
  const at = async (time: string) =>
    (
      await ask(
        `SELECT amount FROM prices WHERE item_id = 'A' AND valid_from <= '${time}' AND (valid_to IS NULL OR valid_to > '${time}')`,
      )
    ).map((row) => (row as { amount: string }).amount);
  expect(await at('1999-01-01')).toEqual(['1']);
  expect(await at('2026-03-01')).toEqual(['2.5']);
  expect(await at('2026-05-31')).toEqual(['3']);
  expect(await at('2026-06-02')).toEqual([]); // it ended, and the next has not begun
  expect(await at('2030-01-01')).toHaveLength(1);
  // The join that a margin needs: each sale with the price of its time
  expect(
    await ask(`SELECT amount FROM (SELECT 'A' AS item_id, toDateTime64('2026-04-01', 6, 'UTC') AS occurred_at) AS sold
      ASOF LEFT JOIN prices ON sold.item_id = prices.item_id AND sold.occurred_at >= prices.valid_from`),
  ).toEqual([{ amount: '2.5' }]);
});

test('late and double records give the same rows in any order', async () => {
  const shown = 'SELECT * FROM records ORDER BY id, valid_from';
  const orders = [words('w1'), words('w2').reverse(), [...words('w3').slice(3), ...words('w3'), ...words('w3')]];
  const seen: unknown[] = [];
  for (const [n, order] of orders.entries()) {
    for (const word of order) await append([word]); // each alone: their order in the topic is this one
    expect(await settle(10_000)).toBe(true);
    seen.push(await ask(shown, `w${n + 1}`));
  }
  expect(seen[0]).toHaveLength(4);
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
});

test('a revoked source’s records are hidden as if it had never said them, and a clear brings them back', async () => {
  const shown = () => ask('SELECT amount, source FROM prices ORDER BY valid_from', 'w1');
  const before = await shown();
  expect(before).toContainEqual({ amount: '2.5', source: 'hand' });
  let decisions = 0;
  const decide = async (kind: 'revoke' | 'clear'): Promise<void> => {
    const value: Directive = {
      ...{
        id: `d${++decisions}`,
        workspace: 'w1',
        kind,
        actor: 'ann',
        reason: 'a bad import',
        issuedAt: NOON + decisions,
      },
      ...{ pairs: [], source: 'hand', profileId: null, groups: [], erased: [], consent: null },
      ...{ document: null, base: null, model: null },
    } as Directive;
    await createTopicWriter<Directive>(log, 'directives').append([{ key: 'w1', value }]);
    expect(await settle(10_000)).toBe(true);
  };
  await decide('revoke');
  // What it had mended is as it was before
  expect(await shown()).toEqual(
    before.map((row) => ((row as { source: string }).source === 'hand' ? { amount: '2', source: 'erp' } : row)),
  );
  expect(await ask('SELECT source, actor, reason FROM revoked_sources', 'w1')).toEqual([
    { source: 'hand', actor: 'ann', reason: 'a bad import' },
  ]);
  expect(await ask("SELECT count() AS n FROM prices WHERE source = 'hand'", 'w2')).toEqual([{ n: 1 }]);
  await decide('clear');
  expect(await shown()).toEqual(before);
});

test('every copy of a record is in the balance: stored, said again, refused, lost', async () => {
  const copy = (sequence: number, amount: string, fields: Partial<ReferenceRecord> = {}) =>
    price('w4', amount, {
      receivedAt: NOON + sequence,
      recordedAt: NOON + sequence,
      receipt: { collector: 'c', sequence },
      ...fields,
    });
  const counted: ReceiptCount = {
    ...{ collector: 'c', workspace: 'w4', source: 'erp', minute: NOON },
    ...{ received: 4, acknowledged: 4, countedAt: NOON },
  };
  await createTopicWriter<ReceiptCount>(log, 'receipts').append([{ key: 'c', value: counted }]);
  await append([copy(1, '1'), copy(2, '2'), copy(3, '3', { validFrom: day(3) }), price('w4', '9', { id: 'old' })]);
  expect(await settle(10_000)).toBe(true);
  const balance = () => ask('SELECT received, stored, duplicate, failed, pending, difference FROM balance', 'w4');
  const books = { received: 4, stored: 2, duplicate: 1, failed: 0, pending: 0 };
  expect(await balance()).toEqual([{ ...books, difference: 1 }]);
  // The lost one turns up, and the warehouse does not take it
  const value = createCodec<ReferenceRecord>('record').encode(copy(4, '4', { validTo: day(4) }));
  const origin = { topic: TOPICS.records.name, partition: 0, offset: 0, value };
  const report = createReportRefusalsStep({ log, clock: systemClock });
  await report([{ origin, code: 'event_unstorable', reason: 'too odd' }]);
  expect(await settle(10_000)).toBe(true);
  expect(await balance()).toEqual([{ ...books, failed: 1, difference: 0 }]);
  const columns =
    "source, message_id, stage, code, content_type, JSONExtractString(body, 'amount') AS amount, JSONExtractString(body, 'to') AS till";
  expect(await ask(`SELECT ${columns} FROM failed_events`, 'w4')).toEqual([
    {
      ...{
        source: 'erp',
        message_id: 'A/EUR',
        stage: 'loader',
        code: 'event_unstorable',
        content_type: FAILED_BODY.record,
      },
      ...{ amount: '4', till: '2026-04-01T00:00:00.000Z' },
    },
  ]);
  expect(await ask('SELECT * FROM conflicting_ids', 'w4')).toEqual([]);
});
