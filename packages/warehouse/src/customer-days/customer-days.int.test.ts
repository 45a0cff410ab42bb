import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyErased } from '../erased.ts';
import { createShop } from '../marts/testing/shop.ts';
import { applyOverrides, applyReturned } from '../overrides.ts';
import { interactionRow, type TestWarehouse, temporaryWarehouse, WORKSPACE } from '../test-support.ts';
import { refreshCustomerDays } from './refresh.ts';

const SHOP = createShop(7);
const ORDERS = 260;
const STEPS = ['looking', 'folding', 'adding', 'marking'] as const;

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await zone('Europe/Berlin');
  await warehouse.insert('kenal.interaction_rows', SHOP.rows);
  await warehouse.insert('kenal.interaction_rows', [order('theirs', { workspace: 'other' })]);
});

afterAll(() => warehouse[Symbol.asyncDispose]());

let version = 100;
const zone = (timezone: string): Promise<void> =>
  warehouse.insert('kenal.workspace_rows', [{ workspace: WORKSPACE, timezone, currency: 'EUR', version: ++version }]);
/** Later copies replace earlier ones; the assignment of all is 1, so that every override is newer. */
const newest = (): string => String((BigInt(++version) << 64n) | 1n);
const order = (id: string, fields: object): object =>
  interactionRow(id, {
    ...{ order_id: id, order_kind: 'snapshot', order_currency: 'EUR', order_total: '12.5', order_refunded: '0' },
    ...{ owner: 'user_id:u1', profile_id: 'p-user_id:u1', ver: newest() },
    ...fields,
  });
const store = (row: object): Promise<void> => warehouse.insert('kenal.interaction_rows', [row]);
const move = (owner: string, profileId: string): Promise<void> =>
  applyOverrides(warehouse, [{ workspace: WORKSPACE, owner, profileId, ver: ++version }]);
const decide = (kind: string, source: string): Promise<void> =>
  warehouse.insert('kenal.directive_rows', [
    { workspace: WORKSPACE, source, directive_id: `d${++version}`, issued_at: version, kind },
  ]);
/** A copy that replaces the one of before, which a merge takes away. */
const replace = async (row: object): Promise<void> => {
  await store(row);
  await run('OPTIMIZE TABLE kenal.interaction_rows FINAL');
};
const run = async (sql: string): Promise<void> =>
  void (await (await warehouse.raw(sql, { role: 'writer' })).stream.resume().toArray());

/** Refresh; killed where `dies` is done next. */
async function refresh(full = false, dies = ''): Promise<void> {
  const note = async (step: string): Promise<void> => {
    if (dies !== '' && step.startsWith(dies)) throw new Error('killed');
  };
  await refreshCustomerDays(warehouse, { workspace: WORKSPACE, full, note }).catch((error: Error) => {
    expect(error.message).toBe('killed');
  });
}

// What was folded beforehand beside what is folded now: a row that only one of them has
const DIFFERENT = `SELECT profile_id, toString(day) AS day, currency, gross, returns, orders, units, sum(side) AS side FROM
  (
    SELECT profile_id, day, currency, gross, returns, orders, units, 1 AS side FROM kenal.customer_day
    UNION ALL
    SELECT profile_id, day, currency, sum(m.gross), sum(m.returns), sum(m.orders), sum(m.units), -1
    FROM kenal.order_moves AS m GROUP BY profile_id, day, currency
  )
  GROUP BY profile_id, day, currency, gross, returns, orders, units HAVING side != 0`;

// Other tests may have the cores
const PATIENT = { max_execution_time: 60 };

async function expectSame(): Promise<void> {
  expect(await warehouse.query(DIFFERENT, { workspace: WORKSPACE, settings: PATIENT })).toEqual([]);
}

async function state(): Promise<{ used: number; changed: number }> {
  const sql = 'SELECT generation > 0 AS used, length(changed) AS changed FROM kenal.customer_day_state';
  return (
    await warehouse.query<{ used: number; changed: number }>(sql, { workspace: WORKSPACE, settings: PATIENT })
  )[0]!;
}

