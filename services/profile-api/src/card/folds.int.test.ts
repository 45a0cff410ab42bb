import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decimalText, millionths } from '../orders/decimal.ts';
import { createReadOrders } from '../orders/read-orders.ts';
import { interactionRow, openTestWarehouse, type TestWarehouse } from '../testing/warehouse.ts';
import { CASE_EVENTS } from './fold-case.ts';
import { foldCases } from './read-cases.ts';

let engine: TestWarehouse;
beforeAll(async () => {
  engine = await openTestWarehouse();
  await engine.warehouse.insert('kenal.workspace_rows', [
    { workspace: 'w', timezone: 'UTC', currency: 'EUR', version: 1 },
  ]);
});
afterAll(async () => engine[Symbol.asyncDispose]());

const amount = fc.option(
  fc.integer({ min: -40, max: 400 }).map((n) => decimalText(BigInt(n) * 250_000n)),
  { nil: null },
);
const currency = fc.constantFrom('', 'EUR', 'GBP');
const item = fc.record({
  ...{ line: fc.integer({ min: 1, max: 3 }), item_id: fc.constantFrom('a', 'b', 'c'), name: fc.constant('n') },
  ...{ category: fc.constant(''), quantity: amount, price: amount, amount, currency },
});
const event = fc.record({
  order_kind: fc.constantFrom('snapshot', 'lines', 'refund', 'cancel'),
  ...{ order_total: amount, order_refunded: amount, order_currency: currency },
  order_faults: fc.subarray(['currency is missing', 'total "x" is no number', 'line 1: price is missing']),
  items: fc.uniqueArray(item, { maxLength: 3, selector: ({ line }) => line }),
  profile_id: fc.constantFrom('', 'p1', 'p2'),
  // Few moments, so that some are the same
  at: fc.integer({ min: 0, max: 4 }),
  shift: fc.constantFrom(null, -1, 0, 2),
});

const at = (hour: number): string => `2026-03-01 ${String(hour + 10).padStart(2, '0')}:00:00.000000`;

test('an order that is folded here is the same as in the views, whatever its events say, line by line', async () => {
  const orders = fc.sample(fc.array(event, { minLength: 1, maxLength: 6 }), { numRuns: 300, seed: 7 });
  const rows = orders.flatMap((events, n) =>
    events.map(({ at: hour, shift, profile_id, ...said }, i) => ({
      ...(interactionRow('w', `${n}-${i}`, {
        ...said,
        profile_id,
        order_id: `o${n}`,
        owner: profile_id === '' ? '' : `user_id:${profile_id}`,
      }) as object),
      occurred_at: at(hour),
      client_at: shift === null ? null : at(hour + shift),
    })),
  );
  await engine.warehouse.insert('kenal.interaction_rows', rows);
  const ask = <T>(sql: string) => engine.warehouse.query<T>(sql, { workspace: 'w' });
  const views = await ask<{ order_id: string }>(
    `SELECT order_id, source, profile_id, toUnixTimestamp64Micro(ordered_at) AS ordered, status, toString(total) AS total,
     toString(refunded) AS refunded, toString(net) AS net, currency, faults FROM kenal.orders`,
  );
  const lines = await ask<{ order_id: string }>(
    `SELECT order_id, line, item_id, name, category, toString(quantity) AS quantity, toString(price) AS price,
     toString(amount) AS amount, currency, toUnixTimestamp64Micro(occurred_at) AS occurred FROM kenal.order_items ORDER BY line`,
  );
  const linesBy = Map.groupBy(lines, ({ order_id }) => order_id);
  const folded = await createReadOrders(engine.warehouse, () => 'EUR').fold(
    'w',
    orders.map((_, n) => `o${n}`),
  );
  const mine = new Map(folded.map((order) => [order.id, order]));
  expect([views.length, folded.length]).toEqual([300, 300]);
  for (const view of views) {
    const { id, profile, lines: own, ...rest } = mine.get(view.order_id)!;
    expect({ ...rest, order_id: id, profile_id: profile }).toEqual(view);
    // Equal numbers of lines in one event have no order of their own
    expect(own.map((line) => ({ ...line, order_id: id }))).toEqual(linesBy.get(id) ?? []);
  }
});

const caseEvent = fc.record({
  name: fc.constantFrom(...CASE_EVENTS),
  profile_id: fc.constantFrom('', 'p1', 'p2'),
  channel: fc.constantFrom('phone', 'email'),
  actor_team: fc.constantFrom('', 'billing', 'care'),
  properties: fc.record({ priority: fc.constantFrom('', 'low', 'high'), status: fc.constantFrom('', 'new', 'held') }),
  conversation_id: fc.constantFrom('', 'v1', 'v2'),
  at: fc.integer({ min: 0, max: 3 }),
});

test('a case that is folded here is the same as in the view, whatever its events say', async () => {
  const cases = fc.sample(fc.array(caseEvent, { minLength: 1, maxLength: 6 }), { numRuns: 300, seed: 7 });
  const rows = cases.flatMap((events, n) =>
    events.map(({ at: hour, ...said }, i) => ({
      ...interactionRow('w', `c${n}-${i}`, { ...said, case_id: `c${n}` }),
      ...{ occurred_at: at(hour), owner: said.profile_id === '' ? '' : `user_id:${said.profile_id}` },
    })),
  );
  await engine.warehouse.insert('kenal.interaction_rows', rows);
  const views = await engine.warehouse.query<{ id: string }>(
    `SELECT source, case_id AS id, profile_id AS profile, channel, team, priority, status, conversation_id AS conversation,
     toUnixTimestamp64Micro(opened_at) AS opened, is_open AS isOpen, reopened FROM kenal.cases`,
    { workspace: 'w' },
  );
  const folded = await foldCases(
    engine.warehouse,
    'w',
    cases.map((_, n) => `c${n}`),
  );
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  expect(views).toHaveLength(300);
  const asStored = folded.map(({ isOpen, ...one }) => ({ ...one, isOpen: Number(isOpen) }));
  expect(asStored.toSorted(byId)).toEqual(views.toSorted(byId));
});

test('decimals are read and written exactly', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }), (value) => {
      expect(millionths(decimalText(value))).toBe(value);
    }),
  );
  expect(['-0.5', '12', '0.000001', '-3.25'].map((text) => decimalText(millionths(text)))).toEqual([
    ...['-0.5', '12', '0.000001', '-3.25'],
  ]);
});
