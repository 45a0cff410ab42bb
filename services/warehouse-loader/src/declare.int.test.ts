import { type KenalConfig, kenalConfigSchema } from '@kenal/contracts';
import { openWarehouse } from '@kenal/warehouse';
import { expect, it } from 'vitest';
import { declareRows } from './declare-rows.ts';
import { declaredRewards } from './rewards.ts';
import { temporaryDirectory } from './test-support.ts';
import { declaredTraits } from './wanted-traits.ts';
import { declaredWorkspaces } from './workspaces.ts';

/** Two workspaces, the first with these options. */
function configOf(options: object): KenalConfig {
  const sources = [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }];
  const workspaces = [
    { id: 'shop', sources, ...options },
    { id: 'bank', sources },
  ];
  return kenalConfigSchema.parse({ workspaces });
}

const WORKSPACES = new Set(['shop', 'bank']);

it('writes what is wanted once, and after a change what differs, also where the clock was set back', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse({ dataDir: directory.path });
  await warehouse.migrate();
  const wanted = (workspace: string) =>
    warehouse.query(
      `SELECT trait, names, fresh_for_days AS days FROM kenal.wanted_trait_rows FINAL
       WHERE wanted AND workspace = '${workspace}' ORDER BY trait`,
      { role: 'writer' },
    );
  const declare = (traits: object, now: number) =>
    declareRows(warehouse, WORKSPACES, declaredTraits(configOf({ traits })), () => now);

  expect(await declare({}, 1_000)).toBe(10);
  const standard = await wanted('shop');
  expect(standard).toContainEqual({ trait: 'phone', names: ['phone'], days: 365 });
  expect(await declare({}, 2_000)).toBe(0);
  const own = { phone: { freshForDays: 90 }, size: {}, note: { required: false } };
  expect(await declare(own, 500)).toBe(6); // phone and size, and four that are wanted no more
  expect(await wanted('shop')).toEqual([
    { trait: 'phone', names: ['phone'], days: 90 },
    { trait: 'size', names: ['size'], days: 365 },
  ]);
  expect(await declare(own, 500)).toBe(0);
  expect(await wanted('bank')).toEqual(standard);
  expect(await declare({}, 400)).toBe(6);
  expect(await wanted('shop')).toEqual(standard);
  await warehouse.close();
});

it('tells the marts time zone, currency and rewards of each workspace, and again after a change', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse({ dataDir: directory.path });
  await warehouse.migrate();
  const declare = (timezone: string, now: number) => {
    const { workspaces } = configOf({});
    const config = { workspaces: workspaces.map((one) => ({ ...one, timezone })) };
    return declareRows(warehouse, WORKSPACES, declaredWorkspaces(config), () => now);
  };
  const settings = () =>
    warehouse.query('SELECT timezone, currency FROM kenal.workspace_settings', { workspace: 'shop' });
  expect(await declare('Asia/Tokyo', 2_000)).toBe(2);
  expect(await settings()).toEqual([{ timezone: 'Asia/Tokyo', currency: 'USD' }]);
  expect(await declare('Asia/Tokyo', 3_000)).toBe(0);
  expect(await declare('Asia/Jakarta', 1_000)).toBe(2); // its clock was set back
  expect(await settings()).toEqual([{ timezone: 'Asia/Jakarta', currency: 'USD' }]);

  const levels = [{ name: 'gold', from: 100.5 }];
  const rule = (event: string, where = {}) => ({ name: event, event, where, points: 5 });
  const reward = (options: object) =>
    declareRows(warehouse, WORKSPACES, declaredRewards(configOf(options)), () => 1_000);
  const rewards = { tiers: { levels }, points: [rule('Order Completed'), rule('Signed Up', { plan: 'a"b', n: 2 })] };
  expect(await reward(rewards)).toBe(3);
  expect(await reward(rewards)).toBe(0);
  const declared = () =>
    warehouse.query<{ name: string; declared: string }>(
      `SELECT kind, name, declared FROM kenal.declaration_rows FINAL WHERE live ORDER BY kind, place`,
      {
        role: 'writer',
      },
    );
  const conditions = [
    { property: 'plan', value: '"a\\"b"' },
    { property: 'n', value: '2' },
  ];
  expect((await declared()).map(({ declared }) => JSON.parse(declared))).toEqual([
    { name: 'Order Completed', for: 'customer', event: 'order', points: 5, where: [] },
    { name: 'Signed Up', for: 'customer', event: 'Signed Up', points: 5, where: conditions },
    { measure: 'net', windowMonths: 12, graceMonths: 1, levels },
  ]);
  expect(await reward({ tiers: { levels } })).toBe(2);
  expect((await declared()).map(({ name }) => name)).toEqual(['tiers']);
  await warehouse.close();
});