it('of nobody are folded before somebody asks, and then of all, from then on only of those who changed', async () => {
  expect(await state()).toEqual({ used: 0, changed: 0 });
  await refresh();
  expect(await state()).toEqual({ used: 1, changed: 0 });
  await expectSame();
  await store(order('n1', { owner: 'user_id:u2', profile_id: 'p-user_id:u2' }));
  await store(order('n2', { owner: 'user_id:u3', profile_id: 'p-user_id:u3' }));
  expect(await state()).toEqual({ used: 1, changed: 2 });
  await expectSame();
  await refresh();
  expect(await state()).toEqual({ used: 1, changed: 0 });
  await expectSame();
  const [rows] = await warehouse.query<{ redone: number; generations: number }>(
    'SELECT (SELECT count() FROM kenal.customer_day_redone) AS redone, uniqExact(generation) AS generations FROM kenal.customer_day_rows',
    { role: 'writer' },
  );
  expect(rows).toEqual({ redone: 2, generations: 1 });
});

it.each<[string, () => Promise<unknown>]>([
  [
    'a refund that names nobody',
    () => store(order('r1', { order_id: 'n1', order_kind: 'refund', order_refunded: '2', owner: '', profile_id: '' })),
  ],
  ['a copy that belongs to another order', () => replace(order('n2', { order_id: 'n3' }))],
  [
    'a copy of another owner',
    () => replace(order('n2', { order_id: 'n3', owner: 'user_id:u4', profile_id: 'p-user_id:u4' })),
  ],
  ['a copy that is no order any more', () => replace(order('n2', { order_id: '', order_kind: '' }))],
  [
    'a refund of an order that has not come',
    () => store(order('s1', { order_id: 's', order_kind: 'refund', order_total: null, order_refunded: '2' })),
  ],
  ['its order, later', () => store(order('s2', { order_id: 's', owner: 'user_id:u7', profile_id: 'p-user_id:u7' }))],
  [
    'its buyer erased, so that only the refund is left',
    () => applyErased(warehouse, [{ workspace: WORKSPACE, key: 'user_id:u7', ver: ++version }]),
  ],
  ['a merge', () => move('user_id:u2', 'p-user_id:u5')],
  ['a split', () => move('user_id:u2', 'p-user_id:u2')],
  [
    'an event of somebody else in the order',
    () => store(order('n4', { order_id: 'n1', order_kind: 'lines', owner: 'user_id:u6', profile_id: 'p-user_id:u6' })),
  ],
  ['its first owner let go', () => move('user_id:u2', '')],
  [
    'an owner that has a profile again',
    async () => {
      await warehouse.insert('kenal.identifier_rows', [
        { workspace: WORKSPACE, type: 'user_id', value: 'u2', profile_id: 'p-back', version: ++version },
      ]);
      await applyReturned(warehouse, new Set(['user_id:u2']));
    },
  ],
  [
    'an erasure of whoever is second in the order',
    () => applyErased(warehouse, [{ workspace: WORKSPACE, key: 'user_id:u6', ver: ++version }]),
  ],
  ['a revoked source', () => decide('revoke', 'web')],
  ['a source that is cleared', () => decide('clear', 'web')],
  ['another time zone', () => zone('America/Los_Angeles')],
])('are the same with and without what was folded, whatever has changed: %s', async (_what, change) => {
  await change();
  await expectSame();
  await refresh(); // what it comes to the next change shows
});

it('are the same wherever a refresh is killed, whatever happens in between', async () => {
  let seed = 99;
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((seed / 0x80000000) * n);
  };
  const someone = (): string => SHOP.owners[below(SHOP.owners.length)]!;
  const named = (owner = someone()): object => ({ owner, profile_id: `p-${owner}` });
  const changes: (() => Promise<unknown>)[] = [
    () => store(order(`x${++version}`, { ...named(), order_id: `o${below(ORDERS)}`, order_kind: 'lines' })),
    () => store(order(`${below(ORDERS)}-a`, { ...named(), order_id: `o${below(ORDERS)}` })),
    () =>
      store(order(`x${++version}`, { order_id: `o${below(ORDERS)}`, order_kind: 'refund', owner: '', profile_id: '' })),
    () => move(someone(), `p-${someone()}`),
    () => move(someone(), ''),
    () => applyErased(warehouse, [{ workspace: WORKSPACE, key: someone(), ver: ++version }]),
    () => run('OPTIMIZE TABLE kenal.interaction_rows FINAL'),
  ];
  for (const step of STEPS) {
    for (let n = 0; n < 3; n++) await changes[below(changes.length)]!();
    await refresh(step === 'marking', step);
    await expectSame();
  }
  await refresh();
  await expectSame();
});
