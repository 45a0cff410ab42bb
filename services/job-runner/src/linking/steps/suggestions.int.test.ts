import { applyErased, openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../../../test/support/migrated-directory.ts';
import type { Suspect } from './judge-pairs.ts';
import { createSuggestions } from './suggestions.ts';

const WORKSPACE = 'shop';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse({ dataDir: await migratedDirectory() });
  await warehouse.migrate();
});
afterAll(() => warehouse?.close());

const suspect = (a: string, b: string): Suspect => ({
  ...{ a: { owner: `user_id:${a}`, source: 'web' }, b: { owner: `user_id:${b}`, source: 'crm' } },
  ...{ score: 3, probability: 0.9, doubt: 'probability', waterfall: [] },
});
const shown = async () =>
  (
    await warehouse.query<{ a: string }>('SELECT a FROM kenal.link_suggestions ORDER BY a', { workspace: WORKSPACE })
  ).map(({ a }) => a);

test('a question about somebody who was erased since does not come back where a pass takes it back', async () => {
  const suggestions = createSuggestions(warehouse);
  expect(await suggestions.ask(WORKSPACE, 'm1', [suspect('ann', 'bob'), suspect('cat', 'dan')])).toBe(2);
  expect(await shown()).toEqual(['user_id:ann', 'user_id:cat']);
  const [asked] = await warehouse.query<{ ver: number }>('SELECT max(ver) AS ver FROM kenal.link_suggestion_rows', {
    role: 'writer',
  });
  // Right after it was asked: whatever is written by the clock now is later
  await applyErased(warehouse, [{ workspace: WORKSPACE, key: 'user_id:ann', ver: Number(asked!.ver) + 2 }]);
  expect(await shown()).toEqual(['user_id:cat']);
  expect(await suggestions.withdraw(WORKSPACE, 'm1', new Set())).toBe(2);
  expect(await shown()).toEqual(['user_id:cat']);
  const states = await warehouse.query('SELECT state FROM kenal.link_suggestions', { workspace: WORKSPACE });
  expect(states).toEqual([{ state: 'obsolete' }]);
});
