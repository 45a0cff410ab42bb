import { expect, test } from 'vitest';
import { applyErased, hideFailed, openWarehouse } from './index.ts';
import { temporaryMigrated, WORKSPACE } from './test-support.ts';

const RECEIVED = Date.UTC(2026, 10, 1) * 1_000;

test('a refused event is hidden with the person whom its bytes, its call or its repair name, and no other is', async () => {
  await using directory = await temporaryMigrated();
  const warehouse = await openWarehouse({ dataDir: directory.path });
  await warehouse.migrate();
  const failed = (id: string, more: object) => ({
    ...{ workspace: WORKSPACE, source: 'web', failure_id: id, received_at: RECEIVED, failed_at: RECEIVED, body: '{}' },
    ...more,
  });
  // As it was written before the resolver left the id out
  await warehouse.insert('kenal.failed_rows', [
    failed('late', { code: 'event_erased', message_id: '<m1@x.y>/canary@x.y', body: '' }),
  ]);
  const repaired = (id: string, body: string) => ({
    ...{ workspace: WORKSPACE, source: 'web', failure_id: id, state: 'fixed', at: RECEIVED + 1, body },
  });
  await warehouse.insert('kenal.failed_rows', [
    failed('bytes', { body: '{"email":"canary@x.y"}' }),
    failed('call', { frame: '{"context":{"traits":{"email":"Canary@X.y"}}}' }),
    failed('repair', {}),
    failed('other', { body: '{"email":"canary@x.yz"}', frame: '{"anonymousId":"a"}' }),
    // However it is written, by the bytes or by the repair
    failed('number', { body: 'tel=(020) 7946-0000&x=1', content_type: 'application/x-www-form-urlencoded' }),
    failed('dotted', {}),
    failed('later', { body: '{"email":"canary@x.y"}', received_at: RECEIVED + 1e9 }),
    { ...failed('bytes', { body: '{"email":"canary@x.y"}' }), workspace: 'bank' },
  ]);
  await warehouse.insert('kenal.failed_change_rows', [
    repaired('repair', '{"email":"canary@x.y"}'),
    repaired('dotted', '{"email":"Cana.ry+news@Gmail.com"}'),
    repaired('other', '{"email":"ann@x.y"}'),
  ]);
  const erased = ['email:canary@x.y', 'email:canary@gmail.com', 'phone:+442079460000'].map((key) => ({
    ...{ workspace: WORKSPACE, key, ver: RECEIVED + 10 },
  }));
  await applyErased(warehouse, erased);
  await hideFailed(warehouse, WORKSPACE, erased.slice(0, 1));
  const shown = (workspace: string) =>
    warehouse.query('SELECT failure_id, state FROM failed_events ORDER BY failure_id', { workspace });
  expect(await shown(WORKSPACE)).toEqual([
    { failure_id: 'late', state: 'erased' },
    { failure_id: 'later', state: 'open' },
    { failure_id: 'other', state: 'fixed' },
  ]);
  const late = "SELECT message_id FROM failed_events WHERE failure_id = 'late'";
  expect(await warehouse.query(late, { workspace: WORKSPACE })).toEqual([{ message_id: '' }]);
  expect(await shown('bank')).toHaveLength(1);
  await warehouse.close();
});
