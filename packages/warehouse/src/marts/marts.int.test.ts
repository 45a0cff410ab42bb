import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyErased } from '../erased.ts';
import { applyOverrides } from '../overrides.ts';
import { interactionRow, NOON, type TestWarehouse, temporaryWarehouse, WORKSPACE } from '../test-support.ts';
import {
  type CostAt,
  cohortRows,
  customerDays,
  dayRows,
  digits,
  growthRows,
  historicRows,
  type ProfileOf,
  type Row,
  rfmRows,
  rhythmRows,
  sorted,
  statsRows,
} from './testing/oracle.ts';
import { near, plainRows } from './testing/oracle-plain.ts';
import { createShop } from './testing/shop.ts';

const SHOP = createShop(20_241);
/** The end of July: a month that is whole, some weeks before the last orders. */
const AS_OF = '2024-07-31';
/** When some have been there for a year, others not yet. */
const YEAR_ON = '2025-03-31';

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await warehouse.insert('kenal.workspace_rows', [
    { workspace: WORKSPACE, timezone: 'UTC', currency: 'USD', version: 1 },
    { workspace: WORKSPACE, timezone: 'Europe/Berlin', currency: 'EUR', version: 2 },
  ]);
  await warehouse.insert('kenal.interaction_rows', SHOP.rows);
  await warehouse.insert('kenal.interaction_rows', SHOP.rows.toReversed());
  await warehouse.insert('kenal.record_words', [cost(0, '1.25', null), cost(APRIL, '2.07', JUNE)]);
});

const [APRIL, JUNE] = [Date.parse('2024-04-01'), Date.parse('2024-06-01')];
function cost(from: number, amount: string, to: number | null): object {
  const values = JSON.stringify({ item_id: 'sku', amount, currency: 'EUR' });
  const word = {
    workspace: WORKSPACE,
    kind: 'cost',
    id: 'c',
    source: 'erp',
    values,
    ver: 1,
    received_at: 0,
    recorded_at: 0,
  };
  return { ...word, valid_from: from * 1_000, valid_to: to === null ? null : to * 1_000 };
}
/** Nobody says what it costs from June on, nor in dollars. */
const costAt: CostAt = (item, currency, ms) =>
  item !== 'sku' || currency !== 'EUR' || ms >= JUNE ? null : ms >= APRIL ? 207 : 125;

afterAll(() => warehouse[Symbol.asyncDispose]());

const cents = (column: string): string => `toInt64(${column} * 100) AS ${column}`;
const ask = async (sql: string): Promise<Row[]> => sorted(await warehouse.query<Row>(sql, { workspace: WORKSPACE }));
const rounded = (rows: readonly Row[], ...columns: readonly string[]): Row[] =>
  rows.map((row) => ({
    ...row,
    ...Object.fromEntries(columns.map((name) => [name, digits(row[name] === null ? null : Number(row[name]))])),
  }));

