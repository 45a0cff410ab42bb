import { expect, test } from 'vitest';
import { openWarehouse } from './index.ts';
import { interactionRow, temporaryMigrated, WORKSPACE } from './test-support.ts';

const at = (second: number) => Date.UTC(2026, 10, 1, 12, 0, second) * 1_000;

test('what a source really sends is told by event and field, with fill rates; what was refused, by reason and state', async () => {
  await using directory = await temporaryMigrated();
  const warehouse = await openWarehouse({ dataDir: directory.path });
  await warehouse.migrate();
  const ask = (sql: string) => warehouse.query(sql, { workspace: WORKSPACE });
  const row = (id: string, second: number, properties: object, more: object = {}) =>
    interactionRow(id, { name: 'Bought', received_at: at(second), properties: JSON.stringify(properties), ...more });
  const extra = JSON.stringify({
    kenal_plan: { faults: [{ path: '$.properties.total', reason: 'must be a number' }] },
  });
  await warehouse.insert('kenal.interaction_rows', [
    row('1', 1, { total: 5, note: null }),
    row('2', 2, { total: 'x', note: '' }, { extra }),
    row('2', 2, { total: 'x', note: '' }, { extra }), // a copy counts once
    row('3', 3, { note: 'hello', total: 7.5 }),
    row('4', 4, {}, { name: '', type: 'identify', traits: '{"city":"Ulm"}' }),
    { ...row('5', 5, { total: 1 }), workspace: 'other' },
  ]);
  expect(await ask('SELECT name, interactions, off_plan, first_seen FROM observed_events ORDER BY name')).toEqual([
    { name: '', interactions: 1, off_plan: 0, first_seen: '2026-11-01 12:00:04.000000' },
    { name: 'Bought', interactions: 3, off_plan: 1, first_seen: '2026-11-01 12:00:01.000000' },
  ]);
  expect(
    await ask('SELECT field, kinds, filled, round(fill_rate, 2) AS rate FROM observed_fields ORDER BY field'),
  ).toEqual([
    { field: 'properties.note', kinds: ['Null', 'String'], filled: 1, rate: 0.33 },
    { field: 'properties.total', kinds: ['Double', 'Int64', 'String'], filled: 3, rate: 1 },
    { field: 'traits.city', kinds: ['String'], filled: 1, rate: 1 },
  ]);
  expect(await ask("SELECT plan_faults FROM interactions WHERE message_id = '2'")).toEqual([
    { plan_faults: [{ path: '$.properties.total', reason: 'must be a number' }] },
  ]);

  const failed = (id: string, path: string, second: number) => ({
    ...{ workspace: WORKSPACE, source: 'web', failure_id: id, message_id: id, code: 'event_bad_time', path },
    ...{
      received_at: at(second),
      failed_at: at(second),
      stage: 'collector',
      reason: `of ${id}`,
      body: `body of ${id}`,
    },
  });
  const changed = (id: string, state: string, second: number, body = '') => ({
    ...{ workspace: WORKSPACE, source: 'web', failure_id: id, state, at: at(second), actor: 'Eve', note: state, body },
  });
  await warehouse.insert('kenal.failed_rows', [
    failed('f1', '$.batch[3].timestamp', 1),
    failed('f2', '$.batch[17].timestamp', 2),
    failed('f3', '$.batch[0].timestamp', 3),
    { ...failed('gone', '$', 4), state: 'erased' },
  ]);
  await warehouse.insert('kenal.failed_change_rows', [
    changed('f1', 'fixed', 10, 'repaired'),
    changed('f1', 'replayed', 11),
    changed('f2', 'dismissed', 12),
    changed('gone', 'fixed', 13, 'of somebody who was erased'),
  ]);
  expect(
    await ask('SELECT failure_id, state, body, original_body, note FROM failed_events ORDER BY failure_id'),
  ).toEqual([
    { failure_id: 'f1', state: 'replayed', body: 'repaired', original_body: 'body of f1', note: 'replayed' },
    { failure_id: 'f2', state: 'dismissed', body: 'body of f2', original_body: 'body of f2', note: 'dismissed' },
    { failure_id: 'f3', state: 'open', body: 'body of f3', original_body: 'body of f3', note: '' },
  ]);
  expect(await ask('SELECT * EXCEPT (first_at, last_at, source, stage) FROM failed_reasons')).toEqual([
    {
      ...{ code: 'event_bad_time', path: '$.batch[*].timestamp', events: 1, fixed: 0, replayed: 1, dismissed: 1 },
      ...{ reason: 'of f3', failure_id: 'f3' },
    },
  ]);
  await warehouse.close();
});
