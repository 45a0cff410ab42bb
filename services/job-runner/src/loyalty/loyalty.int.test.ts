import { createChance } from '@kenal/analytics/testing';
import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import type { Mart } from '../marts/mart.ts';
import { refreshNow } from '../testing/refresh-now.ts';
import { createDriversMart } from './drivers-mart.ts';
import { createNeedsMart } from './needs-mart.ts';
import { namesOf } from './segment-names.ts';
import { createPlantedShop, PLANTED, type PlantedShop } from './testing/planted-shop.ts';

const WORKSPACES = ['shop', 'kiosk', 'bank'];
const config = kenalConfigSchema.parse({
  workspaces: WORKSPACES.map((id) => ({ id, sources: [{ id: `${id}-web`, keys: [{ key: hashKey(id) }] }] })),
});
let warehouse: Warehouse;
let shop: PlantedShop;

beforeAll(async () => {
  warehouse = await openWarehouse({ dataDir: await migratedDirectory() });
  await warehouse.migrate();
  shop = createPlantedShop('shop', 360, systemClock(), createChance(4));
  const kiosk = createPlantedShop('kiosk', 20, systemClock(), createChance(2));
  for (const { interactions, profiles } of [shop, kiosk]) {
    await warehouse.insert('kenal.interaction_rows', interactions);
    await warehouse.insert('kenal.profile_rows', profiles);
  }
});
afterAll(() => warehouse?.close());

const refresh = (mart: Mart, id = 'shop', full = false): Promise<number> => refreshNow(mart, config, id, full);
const ask = <T>(sql: string, workspace = 'shop'): Promise<T[]> => warehouse.query<T>(sql, { workspace });

test('two groups of needs that were planted are found, each customer in the right one, once', async () => {
  const mart = createNeedsMart({ warehouse, clock: systemClock });
  expect(await refresh(mart)).toBeGreaterThan(300);
  const segments = await ask<{ profile_id: string; name: string; stability: number }>(
    'SELECT * FROM kenal.need_segments',
  );
  const names = { gardeners: 'soil + seeds', drinkers: 'tea + cups' };
  const right = segments.filter(({ profile_id, name }) => name === names[shop.groupOf.get(profile_id)!]);
  expect(right.length / segments.length).toBeGreaterThan(0.95);
  expect(Math.min(...segments.map(({ stability }) => stability))).toBeGreaterThan(0.9);
  const [soil] = await ask<{ need_index: number; share: number }>(
    `SELECT * FROM kenal.need_segment_profiles WHERE name = 'soil + seeds' AND category = 'soil'`,
  );
  expect(soil!.share).toBeCloseTo(0.667, 1);
  expect(soil!.need_index).toBeGreaterThan(1.3);
  // Nothing has changed: nothing is done; from nothing it comes to the same
  const fit = 'SELECT fit_id, found, stability, segments, trials FROM kenal.need_fits';
  const before = [await ask(fit), await ask('SELECT profile_id, name FROM kenal.need_segments ORDER BY profile_id')];
  expect(await refresh(mart)).toBe(0);
  expect(await refresh(mart, 'shop', true)).toBe(segments.length + 1);
  expect([await ask(fit), await ask('SELECT profile_id, name FROM kenal.need_segments ORDER BY profile_id')]).toEqual(
    before,
  );
});

test('a shop with few customers has no groups and no drivers, and is told why', async () => {
  await refresh(createNeedsMart({ warehouse, clock: systemClock }), 'kiosk');
  await refresh(createDriversMart({ warehouse, clock: systemClock }), 'kiosk');
  const [fit] = await ask<{ found: boolean; why: string }>('SELECT found, why FROM kenal.need_fits', 'kiosk');
  expect(fit).toEqual({
    found: false,
    why: expect.stringMatching(/^\d+ customers have 3 purchases or more, at least 100/),
  });
  const drivers = await ask<{ hazard_ratio: null; why: string }>('SELECT * FROM kenal.loyalty_drivers', 'kiosk');
  expect(drivers.map(({ hazard_ratio }) => hazard_ratio)).toEqual(drivers.map(() => null));
  for (const { why } of drivers) expect(why).not.toBe('');
  await refresh(createDriversMart({ warehouse, clock: systemClock }), 'bank');
  expect((await ask<Told>('SELECT * FROM kenal.loyalty_drivers', 'bank'))[0]!.why).toMatch(/^0 customers were watched/);
  expect(await ask('SELECT * FROM kenal.need_segments', 'kiosk')).toEqual([]);
});

interface Told {
  readonly driver: string;
  readonly hazard_ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly why: string;
  readonly log_rank_p: number | null;
}

