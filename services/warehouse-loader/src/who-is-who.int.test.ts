import {
  type Change,
  type Directive,
  type EventLog,
  type FailedEvent,
  GROUPS,
  type Resolved,
  TOPICS,
} from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { createHealth, createLogger, createMetrics, type Service, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createWarehouseLoader } from './app.ts';
import {
  change,
  config,
  interaction,
  NOON,
  orderEvent,
  resolved,
  temporaryDirectory,
  WORKSPACE,
} from './test-support.ts';

const OTHER = 'bank';
const AVRO_MAIL = 'ann.lee.0001@example.com';
const LONG_MAIL = `${'l'.repeat(53)}@example.com`;
const TOPIC_NAMES = [TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.directives].map(({ name }) => name);

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let log: EventLog;
let warehouse: Warehouse;
let loader: Service;

const startLoader = async () => {
  const logger = createLogger({ name: 'loader', level: 'silent' });
  const common = { clock: systemClock, metrics: createMetrics(), health: createHealth(), logger };
  loader = createWarehouseLoader({ log, warehouse, config, verifyMs: 100, ...common });
  await loader.start();
};

beforeAll(async () => {
  directory = await temporaryDirectory();
  log = await openEventLog({ dataDir: directory.path, clientId: 'test' });
  await log.ensureTopics(topicSpecs(30));
  warehouse = await openWarehouse({ dataDir: directory.path });
  await warehouse.migrate();
  await startLoader();
});
afterAll(async () => {
  await loader.stop();
  await warehouse.close();
  await log.close();
  await directory[Symbol.asyncDispose]();
});

let sequence = 0;
const write = (...values: readonly Resolved[]) =>
  createTopicWriter<Resolved>(log, 'resolved').append(
    values.map((value) => ({
      key: value.profileId,
      value: { ...value, interaction: { ...value.interaction, receipt: { collector: 'c1', sequence: ++sequence } } },
    })),
  );
const writeChange = (...values: readonly Change[]) =>
  createTopicWriter<Change>(log, 'changes').append(values.map((value) => ({ key: value.profileId, value })));
const decide = (id: string, more: Partial<Directive> = {}) =>
  createTopicWriter<Directive>(log, 'directives').append([{ key: WORKSPACE, value: { ...DIRECTIVE, id, ...more } }]);
const settled = () =>
  vi.waitFor(
    async () => {
      const ends = (await Promise.all(TOPIC_NAMES.map((topic) => log.ranges(topic)))).flat();
      const committed = new Map(
        (await log.committed(GROUPS.loader, TOPIC_NAMES)).map((at) => [`${at.topic}/${at.partition}`, at.offset]),
      );
      const open = ends.filter(
        ({ topic, partition, latest }) => latest > (committed.get(`${topic}/${partition}`) ?? 0),
      );
      expect(open).toEqual([]);
    },
    { timeout: 20_000, interval: 30 },
  );
const ask = <T = Record<string, unknown>>(sql: string, workspace = WORKSPACE) => warehouse.query<T>(sql, { workspace });

const DIRECTIVE: Directive = {
  ...{ id: '', workspace: WORKSPACE, issuedAt: NOON, actor: 'Eve (key 12345678)', reason: 'a mistake', kind: 'unlink' },
  ...{ pairs: [], source: null, profileId: null, erased: [], consent: null, document: null, base: null, model: null },
};
const cannot = (a: string, b: string) => ({ a, b, verb: 'cannot' as const, weight: null, detail: '' });
const time = (second: number) => `2024-05-01 12:00:${String(second).padStart(2, '0')}.000000`;
const at = (second: number) => NOON + second * 1_000_000;
const step = (profileId: string, second: number, keys: readonly string[], more: Partial<Change> = {}): Change => ({
  ...change(profileId, at(second), keys),
  ...{ occurredAt: at(second), ...more },
});
const gone = (profileId: string, second: number, more: Partial<Change>): Change =>
  step(profileId, second, [], { after: null, ...more });

