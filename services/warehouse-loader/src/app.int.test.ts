import type { Change, EventLog, FailedEvent, ReceiptCount, Resolved } from '@kenal/contracts';
import { GROUPS, TOPICS } from '@kenal/contracts';
import { createTopicWriter, openEventLog, topicSpecs } from '@kenal/event-log';
import { createHealth, createLogger, createMetrics, type Health, type Service, systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { type ChdbServer, createChdbServer } from '@kenal/warehouse/chdb-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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

describe('the warehouse loader', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let log: EventLog;
  let server: ChdbServer;
  let warehouse: Warehouse;
  let loader: Service;
  let health: Health;
  let sequence = 0;

  const startServer = (port = 0) => createChdbServer({ dataDir: directory.path, password: 'p', port });
  const startLoader = async () => {
    const metrics = createMetrics();
    const logger = createLogger({ name: 'loader', level: 'silent' });
    health = createHealth();
    loader = createWarehouseLoader({
      log,
      warehouse,
      config,
      clock: systemClock,
      metrics,
      health,
      logger,
      verifyMs: 200,
    });
    await loader.start();
  };

  beforeAll(async () => {
    directory = await temporaryDirectory();
    log = await openEventLog({ dataDir: directory.path, clientId: 'test' });
    await log.ensureTopics(topicSpecs(30));
    server = await startServer();
    warehouse = await openWarehouse({ clickhouseUrl: server.url, clickhousePassword: 'p' });
    await warehouse.migrate();
    await startLoader();
  });
  afterAll(async () => {
    await loader.stop();
    await warehouse.close();
    await server.close();
    await log.close();
    await directory[Symbol.asyncDispose]();
  });

  const resolvedTopic = () => createTopicWriter<Resolved>(log, 'resolved');
  const write = (values: readonly Resolved[]) =>
    resolvedTopic().append(
      values.map((value) => ({
        key: value.profileId,
        value: {
          ...value,
          interaction: { ...value.interaction, receipt: { collector: 'c1', sequence: ++sequence } },
        },
      })),
    );
  const writeChange = (value: Change) =>
    createTopicWriter<Change>(log, 'changes').append([{ key: value.profileId, value }]);
  /** Everything that stands in the loader's topics is stored and committed. */
  const settled = () =>
    vi.waitFor(
      async () => {
        const topics = [TOPICS.resolved, TOPICS.changes, TOPICS.failed, TOPICS.receipts].map(({ name }) => name);
        const ends = (await Promise.all(topics.map((topic) => log.ranges(topic)))).flat();
        const committed = new Map(
          (await log.committed(GROUPS.loader, topics)).map((at) => [`${at.topic}/${at.partition}`, at.offset]),
        );
        const open = ends.filter(
          ({ topic, partition, latest }) => latest > (committed.get(`${topic}/${partition}`) ?? 0),
        );
        expect(open).toEqual([]);
      },
      { timeout: 20_000, interval: 30 },
    );
  const ask = <T = Record<string, unknown>>(sql: string) => warehouse.query<T>(sql, { workspace: WORKSPACE });

  it('makes an acknowledged interaction queryable within two seconds', async () => {
    const begun = performance.now();
    await write([resolved(interaction('quick', { traits: '{"plan":"pro"}', userId: 'u1' }), 'user_id:u1', 'p1')]);
    await vi.waitFor(
      async () =>
        expect(
          await ask(
            "SELECT profile_id, user_id, toString(traits) AS t FROM kenal.interactions WHERE message_id = 'quick'",
          ),
        ).toEqual([{ profile_id: 'p1', user_id: 'u1', t: '{"plan":"pro"}' }]),
      { timeout: 2_000, interval: 10 },
    );
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('tells the warehouse what the configuration wants of a profile', async () => {
    await write([resolved(interaction('wants', { type: 'identify', traits: '{"name":"Ann"}' }), 'user_id:w', 'pw')]);
    await writeChange({
      ...change('pw', 5, ['user_id:w']),
      after: { traits: '{"name":"Ann"}', identifiers: [], identifierCount: 1, consent: '{}', computed: '{}' },
    });
    await settled();
    const gaps = await ask("SELECT trait, filled FROM kenal.profile_gaps WHERE source = '' ORDER BY trait");
    expect(gaps).toHaveLength(5);
    expect(gaps).toContainEqual({ trait: 'name', filled: 1 });
  });

  it('shows an interaction once, however often it comes', async () => {
    const copies = Array.from({ length: 20 }, () => resolved(interaction('often'), 'user_id:u1', 'p1'));
    for (const copy of copies) await write([copy]);
    await settled();
    expect(await ask("SELECT count() AS n FROM kenal.interactions WHERE message_id = 'often'")).toEqual([{ n: 1 }]);
  });

  it('shows profiles, their identifiers and a merge of two at once', async () => {
    await write([
      resolved(interaction('before', { occurredAt: NOON - 5 }), 'anonymous_id:x', 'pa', 10),
      resolved(interaction('after'), 'email:x@y.z', 'pb', 11),
    ]);
    await writeChange(change('pa', 10, ['anonymous_id:x']));
    await writeChange(change('pb', 11, ['email:x@y.z']));
    await settled();
    const profiles = () =>
      ask(`SELECT profile_id, interactions, toString(traits) AS t, toString(first_seen) AS f FROM kenal.profiles
           WHERE profile_id IN ('pa', 'pb') ORDER BY profile_id`);
    const at = (micros: string) => ({ t: '{"city":"Ulm"}', f: `2024-05-01 ${micros}` });
    expect(await profiles()).toEqual([
      { profile_id: 'pa', interactions: 1, ...at('11:59:59.999995') },
      { profile_id: 'pb', interactions: 1, ...at('12:00:00.000000') },
    ]);
    await writeChange(change('pb', 12, ['anonymous_id:x'], 'pa'));
    await writeChange({ ...change('pa', 13, []), type: 'merged', after: null, mergedInto: 'pb' });
    await settled();
    expect(await profiles()).toEqual([{ profile_id: 'pb', interactions: 2, ...at('11:59:59.999995') }]);
    const identifiers = await ask(
      "SELECT type, value, profile_id, interactions AS n FROM kenal.profile_identifiers WHERE profile_id IN ('pa', 'pb') ORDER BY type",
    );
    expect(identifiers).toEqual([
      { type: 'anonymous_id', value: 'x', profile_id: 'pb', n: 1 },
      { type: 'email', value: 'x@y.z', profile_id: 'pb', n: 1 },
    ]);
  });

  it('folds all events of an order into one, and its lines into order_items', async () => {
    const line = (id: string, quantity: number, price: string) =>
      orderEvent(id, 'Order Completed', {
        ...{ order_id: 'L1', order_line: true, products: [{ product_id: id, quantity, price }] },
      });
    const whole = (id: string, name: string, at: number, properties: object) =>
      orderEvent(id, name, { order_id: 'S1', ...properties }, { clientAt: NOON + at, occurredAt: NOON + at });
    const products = [{ product_id: 'a', quantity: 2, price: 5 }];
    await write(
      [
        ...[line('l1', 6, '2.55'), line('l2', 1, '0.333'), line('l3', -2, '2.55'), line('l1', 6, '2.55')],
        whole('s2', 'Order Updated', 2, { total: '10.5', products: [...products, { product_id: 'b', price: 0.5 }] }),
        whole('s1', 'Order Completed', 1, { total: 10, products }),
        whole('s3', 'Order Refunded', 3, { total: 3 }),
        whole('s3', 'Order Refunded', 3, { total: 3 }),
      ].map((event) => resolved(event, 'user_id:u9', 'p9')),
    );
    await settled();
    const orders = await ask(
      `SELECT order_id, profile_id, status, total, refunded, net, currency, toString(ordered_at) AS at
       FROM kenal.orders ORDER BY order_id`,
    );
    const common = { profile_id: 'p9', currency: 'EUR', status: 'partially_refunded' };
    expect(orders).toEqual([
      { order_id: 'L1', ...common, total: '15.633', refunded: '5.1', net: '10.533', at: '2024-05-01 12:00:00.000000' },
      { order_id: 'S1', ...common, total: '10.5', refunded: '3', net: '7.5', at: '2024-05-01 12:00:00.000001' },
    ]);
    const items = await ask(
      'SELECT order_id, line, item_id, quantity, amount FROM kenal.order_items ORDER BY order_id, line',
    );
    expect(items).toEqual([
      { order_id: 'L1', line: 1, item_id: 'l1', quantity: '6', amount: '15.3' },
      { order_id: 'L1', line: 2, item_id: 'l2', quantity: '1', amount: '0.333' },
      { order_id: 'L1', line: 3, item_id: 'l3', quantity: '-2', amount: '-5.1' },
      { order_id: 'S1', line: 1, item_id: 'a', quantity: '2', amount: '10' },
      { order_id: 'S1', line: 2, item_id: 'b', quantity: '1', amount: '0.5' },
    ]);
    await write([
      resolved(whole('s4', 'Order Cancelled', 4, {}), '', ''),
      resolved(whole('s5', 'Order Refunded', 5, {})),
    ]);
    await settled();
    expect(await ask("SELECT status, total, refunded, net FROM kenal.orders WHERE order_id = 'S1'")).toEqual([
      { status: 'cancelled', total: '10.5', refunded: '10.5', net: '0' },
    ]);
  });

  it('subtracts no refund in another currency, and counts lines of a refund that names nobody for whoever bought', async () => {
    const whole = (id: string, name: string, order: string, at: number, properties: object) =>
      orderEvent(id, name, { order_id: order, ...properties }, { clientAt: NOON + at, occurredAt: NOON + at });
    const bought = (id: string, order: string) =>
      resolved(whole(id, 'Order Completed', order, 2, { total: 100, currency: 'GBP' }), 'user_id:u9', 'p9');
    const back = (id: string, order: string, at: number, properties: object) =>
      resolved(whole(id, 'Order Refunded', order, at, properties));
    await write([
      ...[bought('f1', 'F1'), bought('f3', 'F2'), bought('f6', 'F3')],
      // Told first, and by a clock that lags: the order's currency is that of its sale
      back('f2', 'F1', 1, { total: 9000, currency: 'JPY' }),
      ...[back('f4', 'F2', 3, { total: 9000, currency: 'JPY' }), back('f5', 'F2', 4, { total: 7, currency: 'gbp' })],
      back('f7', 'F3', 3, { products: [{ product_id: 'a', quantity: 1, price: 30 }] }),
    ]);
    await settled();
    const columns = 'order_id, status, total, refunded, net, currency, faults';
    const common = { status: 'partially_refunded', total: '100', currency: 'GBP' };
    const foreign = ['refund of 9000 JPY: the order is in GBP'];
    expect(await ask(`SELECT ${columns} FROM kenal.orders WHERE order_id LIKE 'F%' ORDER BY order_id`)).toEqual([
      { order_id: 'F1', ...common, refunded: null, net: '100', faults: foreign },
      { order_id: 'F2', ...common, refunded: '7', net: '93', faults: foreign },
      { order_id: 'F3', ...common, refunded: '30', net: '70', faults: [] },
    ]);
    expect(await ask("SELECT profile_id, amount, currency FROM kenal.order_items WHERE order_id LIKE 'F%'")).toEqual([
      { profile_id: 'p9', amount: '-30', currency: 'GBP' },
    ]);
    expect(await ask("SELECT sum(returns) AS returns FROM kenal.customer_day WHERE currency = 'GBP'")).toEqual([
      { returns: '37' },
    ]);
  });

  it('takes an order that is stated again to be in the currency that is stated with it', async () => {
    const said = (order: string, at: number, name: string, properties: object) =>
      resolved(
        orderEvent(
          `${order}-${at}`,
          name,
          { order_id: order, ...properties },
          { clientAt: NOON + at, occurredAt: NOON + at },
        ),
        'user_id:u10',
        'p10',
      );
    const pounds = { total: 100, currency: 'GBP', products: [{ product_id: 'a', price: 100 }] };
    const yen = { total: 20_000, currency: 'JPY' };
    await write([
      ...[said('M1', 1, 'Order Completed', pounds), said('M1', 2, 'Order Refunded', { total: 5, currency: 'GBP' })],
      said('M1', 3, 'Order Completed', { ...yen, products: [{ product_id: 'a', price: 20_000 }] }),
      ...[said('M2', 1, 'Order Completed', { total: 50 }), said('M2', 2, 'Order Updated', yen)],
      ...[said('M3', 1, 'Order Completed', pounds), said('M3', 2, 'Order Updated', { total: 90 })],
      said('M4', 1, 'Order Updated', { total: 7 }),
      said('M5', 1, 'Order Updated', { total: 8, currency: 'XX£' }),
    ]);
    await settled();
    const columns = 'order_id, total, refunded, net, currency, faults';
    const common = { refunded: '0', faults: [] };
    expect(await ask(`SELECT ${columns} FROM kenal.orders WHERE order_id LIKE 'M%' ORDER BY order_id`)).toEqual([
      {
        ...{ order_id: 'M1', total: '20000', refunded: null, net: '20000', currency: 'JPY' },
        faults: ['refund of 5 GBP: the order is in JPY'],
      },
      { order_id: 'M2', ...common, total: '20000', net: '20000', currency: 'JPY' },
      { order_id: 'M3', ...common, total: '90', net: '90', currency: 'GBP' },
      { order_id: 'M4', ...common, total: '7', net: '7', currency: 'EUR' },
      {
        ...{ order_id: 'M5', ...common, total: '8', net: '8', currency: '' },
        faults: ['currency "XX£" is no ISO 4217 code'],
      },
    ]);
    const net = 'SELECT currency, sum(net) AS net FROM kenal';
    const who = "profile_id = 'p10' GROUP BY currency ORDER BY currency";
    expect(await ask(`${net}.customer_day WHERE ${who}`)).toEqual(await ask(`${net}.orders WHERE ${who}`));
    expect(
      await ask("SELECT amount, currency FROM kenal.order_items WHERE order_id IN ('M1', 'M3') ORDER BY 2"),
    ).toEqual([
      { amount: '100', currency: 'GBP' },
      { amount: '20000', currency: 'JPY' },
    ]);
  });

  it('leaves amounts that are no number out of sums, and says so beside them', async () => {
    const event = (id: string, name: string, order: string, at: number, properties: object) =>
      orderEvent(id, name, { order_id: order, ...properties }, { clientAt: NOON + at, occurredAt: NOON + at });
    const products = [
      { product_id: 'a', quantity: 2, price: 5 },
      { product_id: 'b', price: '1,5' },
    ];
    await write(
      [
        event('n1', 'Order Completed', 'N1', 1, { total: 'abc' }),
        event('n2', 'Order Completed', 'N2', 1, { products }),
        event('n3', 'Order Completed', 'N3', 1, { total: 10, products }),
        event('n4', 'Order Refunded', 'N3', 2, { total: 'two' }),
        event('n5', 'Order Completed', 'N4', 1, { total: 'x', products }),
        event('n6', 'Order Updated', 'N4', 2, { total: 12 }),
        event('n7', 'Order Updated', 'N4', 3, { status: 'sent' }),
        event('n8', 'Order Completed', 'N5', 1, { total: 20 }),
        event('n9', 'Order Refunded', 'N5', 2, {}),
      ].map((interaction) => resolved(interaction)),
    );
    await settled();
    const columns = 'order_id, status, total, refunded, net, faults';
    expect(await ask(`SELECT ${columns} FROM kenal.orders WHERE order_id LIKE 'N%' ORDER BY order_id`)).toEqual([
      {
        order_id: 'N1',
        status: 'completed',
        total: null,
        refunded: '0',
        net: null,
        faults: ['total "abc" is no number'],
      },
      {
        order_id: 'N2',
        status: 'completed',
        total: '10',
        refunded: '0',
        net: '10',
        faults: ['line 2: price "1,5" is no number'],
      },
      {
        ...{ order_id: 'N3', status: 'partially_refunded', total: '10', refunded: null, net: '10' },
        faults: ['line 2: price "1,5" is no number', 'total "two" is no number'],
      },
      { order_id: 'N4', status: 'completed', total: '12', refunded: '0', net: '12', faults: [] },
      { order_id: 'N5', status: 'refunded', total: '20', refunded: '20', net: '0', faults: [] },
    ]);
    const items = await ask(
      "SELECT order_id, item_id, price, amount, faults FROM kenal.order_items WHERE order_id IN ('N2', 'N4') ORDER BY order_id, line",
    );
    const b = { item_id: 'b', price: null, amount: null, faults: ['line 2: price "1,5" is no number'] };
    const a = { item_id: 'a', price: '5', amount: '10', faults: [] };
    expect(items).toEqual([
      ...[a, b].map((line) => ({ order_id: 'N2', ...line })),
      ...[a, b].map((line) => ({ order_id: 'N4', ...line })), // the updates named no products
    ]);
    expect(await ask("SELECT sum(net) AS net FROM kenal.orders WHERE order_id LIKE 'N%'")).toEqual([{ net: '32' }]);
  });

  it('keeps the one bad row of thousands as a failed event with its bytes, and stores the others', async () => {
    const events = Array.from({ length: 3_000 }, (_, i) => interaction(`many-${i}`));
    events[1_234] = interaction('many-1234', { amount: 'much' });
    events[2_999] = interaction('many-2999', { amount: `${'9'.repeat(40)}.5` });
    events[2] = interaction('many-2', { amount: '9'.repeat(31), currency: 'EUR' }); // sums of such would wrap around
    events[3] = interaction('many-3', { amount: '2.5', currency: 'EUR' });
    await write(events.map((event) => resolved(event)));
    await settled();
    const stored = "FROM kenal.interactions WHERE startsWith(message_id, 'many-')";
    expect(await ask(`SELECT count() AS n, sum(amount) AS sum ${stored}`)).toEqual([{ n: 2_998, sum: '2.5' }]);
    const failed = await ask<{ body: string }>(
      "SELECT message_id, stage, code, state, body FROM kenal.failed_events WHERE startsWith(message_id, 'many-') ORDER BY message_id",
    );
    const common = { stage: 'loader', code: 'event_unstorable', state: 'open', body: expect.any(String) };
    expect(failed).toEqual([
      { message_id: 'many-1234', ...common },
      { message_id: 'many-2999', ...common },
    ]);
    expect(JSON.parse(failed[0]!.body)).toMatchObject({ id: 'many-1234', amount: 'much' });
  });

  it('keeps a record that nobody can decode as a failed event, and goes on behind it', async () => {
    await log.append(TOPICS.resolved.name, [{ key: 'p1', value: Buffer.from('garbage') }]);
    await write([resolved(interaction('behind'), 'user_id:u1', 'p1')]);
    await settled();
    expect(await ask("SELECT count() AS n FROM kenal.interactions WHERE message_id = 'behind'")).toEqual([{ n: 1 }]);
    const rows = await warehouse.query("SELECT code, body FROM kenal.failed_rows FINAL WHERE workspace = ''");
    expect(rows).toEqual([{ code: 'event_undecodable', body: 'garbage' }]);
  });

  it('stores failed events byte by byte, and what collectors count', async () => {
    const body = new Uint8Array([0, 255, 128, 10, 34, 92]);
    const failed: FailedEvent = {
      ...{ failureId: 'f1', workspace: WORKSPACE, source: 'web', messageId: 'bad\ud800', receivedAt: NOON },
      ...{ failedAt: NOON, stage: 'collector', code: 'bad_json', path: '$', reason: 'no "JSON"', body },
      ...{ contentType: 'text/plain', receipt: { collector: 'c1', sequence: ++sequence }, frame: '', change: null },
    };
    await createTopicWriter<FailedEvent>(log, 'failed').append([{ key: 'k', value: failed }]);
    const count: ReceiptCount = {
      ...{ collector: 'c1', workspace: WORKSPACE, source: 'web', minute: NOON, received: sequence },
      ...{ acknowledged: sequence, countedAt: NOON },
    };
    await createTopicWriter<ReceiptCount>(log, 'receipts').append([{ key: 'c1', value: count }]);
    await settled();
    expect(await ask("SELECT hex(body) AS body, reason FROM kenal.failed_events WHERE failure_id = 'f1'")).toEqual([
      { body: '00FF800A225C', reason: 'no "JSON"' },
    ]);
  });

  it('balances to the last copy after all this', async () => {
    const [row] = await ask<Record<string, number>>('SELECT * EXCEPT (minute, source) FROM kenal.balance');
    expect(row).toMatchObject({ received: sequence, difference: 0, pending: 0, failed: 3 });
    expect(row!.duplicate).toBe(19 + 2);
    expect(row!.stored).toBe(sequence - 3 - 21);
  });

  it('lists an id that came with different content', async () => {
    expect(await ask('SELECT message_id FROM kenal.conflicting_ids')).toEqual([]);
    await write([resolved(interaction('twofold', { name: 'A' })), resolved(interaction('twofold', { name: 'B' }))]);
    await settled();
    expect(await ask('SELECT message_id, contents FROM kenal.conflicting_ids')).toEqual([
      { message_id: 'twofold', contents: 2 },
    ]);
  });

  it('waits for a warehouse that is away, and loses neither events nor merges', async () => {
    const port = Number(new URL(server.url).port);
    await server.close();
    await write(Array.from({ length: 500 }, (_, i) => resolved(interaction(`away-${i}`), 'user_id:u1', 'p1')));
    await writeChange(change('pc', 99, ['email:x@y.z'], 'pb'));
    server = await startServer(port);
    await settled();
    expect(await ask("SELECT count() AS n FROM kenal.interactions WHERE startsWith(message_id, 'away-')")).toEqual([
      { n: 500 },
    ]);
    expect(
      await ask("SELECT profile_id FROM kenal.interactions WHERE message_id IN ('before', 'after') ORDER BY 1"),
    ).toEqual([{ profile_id: 'pb' }, { profile_id: 'pc' }]);
  });

  it('is not ready while the warehouse is away, and ready again when it is back, without traffic', async () => {
    const ready = (expected: boolean) =>
      vi.waitFor(async () => expect((await health.report()).ok).toBe(expected), { timeout: 10_000, interval: 30 });
    await ready(true);
    const port = Number(new URL(server.url).port);
    await server.close();
    await ready(false);
    server = await startServer(port);
    await ready(true);
  });

  it('keeps what is too large for a failed event by its first bytes, and goes on behind it', async () => {
    const topic = TOPICS.resolved.name;
    const [at] = await log.append(topic, [{ key: null, value: Buffer.alloc(1_000_000, 'x') }]);
    // Its JSON is twice as long as its record
    await write([
      resolved(interaction('large', { traits: `["${'\\"'.repeat(300_000)}"]`, amount: 'much' })),
      resolved(interaction('beside')),
    ]);
    await settled();
    const rows = await warehouse.query<{ code: string; bytes: number; reason: string; type: string }>(
      'SELECT code, length(body) AS bytes, reason, content_type AS type FROM kenal.failed_rows FINAL WHERE length(body) > 100000 ORDER BY code',
    );
    expect(rows.map(({ code, bytes }) => [code, Number(bytes)])).toEqual([
      ['event_undecodable', 900_000],
      ['event_unstorable', 900_000],
    ]);
    expect(rows[0]!.reason).toContain(`of 1000000 bytes; the whole record: ${topic}/${at!.partition}@${at!.offset})`);
    expect(rows[1]!.reason).toContain(`the whole record: ${topic}/`);
    // Half a JSON document is none, and says so
    expect(rows[0]!.type).toBe('application/vnd.kenal.cut; type="application/octet-stream"; bytes=1000000');
    expect(rows[1]!.type).toMatch(/^application\/vnd\.kenal\.cut; type="application\/json"; bytes=\d{7}$/);
    expect(await ask("SELECT count() AS n FROM kenal.interactions WHERE message_id = 'beside'")).toEqual([{ n: 1 }]);
  });

  it('goes on where it stopped', async () => {
    await write([resolved(interaction('last-1'))]);
    await loader.stop();
    await write([resolved(interaction('last-2'))]);
    await startLoader();
    await settled();
    expect(await ask("SELECT count() AS n FROM kenal.interactions WHERE startsWith(message_id, 'last-')")).toEqual([
      { n: 2 },
    ]);
  });
});
