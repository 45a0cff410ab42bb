import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyErased, openWarehouse, type Warehouse } from './index.ts';
import { interactionRow, NOON, temporaryMigrated, WORKSPACE } from './test-support.ts';

const resources = new AsyncDisposableStack();
let warehouse: Warehouse;
const ERASED_AT = NOON + 1e9;
const erase = (...keys: readonly string[]): Promise<void> =>
  applyErased(
    warehouse,
    keys.map((key) => ({ workspace: WORKSPACE, key, ver: ERASED_AT })),
  );
beforeAll(async () => {
  const directory = resources.use(await temporaryMigrated());
  warehouse = resources.adopt(await openWarehouse({ dataDir: directory.path }), (one) => one.close());
  await warehouse.migrate();
});
afterAll(() => resources.disposeAsync());

const insert = (...rows: readonly object[]): Promise<void> => warehouse.insert('kenal.interaction_rows', rows);
/** A row of Bob's, which is hidden with nobody but him. */
const bobs = (id: string, fields: object): object =>
  interactionRow(id, { owner: 'user_id:bob', profile_id: 'p-bob', ver: 1, ...fields });
const shown = (columns: string, id: string) =>
  warehouse.query(`SELECT ${columns} FROM interactions WHERE message_id = {id:String}`, {
    workspace: WORKSPACE,
    params: { id },
  });
const mail = (value: string) => ({ type: 'email', value });

test('who was erased is named in nobody’s interaction any more, in whatever spelling, and others stay', async () => {
  const participants = [
    { role: 'from', identifiers: [mail('bob@example.com')] },
    { role: 'cc', identifiers: [mail('A.nn+shop@Googlemail.com'), { type: 'phone', value: '020 7946 0000' }] },
    { role: 'agent', identifiers: [{ type: 'crm_id', value: '7' }] },
  ];
  const properties = {
    cc: 'Ann <ann@example.com>, joann@example.com',
    text: 'Hi\nann@example.com. Yours\\ann@example.com',
    from: '+442079460000',
    to: '+442079460001',
    national: '(020) 7946-0000',
    number: 442079460000,
    order: '2026-12-31',
    link: 'https://x.example/?e=Ann%40example.com&n=1',
  };
  await insert(
    bobs('named', {
      ...{ participants, properties: JSON.stringify(properties), context: '{"page":{"url":"mailto:ann@example.com"}}' },
      ...{ user_id: 'bob', identifiers: [{ type: 'user_id', value: 'bob' }, mail('ann@example.com')] },
      ...{
        identifiers_sent: [mail('ANN@example.com')],
        conversation_id: 'line/442079460000',
        traits: '{"é":"ann@example.com"}',
      },
    }),
    bobs('later', { properties: '{"cc":"ann@example.com"}', occurred_at: ERASED_AT + 1, received_at: ERASED_AT + 1 }),
    bobs('other', { properties: '{"cc":"joann@example.com"}' }),
  );
  const before = await shown('*', 'other');
  expect(await shown('properties', 'named')).toEqual([{ properties: JSON.stringify(properties) }]);
  await erase('email:ann@example.com', 'email:ann@gmail.com', 'phone:+442079460000', 'crm_id:7');
  const [row] = await shown(
    'participants, properties, context, traits, user_id, identifiers, identifiers_sent, conversation_id',
    'named',
  );
  expect(row).toEqual({
    participants: [
      { role: 'from', identifiers: [mail('bob@example.com')] },
      { role: 'cc', identifiers: [mail('erased'), { type: 'phone', value: 'erased' }] },
      { role: 'agent', identifiers: [{ type: 'crm_id', value: 'erased' }] },
    ],
    properties: JSON.stringify({
      ...properties,
      cc: 'Ann <erased>, joann@example.com',
      text: 'Hi\nerased. Yours\\erased',
      ...{ from: 'erased', national: '(erased', number: 0 },
      link: 'https://x.example/?e=erased&n=1',
    }),
    context: '{"page":{"url":"mailto:erased"}}',
    traits: '{"é":"erased"}',
    user_id: 'bob',
    identifiers: [{ type: 'user_id', value: 'bob' }, mail('erased')],
    identifiers_sent: [mail('erased')],
    conversation_id: 'line/0',
  });
  expect(await shown('properties', 'later')).toEqual([{ properties: '{"cc":"ann@example.com"}' }]);
  expect(await shown('*', 'other')).toEqual(before);
  const found = await warehouse.query(
    'SELECT message_id FROM interactions WHERE match(toString(tuple(*)), {word:String})',
    {
      ...{ workspace: WORKSPACE, params: { word: '(?i)[^o]ann@(example|gmail)|7946.?0000' } },
    },
  );
  expect(found).toEqual([{ message_id: 'later' }]);
});

test('an account that is called by somebody’s address, and an id that holds one, name nobody who was erased', async () => {
  await insert(
    bobs('acc-1', { account_id: 'Gus@Example.com' }),
    bobs('acc-2', { account_id: 'gus-and-sons' }),
    bobs('acc-3', { account_id: '7' }),
  );
  const receipt = (id: string, sequence: number) => ({
    ...{ workspace: WORKSPACE, source: 'web', minute: NOON / 1e6, collector: 'c', sequence, refused: 0 },
    ...{ message_id: id, content_hash: sequence, stored_at: NOON },
  });
  const ids = ['<m1@shop.example>#gus@example.com', 'plain-1'];
  await warehouse.insert(
    'kenal.receipts',
    ids.flatMap((id, i) => [receipt(id, 2 * i + 1), receipt(id, 2 * i + 2)]),
  );
  await erase('email:gus@example.com', 'user_id:7');
  const accounts = "SELECT account_id FROM interactions WHERE message_id LIKE 'acc-%' ORDER BY message_id";
  expect(await warehouse.query(accounts, { workspace: WORKSPACE })).toEqual(
    ['erased', 'gus-and-sons', '7'].map((account_id) => ({ account_id })),
  );
  const conflicts = 'SELECT message_id, copies FROM conflicting_ids ORDER BY message_id';
  expect(await warehouse.query(conflicts, { workspace: WORKSPACE })).toEqual([
    { message_id: 'erased', copies: 2 },
    { message_id: 'plain-1', copies: 2 },
  ]);
});

test('a row that comes late, or stood there before mentions were noted, names nobody either', async () => {
  await erase('phone:+442079460000');
  await insert(bobs('late', { properties: '{"from":"+44 20 7946 0000"}' }));
  expect(await shown('properties', 'late')).toEqual([{ properties: '{"from":"erased"}' }]);
  const run = async (statement: string): Promise<void> => {
    await (await warehouse.raw(statement, { role: 'writer' })).stream.resume().toArray();
  };
  await run('DROP VIEW kenal.interactions');
  await run('ALTER TABLE kenal.interaction_rows DROP COLUMN mentions');
  await run("DELETE FROM kenal.migrations WHERE name LIKE '%mentions%' OR name LIKE 'views%'");
  await warehouse.migrate();
  expect(await shown('properties', 'late')).toEqual([{ properties: '{"from":"erased"}' }]);
  const calls = bobs('call', {
    ...{ channel: 'phone', name: 'Call Completed', conversation_id: 'c1' },
    properties: '{"leg_id":"c1","from":"+442079460000","to":"+442079460001"}',
  });
  await insert(calls);
  expect(await warehouse.query('SELECT from_number, to_number FROM calls', { workspace: WORKSPACE })).toEqual([
    { from_number: 'erased', to_number: '+442079460001' },
  ]);
});
