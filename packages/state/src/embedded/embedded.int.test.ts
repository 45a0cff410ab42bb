import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { commitOf } from '../contract/place.ts';
import { nextLine, spawnChild } from '../contract/spawn.ts';
import { identityStateContract } from '../contract/suite.ts';
import { openEmbeddedState } from './index.ts';

const dirs: string[] = [];
function dataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'kenal-state-'));
  dirs.push(dir);
  return dir;
}
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

identityStateContract('SQLite', async () => ({ dataDir: dataDir(), leaseMs: 600 }));

test('whatever tail of the log a power cut takes, evidence is there up to the processed offset', async () => {
  const dir = dataDir();
  const child = spawnChild('commitForever', { dataDir: dir }, 'w');
  while (Number(await nextLine(child)) < 60);
  await child.kill();
  const wal = join(dir, 'state', 'identity.db-wal');
  const size = statSync(wal).size;
  const offsets = new Set<number>();
  for (let cut = 0; cut < 40; cut += 1) {
    const copy = dataDir();
    mkdirSync(join(copy, 'state'));
    copyFileSync(join(dir, 'state', 'identity.db'), join(copy, 'state', 'identity.db'));
    copyFileSync(wal, join(copy, 'state', 'identity.db-wal'));
    truncateSync(join(copy, 'state', 'identity.db-wal'), Math.floor((size * cut) / 39));
    const state = await openEmbeddedState({ dataDir: copy });
    const offset = (await state.processed(['w'], [0]))[0]!.offset;
    const keys = Array.from({ length: Math.max(0, offset) }, (_, n) => `user_id:${n}`);
    expect((await state.load('w', keys)).components.size).toBe(keys.length);
    offsets.add(offset);
    await state.close();
  }
  expect(offsets.has(-1)).toBe(true);
  expect(offsets.size).toBeGreaterThan(10); // the cuts fell at many places
});

test('a relay that died before the clock was set back holds up nobody', async () => {
  const dir = dataDir();
  const state = await openEmbeddedState({ dataDir: dir });
  await state.commit('w', [commitOf('a', 0, { outbox: [{ key: 'k', value: Buffer.from('1') }] })]);
  const db = new DatabaseSync(join(dir, 'state', 'identity.db'));
  db.prepare('INSERT INTO lease VALUES (?, ?, ?)').run('w', 'the dead', Date.now() + 3_600_000);
  db.close();
  expect(await state.relay('w', 'next', 10, async () => {})).toMatchObject({ sent: 1 });
  await state.close();
});

test('a data directory of before there were shelves goes on with its data and gets them', async () => {
  const dir = dataDir();
  const before = await openEmbeddedState({ dataDir: dir });
  await before.commit('w', [commitOf('a', 0, { point: ['user_id:1'] })]);
  await before.close();
  const db = new DatabaseSync(join(dir, 'state', 'identity.db'));
  db.exec('DROP TABLE shelved; DROP TABLE shelf'); // index and trigger go with them
  expect(db.prepare(`SELECT name FROM sqlite_schema WHERE name LIKE 'shel%'`).all()).toEqual([]);
  db.close();
  const state = await openEmbeddedState({ dataDir: dir });
  const park = new Map([['x:1', { centre: 'user_id:1', text: 't' }]]);
  const shelve = [{ centre: 'user_id:1', leaf: 'x:1', rank: 1 }];
  expect(await state.commit('w', [commitOf('a', 1, { park, shelve })])).toEqual([true]);
  const { pointers, shelves } = await state.load('w', ['x:1'], [{ centre: 'user_id:1', limit: 1 }]);
  expect(pointers).toEqual(new Map([['x:1', 'a']]));
  expect(shelves.get('user_id:1')).toEqual({ entries: [{ leaf: 'x:1', rank: 1, text: 't' }], size: 1 });
  await state.close();
});

test('an emptied or forgotten shelf leaves no rows', async () => {
  const dir = dataDir();
  const state = await openEmbeddedState({ dataDir: dir });
  const at = (centre: string, rank: number | null) => ['x:1', 'x:2'].map((leaf) => ({ centre, leaf, rank }));
  await state.commit('w', [
    commitOf('a', 0, { shelve: [...at('x:emptied', 1), ...at('x:forgotten', 1)] }),
    commitOf('a', 1, { shelve: [...at('x:emptied', null), ...at('x:never', null)], forget: ['x:forgotten'] }),
  ]);
  const db = new DatabaseSync(join(dir, 'state', 'identity.db'));
  expect([db.prepare('SELECT * FROM shelf').all(), db.prepare('SELECT * FROM shelved').all()]).toEqual([[], []]);
  db.close();
  await state.close();
});

test('a file that is no database is called damaged, not a crash', async () => {
  const dir = dataDir();
  mkdirSync(join(dir, 'state'));
  writeFileSync(join(dir, 'state', 'identity.db'), 'this is not a database, it only has the place of one'.repeat(100));
  await expect(openEmbeddedState({ dataDir: dir })).rejects.toMatchObject({ code: 'data_damaged' });
});