/** Every mart, beside what the truth of the orders says under today's owners. */
async function expectMarts(profileOf: ProfileOf): Promise<void> {
  const days = customerDays(SHOP.orders, profileOf);
  const at = (mart: string): string => `kenal.${mart}_as_of(as_of = '${AS_OF}')`;
  const day = await ask(
    `SELECT profile_id AS profile, toString(day) AS day, currency, ${cents('gross')}, ${cents('returns')}, ${cents('net')}, orders, toInt64(units) AS units FROM kenal.customer_day`,
  );
  expect(day).toEqual(dayRows(days));
  const net = (view: string): string =>
    `SELECT profile_id AS profile, currency, toInt64(sum(net) * 100) AS cents FROM kenal.${view} WHERE profile_id != '' GROUP BY 1, 2 HAVING count(net) > 0`;
  expect(await ask(net('orders'))).toEqual(await ask(net('customer_day')));
  const stats = await ask(
    `SELECT profile_id AS profile, currency, toString(first_day) AS first_day, toString(last_day) AS last_day, orders, x, t_x, t, ${cents('gross')}, ${cents('returns')}, ${cents('net')}, toFloat64(repeat_mean) * 100 AS repeat_mean, refund_rate FROM ${at('customer_stats')}`,
  );
  expect(rounded(stats, 't_x', 't', 'refund_rate', 'repeat_mean')).toEqual(
    rounded(statsRows(days, AS_OF), 'repeat_mean'),
  );
  const rfm = await ask(
    `SELECT profile_id AS profile, currency, recency, frequency, ${cents('monetary')}, r, f, m, segment FROM ${at('rfm')}`,
  );
  expect(rfm).toEqual(rfmRows(days, AS_OF));
  const rhythm = await ask(
    `SELECT profile_id AS profile, toString(last_day) AS last_day, gap_count, median_gap, mean_gap, variation, p90_gap, expected_gap, overdue, toString(next_due) AS next_due FROM ${at('rhythm')}`,
  );
  expect(rounded(rhythm, 'mean_gap', 'variation', 'p90_gap', 'expected_gap', 'overdue')).toEqual(
    rhythmRows(days, AS_OF),
  );
  const cohort = await ask(
    `SELECT toString(cohort) AS cohort, toString(month) AS month, months, began, customers, orders, toJSONString(mapSort(mapApply((code, sum) -> (code, toInt64(sum * 100)), net))) AS net, retention FROM ${at('cohorts')}`,
  );
  expect(rounded(cohort, 'retention')).toEqual(cohortRows(days, AS_OF));
  const plain = await ask(
    `SELECT profile_id AS profile, currency, ${cents('value')}, per_year, toFloat64(lifetime_value) * 100 AS lifetime FROM kenal.clv_plain_as_of(as_of = '${YEAR_ON}', years = 3)`,
  );
  expect(rounded(plain, 'per_year').map((row) => ({ ...row, lifetime: near(row.lifetime) }))).toEqual(
    plainRows(days, YEAR_ON, 3),
  );
  const growth = await ask(
    `SELECT toString(month) AS month, new, retained, reactivated, churned, active FROM ${at('growth_accounting')}`,
  );
  expect(growth).toEqual(growthRows(days, AS_OF));
  const historic = await ask(
    `SELECT profile_id AS profile, currency, toString(first_day) AS first_day, toString(last_day) AS last_day, ${cents('net')}, discounted_net, ${cents('margin')}, cost_known
     FROM kenal.clv_historic_as_of(as_of = '${AS_OF}', discount = 0.1)`,
  );
  const told = rounded(historicRows(SHOP.orders, profileOf, AS_OF, costAt), 'discounted_net');
  expect(rounded(historic, 'discounted_net', 'cost_known')).toEqual(told);
  const lost = `SELECT DISTINCT discounted_net FROM kenal.clv_historic_as_of(as_of = '${AS_OF}', discount = -1)`;
  expect(await ask(lost)).toEqual([{ discounted_net: null }]);
}

const own = (owner: string): string => `p-${owner}`;

const [LEFT, RIGHT, GONE] = SHOP.owners as [string, string, string];
const move = (ver: number, profileId: string): Promise<void> =>
  applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: RIGHT, profileId, ver }]);

it('say what the truth says, where everything came twice and two people are one: orders in pieces, changed, given back in part or whole, cancelled, taken up again', async () => {
  await move(10, own(LEFT));
  await expectMarts((owner) => own(owner === RIGHT ? LEFT : owner));
});

it('follow the split after it, and forget who is erased', async () => {
  await move(20, own(RIGHT));
  await applyErased(warehouse, [{ workspace: WORKSPACE, key: GONE, ver: Date.now() * 1_000 }]);
  await expectMarts((owner) => (owner === GONE ? null : own(owner)));
});

it('of today are those as of today, and show nothing without a workspace', async () => {
  const wired = await warehouse.query(
    `SELECT name FROM system.tables WHERE database = 'kenal' AND name IN ('customer_stats', 'rfm', 'rhythm', 'cohorts', 'growth_accounting')
       AND NOT endsWith(replaceAll(as_select, char(96), ''), concat('kenal.', name, '_as_of(as_of = (SELECT today FROM kenal.workspace_settings))'))`,
    { role: 'writer' },
  );
  expect(wired).toEqual([]);
  expect(await warehouse.query('SELECT 1 FROM kenal.rfm UNION ALL SELECT 1 FROM kenal.clv_historic')).toEqual([]);
  const formula =
    'SELECT toString(lifetime_value) AS value FROM kenal.lifetime_value(value = 50, per_year = 52, years = 40)';
  expect(await ask(formula)).toEqual([{ value: '104000' }]);
  // Nobody has bought since August 2024: each month to this one has its row
  const [months] = await ask(
    `SELECT count() AS rows, toInt64(dateDiff('month', min(month), (SELECT today FROM kenal.workspace_settings))) + 1 AS passed,
       countIf(active = 0 AND new + retained + reactivated = 0) AS quiet FROM kenal.growth_accounting`,
  );
  expect(months!.rows).toBe(months!.passed);
  expect(Number(months!.quiet)).toBeGreaterThan(20);
});

