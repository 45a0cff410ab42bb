import type { ReferenceRecord } from '@kenal/contracts';
import { createSettle, createTopicWriter, openEventLog, type Settle, topicSpecs } from '@kenal/event-log';
import { createHealth, createLogger, createMetrics, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWarehouseLoader } from './app.ts';
import { config, NOON, temporaryDirectory, WORKSPACE } from './test-support.ts';

const day = (month: number, date = 1) => Date.UTC(2026, month - 1, date) * 1_000;
const resources = new AsyncDisposableStack();
let warehouse: Warehouse;
let settle: Settle;
let append: (records: readonly ReferenceRecord[]) => Promise<unknown>;
beforeAll(async () => {
  const directory = resources.use(await temporaryDirectory());
  const log = resources.adopt(await openEventLog({ dataDir: directory.path, clientId: 'test' }), (one) => one.close());
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
