import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS, migrate, openWarehouse, type Warehouse } from './index.ts';
import { splitStatements } from './split-statements.ts';
import { interactionRow, temporaryDirectory, WORKSPACE } from './test-support.ts';

const JSON_COLUMNS = ['traits', 'properties', 'context', 'extra'];
const PARTS = { a: { b: ['x', 'y'] }, day: 'Friday', list: [{ k: 'v' }, { l: 1 }] };

describe('migrations', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let folder: string;
  let warehouse: Warehouse;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    folder = join(directory.path, 'migrations');
    await mkdir(folder);
    warehouse = await openWarehouse({ dataDir: directory.path });
    await warehouse.migrate();
  });
  afterAll(async () => {
    await warehouse.close();
    await directory[Symbol.asyncDispose]();
  });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);

  it('run once, in order, each written down when it is done', async () => {
    expect(await warehouse.migrate()).toEqual([]);
    await write('0101_b.sql', "INSERT INTO kenal.log_of_test VALUES ('b;--');");
    await write('0100_a.sql', '-- a; comment\nCREATE TABLE IF NOT EXISTS kenal.log_of_test (t String) ENGINE = Log;');
    expect(await migrate(warehouse, { directory: folder })).toEqual(['0100_a.sql', '0101_b.sql']);
    expect(await migrate(warehouse, { directory: folder })).toEqual([]);
    expect(await warehouse.query('SELECT t FROM kenal.log_of_test')).toEqual([{ t: 'b;--' }]);
  });

  it('refuse a file that has changed since', async () => {
    await write('0101_b.sql', 'SELECT 1');
    await expect(migrate(warehouse, { directory: folder })).rejects.toMatchObject({ code: 'bad_config' });
    await write('0101_b.sql', "INSERT INTO kenal.log_of_test VALUES ('b;--');");
  });

  it('run the views again whenever their text has changed', async () => {
    const view = (n: number) => `CREATE OR REPLACE VIEW kenal.view_of_test AS SELECT ${n} AS n`;
    for (const n of [1, 2]) {
      await write('views.sql', view(n));
      expect(await migrate(warehouse, { directory: folder })).toEqual(['views.sql']);
      expect(await migrate(warehouse, { directory: folder })).toEqual([]);
      expect(await warehouse.query('SELECT n FROM kenal.view_of_test')).toEqual([{ n }]);
    }
  });

  it('run a file again that was cut off in the middle', async () => {
    await write('0102_c.sql', 'CREATE TABLE IF NOT EXISTS kenal.half (a UInt8) ENGINE = Log; SELECT nonsense;');
    await expect(migrate(warehouse, { directory: folder })).rejects.toMatchObject({ code: 'sql_failed' });
    await write('0102_c.sql', 'CREATE TABLE IF NOT EXISTS kenal.half (a UInt8) ENGINE = Log; SELECT 1;');
    expect(await migrate(warehouse, { directory: folder })).toEqual(['0102_c.sql']);
  });

  it('of this repository can be run again from any point', async () => {
    for (const name of (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort())
      for (const statement of splitStatements(await readFile(join(MIGRATIONS, name), 'utf8')))
        await (await warehouse.raw(statement, { role: 'writer' })).stream.resume().toArray();
  });
});

it('have customer days folded anew wherever the text of a view changes that they come from', async () => {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.startsWith('views'));
  const texts = await Promise.all(files.map((file) => readFile(join(MIGRATIONS, file), 'utf8')));
  const views = new Map(
    texts.flatMap((text, at) =>
      splitStatements(text).map((sql) => [/VIEW kenal\.(\w+)/.exec(sql)?.[1] ?? '', { sql, at }] as const),
    ),
  );
  const read = new Set(['customer_history']);
  for (const view of read)
    for (const [, name] of views.get(view)!.sql.matchAll(/kenal\.(\w+)/g)) if (views.has(name!)) read.add(name!);
  expect([...read]).toEqual(expect.arrayContaining(['order_moves', 'order_states', 'interaction_facts']));
  const lacking = [...read].filter(
    (view) => !texts[views.get(view)!.at]!.includes('TRUNCATE TABLE IF EXISTS kenal.customer_day_marks'),
  );
  expect(lacking).toEqual([]);
});

it('show rows that were written before 0008 and 0010 as they were', async () => {
  await using directory = await temporaryDirectory();
  await using undo = new AsyncDisposableStack();
  const warehouse = await openWarehouse({ dataDir: directory.path });
  undo.defer(() => warehouse.close());
  const folder = join(directory.path, 'before');
  const older = (path: string) => !/\.sql$/.test(path) || /000[1-7]_\w+\.sql$/.test(path);
  await cp(MIGRATIONS, folder, { recursive: true, filter: older });
  await migrate(warehouse, { directory: folder });
  const pair = [{ type: 'email', value: 'a@b.c' }];
  const row = {
    ...{ context: PARTS, extra: { y: 'z' }, traits: PARTS, properties: PARTS },
    ...{ identifiers: pair, participants: [{ role: 'agent', identifiers: pair }], consent: { ads: true } },
    ...{ order_kind: 'lines', items: [{ line: 1, item_id: 'i', price: '1.5', currency: 'EUR' }], currency: 'EUR' },
  };
  await warehouse.insert('kenal.interaction_rows', [interactionRow('old', row)]);
  const stored = { workspace: WORKSPACE, profile_id: 'p', version: 1, changed_at: 0, live: true, traits: PARTS };
  await warehouse.insert('kenal.profile_rows', [stored]);
  expect(await warehouse.migrate()).toEqual(expect.arrayContaining(['0008_cheaper_rows.sql', '0010_json_as_text.sql']));
  await warehouse.insert('kenal.interaction_rows', [interactionRow('new', row), interactionRow('empty')]);
  const rows = await warehouse.query<Record<string, unknown>>(
    'SELECT * FROM kenal.interactions ORDER BY message_id DESC',
    { workspace: WORKSPACE },
  );
  const [old, fresh, empty] = rows.map(({ message_id, ...fields }) => {
    const parts = JSON_COLUMNS.map((name) => [name, JSON.parse(String(fields[name]))]);
    return { ...fields, ...Object.fromEntries(parts) };
  });
  expect(old).toEqual(fresh);
  expect(old).toMatchObject({ ...row, items: [{ item_id: 'i', price: '1.5' }] });
  expect(empty).toMatchObject(Object.fromEntries(JSON_COLUMNS.map((name) => [name, {}])));
  const [profile] = await warehouse.query<{ traits: string }>('SELECT traits FROM kenal.profiles', {
    workspace: WORKSPACE,
  });
  expect(JSON.parse(profile!.traits)).toEqual(PARTS);
});