it('know no margin of a line whose cost is more than money can be, and tell those of the others', async () => {
  const workspace = 'absurd';
  const costs = [0, 1].map((i) => {
    const values = JSON.stringify({
      item_id: `i${i}`,
      amount: i === 0 ? '99999999999999999999' : '2',
      currency: 'EUR',
    });
    return { ...cost(0, '0', null), workspace, id: `c${i}`, values };
  });
  await warehouse.insert('kenal.record_words', costs);
  const line = (item_id: string, quantity: number | string, amount: string): object => {
    return { line: 1, item_id, name: '', category: '', quantity, price: null, amount, currency: 'EUR' };
  };
  const items = [line('i0', '99999999999999999999', '50'), line('i1', 3, '10')];
  const order = {
    order_id: 'o',
    order_kind: 'snapshot',
    order_currency: 'EUR',
    order_total: '60',
    order_refunded: '0',
  };
  const back = { ...order, order_kind: 'refund', order_total: null, order_refunded: '6', items: [] };
  const who = { owner: 'user_id:a', profile_id: 'a', ver: 1 };
  const rows = [
    interactionRow('a', { ...order, ...who, items }),
    interactionRow('b', { ...back, occurred_at: NOON + 1e6, client_at: NOON + 1e6 }),
  ];
  await warehouse.insert(
    'kenal.interaction_rows',
    rows.map((row) => ({ ...row, workspace })),
  );
  const sql =
    'SELECT toString(margin) AS margin, round(cost_known, 4) AS known, toString(net) AS net FROM kenal.clv_historic';
  // 10 − 3 × 2, less that sixth of the 6 that came back which is of lines whose cost is known
  expect(await warehouse.query(sql, { workspace })).toEqual([{ margin: '3', known: 0.1667, net: '54' }]);
});

it('move an order that is stated again in another currency into it, whole', async () => {
  const workspace = 'moved';
  const said = (day: number, order_kind: string, order_currency: string, fields: object): object => {
    const at = NOON + day * 86_400_000_000;
    const row = { order_id: 'o', order_kind, order_currency, owner: 'user_id:a', profile_id: 'a', ver: 1, ...fields };
    return { ...interactionRow(`o${day}`, { ...row, occurred_at: at, client_at: at }), workspace };
  };
  await warehouse.insert('kenal.interaction_rows', [
    said(0, 'snapshot', 'GBP', { order_total: '100', order_refunded: '0' }),
    said(1, 'refund', 'GBP', { order_refunded: '5' }),
    said(2, 'snapshot', 'JPY', { order_total: '20000', order_refunded: '0' }),
  ]);
  const sql =
    'SELECT currency, toString(gross) AS gross, toString(returns) AS returns, orders FROM kenal.customer_day ORDER BY day, currency';
  expect(await warehouse.query(sql, { workspace })).toEqual([
    { currency: 'GBP', gross: '100', returns: '0', orders: 1 },
    { currency: 'GBP', gross: '0', returns: '5', orders: 0 },
    { currency: 'GBP', gross: '-100', returns: '-5', orders: -1 },
    { currency: 'JPY', gross: '20000', returns: '0', orders: 1 },
  ]);
});

it('know the months of before 1970', async () => {
  const workspace = 'old';
  const order = { order_kind: 'snapshot', order_currency: 'EUR', order_total: '60', order_refunded: '0' };
  const bought = (order_id: string, day: string): object => {
    const at = Date.parse(day) * 1_000;
    const row = { ...order, order_id, owner: 'user_id:a', profile_id: 'a', ver: 1, occurred_at: at, client_at: at };
    return { ...interactionRow(order_id, row), workspace };
  };
  await warehouse.insert('kenal.interaction_rows', [bought('a', '1959-03-17'), bought('b', '1959-05-02')]);
  const months = "FROM kenal.cohorts_as_of(as_of = '1959-06-30') WHERE customers > 0 ORDER BY month";
  const cohort = `SELECT toString(cohort) AS cohort, toString(month) AS month, months ${months}`;
  expect(await warehouse.query(cohort, { workspace })).toEqual([
    { cohort: '1959-03-01', month: '1959-03-01', months: 0 },
    { cohort: '1959-03-01', month: '1959-05-01', months: 2 },
  ]);
  const growth = "SELECT toString(month) AS month, active FROM kenal.growth_accounting_as_of(as_of = '1959-06-30')";
  expect(await warehouse.query(`${growth} ORDER BY month`, { workspace })).toEqual(
    [1, 0, 1, 0].map((active, i) => ({ month: `1959-0${i + 3}-01`, active })),
  );
});

it('have a comment on every column', async () => {
  const bare = await warehouse.query(
    `SELECT table, name FROM system.columns WHERE database = 'kenal' AND comment = ''
       AND table IN ('workspace_settings', 'order_moves', 'customer_day', 'customer_day_state', 'customer_history', 'customer_stats', 'rfm', 'rhythm', 'cohorts', 'growth_accounting', 'line_moves', 'margin_moves', 'clv_historic', 'clv_plain')`,
    { role: 'writer' },
  );
  expect(bare).toEqual([]);
});