it('shows each decision once, however often it is read, with who decided and why, to its own workspace', async () => {
  const pairs = [
    cannot('email:a@x.y', 'user_id:u1'),
    { a: 'email:a@x.y', b: 'phone:+1', verb: 'link' as const, weight: 7.25, detail: '{}' },
  ];
  await decide('d1', { pairs });
  await decide('d1', { pairs });
  await decide('d2', { kind: 'erase', profileId: 'p', erased: ['h1', 'h2'], issuedAt: NOON + 1 });
  await decide('d3', { kind: 'consent', consent: { owner: 'email:a@x.y', purpose: 'mail', granted: false } });
  await decide('d4', { workspace: OTHER });
  await settled();
  const columns = 'directive_id AS id, kind, actor, reason, pairs, profile_id, erased, owner, purpose, granted';
  const rows = await ask(`SELECT ${columns}, toString(issued_at) AS at FROM kenal.directives ORDER BY id`);
  const common = { actor: 'Eve (key 12345678)', reason: 'a mistake', at: time(0) };
  const none = { pairs: [], profile_id: '', erased: 0, owner: '', purpose: '', granted: null };
  expect(rows).toEqual([
    {
      ...{ id: 'd1', kind: 'unlink', ...common, ...none },
      pairs: [
        { a: 'email:a@x.y', b: 'user_id:u1', verb: 'cannot', weight: null },
        { a: 'email:a@x.y', b: 'phone:+1', verb: 'link', weight: 7.25 },
      ],
    },
    { id: 'd2', kind: 'erase', ...common, ...none, profile_id: 'p', erased: 2, at: '2024-05-01 12:00:00.000001' },
    { id: 'd3', kind: 'consent', ...common, ...none, owner: 'email:a@x.y', purpose: 'mail', granted: false },
  ]);
  expect(await ask('SELECT directive_id FROM kenal.directives', OTHER)).toEqual([{ directive_id: 'd4' }]);
  expect(await warehouse.query('SELECT count() AS n FROM kenal.directives')).toEqual([{ n: 0 }]);
});

it('tells who had which identifier at any time, and for why', async () => {
  const partition = (second: number, workspace = WORKSPACE) =>
    ask<{ key: string; profile_id: string }>(
      `SELECT key, profile_id FROM kenal.identity_partition(at = '${time(second)}') WHERE startsWith(value, 'log-') ORDER BY key`,
      workspace,
    ).then((rows) => Object.fromEntries(rows.map(({ key, profile_id }) => [key, profile_id])));
  const merge = [
    step('B', 20, ['email:log-e'], {
      assigned: [{ type: 'email', value: 'log-e', key: 'email:log-e', from: 'A' }],
      cause: { messageId: 'm20', source: 'web', rule: 'link' },
    }),
    gone('A', 20, { type: 'merged', mergedInto: 'B' }),
  ];
  const unlink = [
    step('B', 30, [], { type: 'split', splitInto: ['A'], released: ['device_id:log-d'] }),
    step('A', 30, ['email:log-e'], {
      assigned: [{ type: 'email', value: 'log-e', key: 'email:log-e', from: 'B' }],
      cause: { messageId: 'd9', source: '', rule: 'unlink' },
    }),
  ];
  await writeChange(step('A', 10, ['email:log-e']), step('B', 10, ['user_id:log-u', 'device_id:log-d']), ...merge, {
    ...step('Z', 10, ['email:log-e']),
    workspace: OTHER,
  });
  await writeChange(...unlink, ...merge); // read twice, and out of order
  await settled();
  const before = { 'email:log-e': 'A', 'user_id:log-u': 'B', 'device_id:log-d': 'B' };
  const merged = { ...before, 'email:log-e': 'B' };
  const apart = { 'email:log-e': 'A', 'user_id:log-u': 'B' };
  for (const [second, expected] of [
    [9, {}],
    [10, before],
    [19, before],
    [20, merged],
    [29, merged],
    [30, apart],
    [59, apart],
  ] as const)
    expect(await partition(second), `after ${second} s`).toEqual(expected);
  expect(await partition(59, OTHER)).toEqual({ 'email:log-e': 'Z' });
  const today = await ask<{ key: string; p: string }>(
    "SELECT concat(type, ':', value) AS key, profile_id AS p FROM kenal.profile_identifiers WHERE startsWith(value, 'log-')",
  );
  expect(Object.fromEntries(today.map(({ key, p }) => [key, p]))).toEqual(apart);
  const story = await ask(
    "SELECT profile_id AS p, from_profile_id AS f, cause_message_id AS m, cause_rule AS r FROM kenal.identity_log WHERE key = 'email:log-e' ORDER BY version",
  );
  expect(story).toEqual([
    { p: 'A', f: '', m: 'm', r: 'test' },
    { p: 'B', f: 'A', m: 'm20', r: 'link' },
    { p: 'A', f: 'B', m: 'd9', r: 'unlink' },
  ]);
});

