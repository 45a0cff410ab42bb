import { chooseSettings, createAlsoBought, createNextBest, type OrderLines } from '@kenal/analytics';
import { createChance } from '@kenal/analytics/testing';
import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey, systemClock } from '@kenal/service-kit';
import { applyErased, applyOverrides, openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { type Basket, basketRows, DAY_MS, profileOf, profileRow } from '../scores/testing/market.ts';
import { refreshNow } from '../testing/refresh-now.ts';
import { createProductsMart } from './products-mart.ts';

const SHOP = 'shop';
const TODAY = Math.floor(Date.now() / DAY_MS);
const config = kenalConfigSchema.parse({
  workspaces: ['shop', 'kiosk'].map((id) => ({ id, sources: [{ id: 'shop', keys: [{ key: hashKey(id) }] }] })),
});
const pick = createChance(3);
/** Two groups of customers with tastes of their own; bread goes with butter; an order in ten is of nobody. */
const BASKETS: Basket[] = Array.from({ length: 260 }, (_, n) => {
  const who = Math.floor(pick() * 30);
  const items = new Set(Array.from({ length: 2 }, () => `${who % 2 === 0 ? 'tea' : 'nail'}${Math.floor(pick() * 6)}`));
  if (pick() < 0.3) for (const item of ['bread', 'butter']) items.add(item);
  const owner = n % 10 === 0 ? '' : `user_id:u${who}`;
  return { order: `o${n}`, owner, day: TODAY - Math.floor(pick() * 200), items: [...items] };
});

let warehouse: Warehouse;
let profileNow: (owner: string) => string | null = profileOf;
let baskets = BASKETS;
beforeAll(async () => {
  warehouse = await openWarehouse({ dataDir: await migratedDirectory() });
  await warehouse.migrate();
  await warehouse.insert('kenal.interaction_rows', [
    ...BASKETS.flatMap((basket) => basketRows(SHOP, basket)),
    ...BASKETS.slice(0, 50).flatMap((basket) => basketRows('kiosk', basket)),
  ]);
  const before = Date.now() * 1_000 - 1e9;
  const owners = new Set(BASKETS.map(({ owner }) => owner).filter((owner) => owner !== ''));
  await warehouse.insert(
    'kenal.profile_rows',
    Array.from(owners, (owner) => profileRow(SHOP, owner, before)),
  );
});
afterAll(() => warehouse?.close());

const refresh = (workspace = SHOP, full = false): Promise<number> =>
  refreshNow(createProductsMart({ warehouse, clock: systemClock }), config, workspace, full);
const ask = <T = Record<string, unknown>>(sql: string, workspace = SHOP): Promise<T[]> =>
  warehouse.query<T>(sql, { workspace });

/** Rules of one item on each side, counted pair by pair. */
function pairs(): Record<string, unknown>[] {
  const all = [...new Set(baskets.flatMap(({ items }) => items))].sort();
  const count = (...of: string[]): number =>
    baskets.filter(({ items }) => of.every((one) => items.includes(one))).length;
  const n = baskets.length;
  return all.flatMap((left) =>
    all.flatMap((right) => {
      const [x, y, b] = [count(left), count(right), count(left, right)];
      if (left === right || b < 5 || b / n < 0.005 || b / x < 0.1) return [];
      const table = [b, x - b, y - b, n - x - y + b] as const;
      const expected = [x * y, x * (n - y), (n - x) * y, (n - x) * (n - y)].map((product) => product / n);
      const chi = table.reduce((sum, seen, at) => sum + (seen - expected[at]!) ** 2 / expected[at]!, 0);
      return [
        {
          ...{ left, right, orders: b, support: near(b / n), confidence: near(b / x), lift: near(b / x / (y / n)) },
          ...{
            leverage: near(b / n - (x / n) * (y / n)),
            jaccard: near(b / (x + y - b)),
            cosine: near(b / Math.sqrt(x * y)),
          },
          ...{ conviction: b === x ? null : near((1 - y / n) / (1 - b / x)), conviction_infinite: b === x },
          chi_square: expect.closeTo(chi, 6),
        },
      ];
    }),
  );
}
const near = (value: number): unknown => expect.closeTo(value, 9);

/** Known customers' lines, everything numbered by name. */
function linesNow(): { lines: OrderLines; items: string[]; customers: string[] } {
  const known = baskets.flatMap((basket) => {
    const profile = basket.owner === '' ? null : profileNow(basket.owner);
    return profile === null
      ? []
      : basket.items.map((item) => ({ profile, item, order: basket.order, day: basket.day }));
  });
  const names = (of: (line: (typeof known)[number]) => string): string[] => [...new Set(known.map(of))].sort();
  const everything = [...new Set(baskets.flatMap(({ items }) => items))].sort();
  const [customers, orders] = [names(({ profile }) => profile), names(({ order }) => order)];
  return {
    ...{ items: everything, customers },
    lines: {
      ...{ customers: customers.length, items: everything.length, orders: orders.length },
      customer: known.map(({ profile }) => customers.indexOf(profile)),
      item: known.map(({ item }) => everything.indexOf(item)),
      order: known.map(({ order }) => orders.indexOf(order)),
      at: known.map(({ day }) => day + 0.5),
    },
  };
}

async function expectProducts(soldOut: readonly string[] = []): Promise<void> {
  const told = await ask(
    `SELECT left_items[1] AS left, right_item AS right, orders, support, confidence, lift, leverage, jaccard, cosine, conviction, conviction_infinite, chi_square
     FROM kenal.associations WHERE length(left_items) = 1 ORDER BY left, right`,
  );
  expect(told).toEqual(pairs());
  const { lines, items, customers } = linesNow();
  const { companions: also } = createAlsoBought(lines, { until: TODAY });
  expect(
    await ask(
      'SELECT item_id, place, other_item, basket, customer, score FROM kenal.also_bought ORDER BY item_id, place',
    ),
  ).toEqual(
    items.flatMap((item, number) =>
      also(number).map(({ item: other, basket, customer, score }, at) => {
        return {
          item_id: item,
          place: at + 1,
          other_item: items[other],
          basket: near(basket),
          customer: near(customer),
          score: near(score),
        };
      }),
    ),
  );
  const { settings } = chooseSettings(lines, TODAY);
  const next = createNextBest(lines, TODAY, settings, (item) => soldOut.includes(items[item]!));
  const offers = customers.flatMap((profile, number) => {
    const { new: fresh, reorder } = next(number);
    return [
      ...fresh.map(({ item, score, because }, at) => {
        const reason = because === null ? 'other customers buy it' : `goes with ${items[because]}`;
        return { profile, kind: 'new', place: at + 1, item: items[item], score: near(score), reason };
      }),
      ...reorder.map(({ item, score, orders, days }, at) => {
        const reason = `ordered ${orders === 1 ? 'once' : `${orders} times`}, last ${days} days ago`;
        return { profile, kind: 'reorder', place: at + 1, item: items[item], score: near(score), reason };
      }),
    ];
  });
  expect(
    await ask(
      'SELECT profile_id AS profile, kind, place, item_id AS item, score, reason FROM kenal.next_best ORDER BY profile, kind, place',
    ),
  ).toEqual(offers);
}

test('rules, companions and offers are what counting one by one gives, and nothing is done where nothing changed', async () => {
  const rows = await refresh();
  expect(rows).toBeGreaterThan(500);
  await expectProducts();
  expect(await refresh()).toBe(0);
  expect(await refresh(SHOP, true)).toBe(rows);
  await expectProducts();
  const [rule] = await ask<{ lift: number }>(
    "SELECT lift FROM kenal.associations WHERE left_items = ['bread'] AND right_item = 'butter' AND complete",
  );
  expect(rule!.lift).toBeGreaterThan(2);
  const told = await ask(
    'SELECT model, state, until IS NOT NULL AS dated, mapKeys(quality) AS names FROM kenal.model_registry ORDER BY model',
  );
  expect(told).toEqual([
    { model: 'also-bought', state: 'fitted', dated: 1, names: ['pairs', 'giants', 'shortened', 'complete'] },
    { model: 'associations', state: 'fitted', dated: 1, names: ['rules', 'found', 'itemSets', 'giants', 'complete'] },
    {
      model: 'next-best',
      state: 'fitted',
      dated: 1,
      names: expect.arrayContaining(['newHitRate10', 'reorderHitRate10', 'served']),
    },
  ]);
});

test('too few orders are told, nothing of an older run is shown in their place, and another workspace sees nothing', async () => {
  const older = { workspace: 'kiosk', fit_id: 'older', ver: 1 };
  const rule = { ...older, left_items: ['bread'], right_item: 'butter' };
  await warehouse.insert('kenal.model_rows', [
    { ...older, model: 'associations', state: 'fitted', until: TODAY - 9, quality: { complete: 1 } },
  ]);
  await warehouse.insert('kenal.association_rows', [rule]);
  expect(await ask('SELECT right_item, toInt32(as_of) AS day FROM kenal.associations', 'kiosk')).toEqual([
    { right_item: 'butter', day: TODAY - 9 },
  ]);
  expect(await refresh('kiosk')).toBe(0);
  expect(await ask("SELECT DISTINCT reason FROM kenal.model_registry WHERE state = 'refused'", 'kiosk')).toEqual([
    { reason: 'too little to learn from: there are 50 orders, and 100 are needed' },
  ]);
  for (const view of ['associations', 'also_bought', 'next_best'])
    expect(await ask(`SELECT * FROM kenal.${view}`, 'kiosk')).toEqual([]);
});

test('a merge, an erasure, orders that were cancelled or given back, and an empty shelf are followed; who is gone is offered nothing at once', async () => {
  const now = Date.now() * 1_000;
  const [stays, goes, erased] = ['user_id:u1', 'user_id:u2', 'user_id:u3'] as const;
  await applyOverrides(warehouse, [{ workspace: SHOP, owner: goes, profileId: profileOf(stays), ver: now }]);
  await applyErased(warehouse, [{ workspace: SHOP, key: erased, ver: now }]);
  await warehouse.insert('kenal.profile_rows', [
    profileRow(SHOP, goes, now, false),
    profileRow(SHOP, erased, now, false),
  ]);
  const gone = `SELECT count() AS n FROM kenal.next_best WHERE profile_id IN ('${profileOf(goes)}', '${profileOf(erased)}')`;
  expect(await ask(gone)).toEqual([{ n: 0 }]);

  const [cancelled, refunded, parted] = BASKETS.filter(
    ({ owner, items }) => owner !== erased && items.includes('bread') && items.length > 1,
  ) as [Basket, Basket, Basket];
  const bread = {
    line: 1,
    item_id: 'bread',
    name: '',
    category: '',
    quantity: -1,
    price: 1,
    amount: -1,
    currency: 'EUR',
  };
  const back = { order_kind: 'refund', order_total: null };
  await warehouse.insert('kenal.interaction_rows', [
    ...basketRows(SHOP, cancelled, { order_kind: 'cancel', items: [] }),
    ...basketRows(SHOP, refunded, { ...back, order_refunded: null, items: [] }),
    ...basketRows(SHOP, parted, { ...back, order_refunded: 1, items: [bread] }),
  ]);
  const values = JSON.stringify({ item_id: 'butter', quantity: '0' });
  const count = { kind: 'stock', id: 's', source: 'erp', values, valid_from: 0, valid_to: null, ver: 1 };
  await warehouse.insert('kenal.record_words', [{ workspace: SHOP, ...count, received_at: 0, recorded_at: 0 }]);
  expect(await ask("SELECT count() AS n FROM kenal.next_best WHERE item_id = 'butter'")).toEqual([{ n: 0 }]);

  profileNow = (owner) => profileOf(owner === goes ? stays : owner);
  const undone = [cancelled.order, refunded.order];
  baskets = BASKETS.filter(({ owner, order }) => owner !== erased && !undone.includes(order)).map((basket) =>
    basket.order === parted.order ? { ...basket, items: basket.items.filter((item) => item !== 'bread') } : basket,
  );
  await refresh();
  await expectProducts(['butter']);
  expect(await ask("SELECT DISTINCT in_stock FROM kenal.also_bought WHERE other_item = 'butter'")).toEqual([
    { in_stock: false },
  ]);
  expect(
    await warehouse.query("SELECT uniqExact(fit_id) AS n FROM kenal.next_best_rows WHERE workspace = 'shop'"),
  ).toEqual([{ n: 1 }]);
});
