import { type KenalConfig, kenalConfigSchema } from '@kenal/contracts';
import { openWarehouse } from '@kenal/warehouse';
import { expect, it } from 'vitest';
import { temporaryDirectory } from './test-support.ts';
import { declareWantedTraits } from './wanted-traits.ts';
import { declareWorkspaces } from './workspaces.ts';

function configOf(traits: object): KenalConfig {
  const sources = [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }];
  const workspaces = [
    { id: 'shop', sources, traits },
    { id: 'bank', sources },
  ];
  return kenalConfigSchema.parse({ workspaces });
}

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
  const declare = (traits: object, now: number) => declareWantedTraits(warehouse, configOf(traits), () => now);

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

it('tells the marts the time zone and the currency of each workspace, and again after a change', async () => {
  await using directory = await temporaryDirectory();
  const warehouse = await openWarehouse({ dataDir: directory.path });
  await warehouse.migrate();
  const { workspaces } = configOf({});
  const declare = (timezone: string, now: number) =>
    declareWorkspaces(
      warehouse,
      { workspaces: workspaces.map((one) => ({ ...one, timezone })) } as KenalConfig,
      () => now,
    );
  const settings = () =>
    warehouse.query('SELECT timezone, currency FROM kenal.workspace_settings', { workspace: 'shop' });
  expect(await declare('Asia/Tokyo', 2_000)).toBe(2);
  expect(await settings()).toEqual([{ timezone: 'Asia/Tokyo', currency: 'USD' }]);
  expect(await declare('Asia/Tokyo', 3_000)).toBe(0);
  expect(await declare('Asia/Jakarta', 1_000)).toBe(2); // its clock was set back
  expect(await settings()).toEqual([{ timezone: 'Asia/Jakarta', currency: 'USD' }]);
  await warehouse.close();
});