it('gives what a revoked source brought to nobody, and all of it back when that is taken back', async () => {
  const bad = { source: 'bad-import' };
  const view = () =>
    ask(
      "SELECT message_id AS m, profile_id AS p FROM kenal.interactions WHERE startsWith(message_id, 'rev-') ORDER BY m",
    );
  const counts = () =>
    ask(
      "SELECT profile_id AS p, interactions AS n FROM kenal.profiles WHERE profile_id IN ('R', 'S', 'T') ORDER BY profile_id",
    );
  await write(
    resolved(interaction('rev-1'), 'user_id:rev-u', 'R', at(1)),
    resolved(interaction('rev-2', bad), 'user_id:rev-u', 'R', at(1)),
    resolved(interaction('rev-3', bad), 'email:rev-e', 'S', at(1)),
  );
  await writeChange(step('R', 1, ['user_id:rev-u']), step('S', 1, ['email:rev-e']));
  await settled();
  const [whole, people] = [await view(), await counts()];
  expect(people).toEqual([
    { p: 'R', n: 2 },
    { p: 'S', n: 1 },
  ]);
  const revoke = { kind: 'revoke' as const, source: bad.source };
  const nobodys = { type: 'erased' as const, cause: { messageId: 'r', source: '', rule: 'revoke' } };
  await decide('r1', { ...revoke, issuedAt: at(2) });
  await writeChange(gone('S', 3, { ...nobodys, released: ['email:rev-e'] }));
  await settled();
  expect(await view()).toEqual([
    { m: 'rev-1', p: 'R' },
    { m: 'rev-2', p: '' },
    { m: 'rev-3', p: '' },
  ]);
  expect(await counts()).toEqual([{ p: 'R', n: 1 }]);
  await decide('r2', { ...revoke, kind: 'clear', issuedAt: at(4) });
  await writeChange(step('S', 5, ['email:rev-e']));
  await decide('r1', { ...revoke, issuedAt: at(2) }); // read again
  await settled();
  expect([await view(), await counts()]).toEqual([whole, people]);
  // Revoked again; meanwhile its identifier turns up with somebody else
  await decide('r3', { ...revoke, issuedAt: at(6) });
  await writeChange(gone('S', 7, { ...nobodys, released: ['email:rev-e'] }));
  await settled();
  await writeChange(step('T', 8, ['email:rev-e']));
  await decide('r4', { ...revoke, kind: 'clear', issuedAt: at(9) });
  await settled();
  expect(await view()).toEqual([...whole.slice(0, 2), { m: 'rev-3', p: 'T' }]);
});