test('products held go along with staying and bad service with leaving, as planted, and the first channel with neither', async () => {
  const mart = createDriversMart({ warehouse, clock: systemClock });
  expect(await refresh(mart)).toBe(7);
  const drivers = new Map((await ask<Told>('SELECT * FROM kenal.loyalty_drivers')).map((one) => [one.driver, one]));
  const planted = [
    ['products held', PLANTED.products],
    ['days with bad service', PLANTED.troubles],
    ['first channel store', 1],
  ] as const;
  for (const [name, truth] of planted) {
    const { low, high, log_rank_p } = drivers.get(name)!;
    expect([name, low! < truth && truth < high!]).toEqual([name, true]);
    expect([name, low! > 1 || high! < 1, log_rank_p! < 0.01]).toEqual([name, truth !== 1, truth !== 1]);
  }
  expect(drivers.get('days with a return')).toMatchObject({ hazard_ratio: null, why: 'it is the same for all' });
  const [curve] = await ask<{ one: number; four: number }>(
    `SELECT minIf(retention, holding = '1') AS one, minIf(retention, holding = '4+') AS four FROM kenal.holding_survival WHERE days < 300`,
  );
  expect(curve!.four).toBeGreaterThan(curve!.one + 0.2);
  expect(await refresh(mart)).toBe(0);
});

test('a fit holds as long as nothing takes its place, and no longer than there is anything to look at', async () => {
  const old = '2020-01-01 00:00:00.000000';
  for (const table of ['need_segment_rows', 'loyalty_driver_rows']) {
    const copy = `INSERT INTO kenal.${table} SELECT * REPLACE ('${old}' AS computed_at, ver + 1 AS ver) FROM kenal.${table} FINAL WHERE workspace = 'shop'`;
    for (const sql of [copy, `OPTIMIZE TABLE kenal.${table} FINAL`])
      await (await warehouse.raw(sql, { role: 'writer' })).stream.resume().toArray();
  }
  const shown = 'SELECT toYear(computed_at) AS year, count() > 5 AS many';
  for (const view of ['need_segments', 'loyalty_drivers'])
    expect(await ask(`${shown} FROM kenal.${view} GROUP BY year`)).toEqual([{ year: 2020, many: 1 }]);
  // A currency of which nothing is left, and segments of an older fit
  const fit = { workspace: 'shop', currency: 'CHF', fit_id: 'old', found: true, customers: 200, as_of: 0, ver: 1 };
  const segment = { workspace: 'shop', currency: 'CHF', fit_id: 'old', profile_id: 'p1', segment: 1, ver: 1 };
  await warehouse.insert('kenal.need_fit_rows', [{ ...fit, segments: [{ name: 'tea', customers: 1, stability: 1 }] }]);
  await warehouse.insert('kenal.need_segment_rows', [segment]);
  const francs = "SELECT 1 FROM kenal.need_segments WHERE currency = 'CHF'";
  expect(await ask(francs)).toHaveLength(1);
  const mart = createNeedsMart({ warehouse, clock: systemClock });
  expect([await refresh(mart), await refresh(mart)]).toEqual([1, 0]);
  expect(await ask(francs)).toEqual([]);
  expect(await ask("SELECT found, why FROM kenal.need_fits WHERE currency = 'CHF'")).toEqual([
    { found: false, why: expect.stringContaining('nobody has bought anything') },
  ]);
  expect(await warehouse.query("SELECT 1 FROM kenal.need_segment_rows WHERE fit_id = 'old'")).toEqual([]);
});

test('whoever is merged away or erased is in no segment, nor anybody for another workspace', async () => {
  const gone = { workspace: 'shop', profile_id: 'p7', version: 2, changed_at: 0, live: false };
  const own = `SELECT profile_id FROM kenal.need_segments WHERE profile_id = 'p7'`;
  expect(await ask(own)).toHaveLength(1);
  await warehouse.insert('kenal.profile_rows', [gone]);
  expect(await ask(own)).toEqual([]);
  const rows = ['need_fits', 'need_segments', 'loyalty_drivers'].map((view) => `SELECT 1 FROM kenal.${view}`);
  expect(await ask(rows.join(' UNION ALL '), 'nobody')).toEqual([]);
});

test('a segment is called by what stands out in it', () => {
  const spent = [
    Float64Array.of(9, 1, 1),
    Float64Array.of(1, 9, 1),
    Float64Array.of(1, 8, 1),
    Float64Array.of(4, 6, 1),
  ];
  expect(namesOf(spent, ['tea', 'soil', 'cups'])).toEqual(['tea', 'soil', 'soil (2)', 'mixed']);
});
