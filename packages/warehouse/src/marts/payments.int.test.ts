import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyErased } from '../erased.ts';
import { applyOverrides } from '../overrides.ts';
import { type TestWarehouse, temporaryWarehouse, WORKSPACE } from '../test-support.ts';
import { createBills } from './testing/bills.ts';
import { behaviourRows, invoiceRows } from './testing/bills-oracle.ts';
import { byKey } from './testing/desk-oracle.ts';
import { digits, type ProfileOf, type Row } from './testing/oracle.ts';
import { createParcels } from './testing/parcels.ts';
import { statusRows, timelineRows } from './testing/parcels-oracle.ts';

const OWNERS = Array.from({ length: 30 }, (_, i) => `user_id:u${i}`);
const BILLS = createBills(79, OWNERS);
const PARCELS = createParcels(80, OWNERS);
/** In the middle of things: many are paid, sent and delivered after it. */
const AS_OF = '2024-02-29';
const rows = [...BILLS.rows, ...PARCELS.rows];

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await warehouse.insert('kenal.workspace_rows', [
    { workspace: WORKSPACE, timezone: 'Europe/Berlin', currency: 'EUR', version: 1 },
  ]);
  await warehouse.insert('kenal.interaction_rows', rows);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const ask = async (sql: string): Promise<Row[]> => byKey(await warehouse.query<Row>(sql, { workspace: WORKSPACE }));
const at = (mart: string): string => `kenal.${mart}_as_of(as_of = '${AS_OF}')`;
const ms = (column: string, name: string): string => `toUnixTimestamp64Milli(${column}) AS ${name}`;
const cents = (column: string, name = column): string => `toInt64(${column} * 100) AS ${name}`;
const rounded = (found: readonly Row[], ...names: readonly string[]): Row[] =>
  found.map((row) => ({
    ...row,
    ...Object.fromEntries(names.map((name) => [name, row[name] === null ? null : digits(Number(row[name]))])),
  }));

async function expectMarts(profileOf: ProfileOf): Promise<void> {
  const invoices = await ask(
    `SELECT source, invoice_id AS id, profile_id AS profile, currency, ${cents('amount')}, ${ms('issued_at', 'issued')}, toString(due_day) AS due_day, ${ms('paid_at', 'paid')},
       ${cents('open_amount', 'open')}, days_late AS late, status, toInt64(arraySum(mapValues(left_out)) * 100) AS left_out FROM ${at('invoices')}`,
  );
  expect(invoices).toEqual(invoiceRows(BILLS, profileOf, AS_OF));
  const behaviour = await ask(
    `SELECT concat(profile_id, ' ', currency) AS key, due, paid, open, overdue, ${cents('open_amount')}, ${cents('overdue_amount')}, overdue_days, days_late_mean, days_late_median,
       days_late_worst, late_share, failed_payments, ${ms('last_failed_at', 'last_failed')} FROM ${at('payment_behaviour')}`,
  );
  expect(rounded(behaviour, 'days_late_mean', 'late_share')).toEqual(behaviourRows(BILLS, profileOf, AS_OF));
  const timeline = await ask(
    `SELECT order_id AS id, source, ${ms('occurred_at', 'at')}, name, event_source, stage, parcel, profile_id AS profile FROM kenal.order_timeline`,
  );
  expect(timeline).toEqual(timelineRows(PARCELS.orders, profileOf));
  const status = await ask(
    `SELECT source, order_id AS id, profile_id AS profile, status, ${cents('net')}, ${ms('paid_at', 'paid')}, ${ms('packed_at', 'packed')}, ${ms('shipped_at', 'shipped')},
       ${ms('delivered_at', 'delivered')}, ${ms('returned_at', 'returned')}, ${ms('refunded_at', 'refunded')}, parcels, parcels_delivered, days_to_ship, days_to_deliver,
       toString(promised_day) AS promised, is_overdue = 1 AS is_overdue, days_overdue, carrier FROM ${at('order_status')}`,
  );
  const shown = rounded(status, 'days_to_ship', 'days_to_deliver').map((row) => ({
    ...row,
    is_overdue: Boolean(row.is_overdue),
  }));
  expect(shown).toEqual(statusRows(PARCELS.orders, profileOf, AS_OF));
}

const own = (owner: string): string => `p-${owner}`;
const [LEFT, RIGHT, GONE] = OWNERS as [string, string, string];

it('say what the truth of bills and parcels says, as the end of a past day knew it', async () => {
  await expectMarts(own);
});

it('do not change when everything comes again, in another order, and follow a merge', async () => {
  await warehouse.insert('kenal.interaction_rows', rows.toReversed());
  await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: RIGHT, profileId: own(LEFT), ver: 10 }]);
  await expectMarts((owner) => (owner === RIGHT ? own(LEFT) : own(owner)));
});

it('follow the split after it, and forget who is erased', async () => {
  await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: RIGHT, profileId: own(RIGHT), ver: 20 }]);
  await applyErased(warehouse, [{ workspace: WORKSPACE, key: GONE, ver: Date.now() * 1_000 }]);
  await expectMarts((owner) => (owner === GONE ? null : own(owner)));
});

it('tell of today, and show nothing without a workspace or to another', async () => {
  const marts = ['invoices', 'payment_behaviour', 'order_status'];
  for (const mart of marts) {
    const [today] = await ask(
      `SELECT count() AS rows, toString(max(as_of) = (SELECT today FROM kenal.workspace_settings)) AS is_today FROM kenal.${mart}`,
    );
    expect([mart, Number(today!.rows) > 10, today!.is_today]).toEqual([mart, true, '1']);
    for (const whose of [{}, { workspace: 'other' }])
      expect(await warehouse.query(`SELECT * FROM kenal.${mart}`, whose)).toEqual([]);
  }
  const named = [...marts, 'order_timeline'].map((mart) => `'${mart}'`).join();
  const bare = `SELECT table, name FROM system.columns WHERE database = 'kenal' AND comment = '' AND table IN (${named})`;
  expect(await warehouse.query(bare, { role: 'writer' })).toEqual([]);
});