it('gives the rows of an owner whom nobody had to the first profile that has it, whichever is read first', async () => {
  const view = () =>
    ask(
      "SELECT message_id AS m, profile_id AS p FROM kenal.interactions WHERE startsWith(message_id, 'first-') ORDER BY m",
    );
  const [early, late] = ['first-1', 'first-2'].map((id) => resolved(interaction(id), `user_id:${id}`, '', 0));
  await write(early!);
  await settled();
  expect(await view()).toEqual([{ m: 'first-1', p: '' }]);
  await writeChange(step('F', 5, ['user_id:first-1', 'user_id:first-2']));
  await settled();
  await write(late!);
  await settled();
  const theirs = ['first-1', 'first-2'].map((m) => ({ m, p: 'F' }));
  expect(await view()).toEqual(theirs);
  await loader.stop();
  await write(early!, late!); // read again
  await startLoader();
  await settled();
  expect(await view()).toEqual(theirs);
});

it('shows nothing of an erased person in any view, whatever is read again, and all of whoever comes after', async () => {
  const mine = [resolved(interaction('er-1', { traits: '{"name":"Ann Canary"}' }), 'email:canary@x.y', 'E', at(1))];
  const order = orderEvent('er-2', 'Order Completed', {
    ...{ order_id: 'canary-order', total: 5, products: [{ product_id: 'p', quantity: 1, price: 5 }] },
  });
  mine.push(resolved(order, 'user_id:canary', 'E', at(1)));
  const others = { ...mine[0]!, interaction: { ...mine[0]!.interaction, workspace: OTHER } };
  const failed = (failureId: string, body: string, receivedAt = at(1)): FailedEvent => ({
    ...{ failureId, workspace: WORKSPACE, source: 'web', messageId: failureId, receivedAt, failedAt: receivedAt },
    ...{ stage: 'collector', code: 'bad_json', path: '$', reason: 'x', contentType: 'text/plain', receipt: null },
    frame: '',
    change: null,
    body: Buffer.from(body, 'latin1'),
  });
  const inAvro = { stage: 'resolver', contentType: 'application/avro' } as const;
  const refuse = (...events: readonly FailedEvent[]) =>
    createTopicWriter<FailedEvent>(log, 'failed').append(events.map((value) => ({ key: 'k', value })));
  const refused = [
    failed('er-f1', '{"userId":"Canary"}'),
    failed('er-f2', 'email=CANARY@x.y&a=1'),
    failed('er-f3', '{"userId":"canarybird"}'),
    // Before the text stands its length, 24 as '0' and 130 as '\x82\x01'
    { ...failed('er-a1', `x\x0c0${AVRO_MAIL}\x14next-field`), ...inAvro },
    { ...failed('er-a2', `x\x82\x01${LONG_MAIL}\x14next-field`), ...inAvro },
    { ...failed('er-a3', `x\x0cB${AVRO_MAIL}${AVRO_MAIL}`), ...inAvro },
  ];
  const created = step('E', 1, ['email:canary@x.y', 'user_id:canary', `email:${AVRO_MAIL}`, `email:${LONG_MAIL}`]);
  const keys = created.assigned.map(({ key }) => key);
  const erasure = gone('E', 10, {
    ...{ type: 'erased', released: keys, cause: { messageId: 'd', source: '', rule: 'erase' } },
  });
  // A view that reads other views only shows nothing that those do not: asked are the others. Of `interaction_facts`, which
  // is hidden from readers for it masks nothing, whatever reads it is asked before and after the erasure
  const views = await warehouse.query<{ name: string; text: string; direct: number }>(
    `WITH extractAll(create_table_query, 'kenal\\.\\w+') AS read,
       (SELECT groupArray(concat('kenal.', name)) FROM system.tables WHERE database = 'kenal' AND engine != 'View') AS tables
     SELECT name, create_table_query AS text, hasAny(read, tables) AS direct FROM system.tables
     WHERE database = 'kenal' AND engine = 'View' AND name != 'interaction_facts'
       AND (direct OR has(read, 'kenal.interaction_facts'))`,
  );
  const seen = async (workspace = WORKSPACE, asked = views.filter(({ direct }) => direct)) => {
    const found: string[] = [];
    for (const { name, text } of asked) {
      const types = new Map([...text.matchAll(/\{(\w+):(\w+)/g)].map(([, parameter, type]) => [parameter!, type!]));
      const values = Array.from(types, ([one, type]) => `${one} = ${type.startsWith('Date') ? "'2100-01-01'" : 30}`);
      const from = `kenal.${name}${values.length === 0 ? '' : `(${values.join()})`}`;
      // Some take long to plan, and a reader's query may take 10 s only
      const rows = await warehouse.query(`SELECT * FROM ${from}`, { workspace, role: 'writer' });
      if (/canary(?!bird)/i.test(JSON.stringify(rows))) found.push(name);
    }
    return found.sort();
  };

  await write(...mine, others);
  await writeChange(created, { ...created, workspace: OTHER });
  await refuse(...refused);
  await decide('e1', { pairs: [cannot('email:canary@x.y', 'user_id:u7')], reason: 'the canary is another' });
  await settled();
  expect(await seen(WORKSPACE, views)).toEqual([
    ...['directives', 'failed_events', 'identity_log', 'interactions', 'line_moves', 'order_items'],
    ...['order_states', 'profile_identifiers', 'profiles'],
  ]);
  const elsewhere = await seen(OTHER);
  expect(elsewhere).toContain('interactions');

  await writeChange(erasure);
  await settled();
  expect(await seen(WORKSPACE, views)).toEqual([]);
  expect(await seen(OTHER)).toEqual(elsewhere);
  expect(await ask("SELECT reason, pairs FROM kenal.directives WHERE directive_id = 'e1'")).toEqual([
    { reason: '', pairs: [{ a: '', b: 'user_id:u7', verb: 'cannot', weight: null }] },
  ]);
  expect(
    await ask("SELECT message_id FROM kenal.failed_events WHERE startsWith(message_id, 'er-') ORDER BY 1"),
  ).toEqual([{ message_id: 'er-a3' }, { message_id: 'er-f3' }]);

  // Everything is read again in another order, by a process that starts anew, and a late copy comes
  await loader.stop();
  await write(...mine);
  await refuse(...refused);
  await writeChange(erasure, created);
  await startLoader();
  await settled();
  expect(await seen()).toEqual([]);
  await refuse(failed('er-f4', '{"userId":"canary"}'));
  await settled();
  expect(await seen()).toEqual([]);

  // The same identifier after the erasure is another life, also once it joins somebody
  await write(resolved(interaction('er-new'), 'email:canary@x.y', 'N', at(20)));
  await refuse(failed('er-f5', '{"userId":"canary"}', at(20)));
  await writeChange(step('N', 20, ['email:canary@x.y']), erasure);
  await writeChange(
    step('M', 30, [], { assigned: [{ type: 'email', value: 'canary@x.y', key: 'email:canary@x.y', from: 'N' }] }),
  );
  await settled();
  expect(
    await ask("SELECT message_id AS m, profile_id AS p FROM kenal.interactions WHERE owner = 'email:canary@x.y'"),
  ).toEqual([{ m: 'er-new', p: 'M' }]);
  expect(
    await ask("SELECT message_id AS m FROM kenal.failed_events WHERE message_id IN ('er-f1', 'er-f4', 'er-f5')"),
  ).toEqual([{ m: 'er-f5' }]);
  expect(await ask("SELECT count() AS n FROM kenal.identity_log WHERE key = 'email:canary@x.y'")).toEqual([{ n: 2 }]);
  // Nothing that was let go keeps every load looking for its return
  expect(
    await ask("SELECT owner FROM kenal.profile_overrides WHERE profile_id = '' AND owner LIKE '%canary%'"),
  ).toEqual([]);
}, 120_000);
