import type { Interaction } from '@kenal/contracts';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABLES } from '../tables.ts';
import { interaction, NOON, orderEvent, resolved, temporaryDirectory, WORKSPACE } from '../test-support.ts';
import { interactionRows } from './interaction-row.ts';
import { readOrder } from './order.ts';

describe('rows of the loader', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let warehouse: Warehouse;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    warehouse = await openWarehouse({ dataDir: directory.path });
    await warehouse.migrate();
  });
  afterAll(async () => {
    await warehouse.close();
    await directory[Symbol.asyncDispose]();
  });

  const store = async (event: Interaction, owner = '') => {
    const row = { resolved: resolved(event, owner, 'p1', 7), interaction: event, order: readOrder(event, 'EUR') };
    await warehouse.insertRows('kenal.interaction_rows', interactionRows, [interactionRows.encode(row)]);
    const shown = await warehouse.query<Record<string, unknown>>(
      'SELECT * FROM kenal.interactions WHERE message_id = {id:String}',
      { workspace: WORKSPACE, params: { id: event.id } },
    );
    return shown[0];
  };

  // A ClickHouse server compares them letter by letter
  it.each(Object.values(TABLES))('have the columns that $name has', async ({ name, shape }) => {
    const rows = await warehouse.query<{ name: string; type: string }>(
      `SELECT name, type FROM system.columns WHERE concat(database, '.', table) = {name:String}`,
      { params: { name } },
    );
    const types = new Map(rows.map((row) => [row.name, row.type]));
    expect(shape.columns.map((column) => [column.name, column.type])).toEqual(
      shape.columns.map((column) => [column.name, types.get(column.name)]),
    );
  });

  it('show every field of an interaction, in any characters', async () => {
    const odd = 'a"\\\u0000\n\n€😀';
    const someone = [{ type: 'email', value: odd }];
    const parts = { traits: { a: 1 }, properties: { b: [true, null] }, context: { c: { d: odd } }, extra: { e: 'x' } };
    const texts = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, JSON.stringify(part)]));
    const row = await store(
      interaction(odd, {
        ...{ direction: 'outbound', channel: 'phone', type: 'page', name: odd, clientAt: -1, sentAt: NOON + 1 },
        ...{ occurredAt: NOON + 2, receivedAt: NOON + 3, userId: odd, anonymousId: 'n', accountId: 'acc' },
        ...{ identifiers: someone, participants: [{ role: 'cc', identifiers: someone }] },
        ...{ actor: { kind: 'agent', id: 'a1', team: 'blue' }, caseId: 'case', conversationId: 'talk', sessionId: 's' },
        ...{ consent: { ads: true, mail: false }, amount: '-123456789012345.000001', currency: 'USD' },
        campaign: { id: 'c', name: 'n', source: null, medium: 'm', term: null, content: odd },
        ...texts,
      }),
      'email:x@y.z',
    );
    expect(row).toEqual({
      ...{
        workspace: WORKSPACE,
        source: 'web',
        message_id: odd,
        channel: 'phone',
        direction: 'outbound',
        type: 'page',
      },
      ...{ name: odd, occurred_at: '2024-05-01 12:00:00.000002', received_at: '2024-05-01 12:00:00.000003' },
      ...{ sent_at: '2024-05-01 12:00:00.000001', client_at: '1969-12-31 23:59:59.999999' },
      ...{
        user_id: odd,
        anonymous_id: 'n',
        identifiers: [{ type: 'email', value: 'x@y.z' }],
        identifiers_sent: someone,
      },
      ...{ participants: [{ role: 'cc', identifiers: someone }], owner: 'email:x@y.z', profile_id: 'p1' },
      ...{ account_id: 'acc', actor_kind: 'agent', actor_id: 'a1', actor_team: 'blue', conversation_id: 'talk' },
      ...{ case_id: 'case', session_id: 's', campaign_id: 'c', consent: { ads: true, mail: false } },
      campaign: { name: 'n', source: '', medium: 'm', term: '', content: odd },
      ...texts,
      ...{ amount: '-123456789012345.000001', currency: 'USD' },
      ...{
        order_id: '',
        order_kind: '',
        order_total: null,
        order_refunded: null,
        order_currency: '',
        order_faults: [],
      },
      ...{ items: [], log_topic: 'kenal.interactions.v1', log_partition: 0, log_offset: 0, plan_faults: [] },
      ...{ resolved_at: '2024-05-01 12:00:00.000000', receipt_collector: 'c1', receipt_sequence: 1 },
    });
  });

  it('show an order with its lines, what was no number as NULL, and what was no text as U+FFFD', async () => {
    const products = [
      { product_id: '\ud800\n"', name: 'n', category: 'c', quantity: 3, price: '0.1' },
      { product_id: 'b', price: null },
    ];
    const row = await store(orderEvent('order', 'Order Completed', { order_id: '"\\', total: '\ud800"', products }));
    expect(row).toMatchObject({
      ...{ order_id: '"\\', order_kind: 'snapshot', order_total: '0.3', order_refunded: '0', order_currency: 'EUR' },
      order_faults: ['total "\\ud800\\"" is no number', 'line 2: the price is missing'],
      items: [
        {
          line: 1,
          item_id: '\ufffd\n"',
          name: 'n',
          category: 'c',
          quantity: '3',
          price: '0.1',
          amount: '0.3',
          currency: 'EUR',
        },
        { line: 2, item_id: 'b', name: '', category: '', quantity: '1', price: null, amount: null, currency: 'EUR' },
      ],
    });
  });

  it('show an order that was a test as none', async () => {
    const row = await store(orderEvent('tried', 'Order Completed', { order_id: '8', total: '3', test: true }));
    expect(row).toMatchObject({ order_id: '', order_kind: '', order_total: null, items: [] });
  });

  it('are refused where an amount has more digits than a column', () => {
    const event = interaction('large', { amount: `${'9'.repeat(40)}.5` });
    expect(() => interactionRows.encode({ resolved: resolved(event), interaction: event, order: null })).toThrow(
      /amount 9+\.5/,
    );
  });

  it('of other columns than the table has are nobody’s fault', async () => {
    const statement = warehouse.insertRows('kenal.receipts', TABLES.counts.shape, [new Uint8Array(3)]);
    await expect(statement).rejects.toMatchObject({ code: 'sql_failed', kind: 'busy' });
  });
});
