import type { ProfileView } from '@kenal/identity';
import { applyErased } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { interactionRow, openTestWarehouse, type TestWarehouse } from '../testing/warehouse.ts';
import { createTimeline } from './timeline.ts';

let world: TestWarehouse;
beforeAll(async () => {
  world = await openTestWarehouse();
});
afterAll(() => world[Symbol.asyncDispose]());

/** An event of an order; `minute` is its time, `owner` '' names nobody. */
const order = (id: string, source: string, minute: number, owner: string, profile = owner): object =>
  interactionRow('shop', `${id}-${minute}`, {
    ...{ source, owner, profile_id: profile, order_id: id, name: owner === '' ? 'Order Refunded' : 'Order Completed' },
    ...{ order_kind: owner === '' ? 'refund' : 'snapshot', occurred_at: `2026-03-01 10:${minute}:00.000000` },
  });

/** Of the events that name nobody those that stand with whoever has these identifiers. */
async function refunds(...owners: readonly string[]): Promise<string[]> {
  const profile = { id: 'p', identifiers: owners.map((key) => ({ key })) } as unknown as ProfileView;
  const { items } = await createTimeline(world.warehouse)('shop', profile, { limit: 100 });
  return items.filter(({ owner }) => owner === null).map(({ id }) => id);
}

test('a refund that names nobody stands with whom its order is of: today, in its source, and as long as it is anybody’s', async () => {
  const [eve, fay] = ['user_id:eve', 'email:fay@example.com'];
  await world.warehouse.insert('kenal.interaction_rows', [
    ...[order('e', 'web', 10, eve), order('e', 'web', 30, '')],
    // The same number at another source is another order
    ...[order('e', 'till', 11, fay), order('e', 'till', 31, '')],
    // Fay ordered, Eve only changed it
    ...[order('f', 'web', 12, fay), order('f', 'web', 13, eve), order('f', 'web', 32, '')],
    ...[order('n', 'web', 33, ''), order('r', 'web', 14, eve, ''), order('r', 'web', 34, '')],
    interactionRow('shop', 'view', { owner: '', profile_id: '' }),
  ]);
  expect(await refunds(eve)).toEqual(['e-30']);
  expect(await refunds(fay)).toEqual(['f-32', 'e-31']);
  // Merged they are one person's, and each one's again when they are parted
  expect(await refunds(eve, fay)).toEqual(['f-32', 'e-31', 'e-30']);
  expect(await refunds('user_id:gus')).toEqual([]);
  await applyErased(world.warehouse, [{ workspace: 'shop', key: fay, ver: Date.now() * 1_000 }]);
  expect(await refunds(fay)).toEqual([]);
});
