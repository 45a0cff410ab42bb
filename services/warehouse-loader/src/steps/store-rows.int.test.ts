import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { interaction, resolved, temporaryDirectory } from '../test-support.ts';
import { interactionRows } from './interaction-row.ts';
import { createStoreRowsStep } from './store-rows.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let warehouse: Warehouse;
beforeEach(async () => {
  directory = await temporaryDirectory();
  warehouse = await openWarehouse({ dataDir: directory.path });
  await warehouse.migrate();
});
afterEach(async () => {
  await warehouse.close();
  await directory[Symbol.asyncDispose]();
});

const rows = (names: readonly string[]) =>
  names.map((name, offset) => {
    const event = interaction(`m${offset}`, { name });
    return {
      bytes: interactionRows.encode({ resolved: resolved(event), interaction: event, order: null }),
      origin: { topic: 't', partition: 0, offset, value: new Uint8Array(1) },
    };
  });
/** A broken constraint: a code (469) that is in no list of ours. */
const constrain = (check: string) =>
  warehouse.query(`ALTER TABLE kenal.interaction_rows ADD CONSTRAINT odd CHECK ${check}`, { role: 'writer' });
const stored = async () =>
  (await warehouse.query<{ n: number }>('SELECT count() AS n FROM kenal.interaction_rows FINAL'))[0]!.n;
const TRIES = 10;

it('takes no row for bad while the table takes none, for a fault that it does not know', async () => {
  await constrain("name = 'never'");
  const storeRows = createStoreRowsStep(warehouse);
  for (const load of [rows(Array(200).fill('good')), rows(['alone'])])
    for (let i = 0; i < TRIES; i++) await expect(storeRows('interactions', load)).rejects.toThrow('Code: 469');
  await warehouse.query('ALTER TABLE kenal.interaction_rows DROP CONSTRAINT odd', { role: 'writer' });
  expect(await storeRows('interactions', rows(Array(200).fill('good')))).toEqual([]);
  expect(await stored()).toBe(200);
});

it('refuses just the rows that are refused alone while others are taken, after some tries', async () => {
  await constrain("name != 'bad'");
  const storeRows = createStoreRowsStep(warehouse);
  const load = rows(Array.from({ length: 200 }, (_, i) => (i === 0 || i === 77 ? 'bad' : 'good')));
  for (let i = 0; i < 5; i++) await expect(storeRows('interactions', load)).rejects.toThrow('Code: 469');
  const refused = await storeRows('interactions', load);
  expect(refused.map(({ origin, code }) => [origin.offset, code])).toEqual([
    [0, 'event_unstorable'],
    [77, 'event_unstorable'],
  ]);
  expect(await stored()).toBe(198);
});
