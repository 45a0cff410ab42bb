import { expect, test } from 'vitest';
import { startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorCommerce } from '../app.ts';
import { type Fixture, hmac, outline, readFixture } from '../testing/fixtures.ts';
import { holdAgainstHostileInput } from '../testing/hostile.ts';
import { shareCollector } from '../testing/shared-collector.ts';
import { shopify } from './shopify.ts';

const SECRET = 'hush';
const sources = [{ id: 'shop', kind: 'shopify' as const, secrets: ['env:SECRET'], own: ['heron.example'] }];
const start = (create = createCollectorCommerce): Promise<TestVendorCollector> =>
  startVendorCollector(create, { sources, environment: { SECRET } });

async function send(collector: TestVendorCollector, { headers, body }: Fixture): Promise<Response> {
  const text = JSON.stringify(body);
  return collector.deliver('shop', text, { ...headers, 'x-shopify-hmac-sha256': hmac(SECRET, text) });
}

const order = readFixture('shopify-order');
const as = (topic: string, { headers, body }: Fixture, changes: object = {}): Fixture => ({
  headers: { ...headers, 'x-shopify-topic': topic, 'x-shopify-event-id': topic },
  body: { ...body, ...changes },
});
const take = shareCollector(start);
/** What one delivery becomes. */
const made = (fixture: Fixture) => take((collector) => send(collector, fixture));

const BOB = ['email:bob@norman.example', 'phone:+447700900123', 'shopify_id:heron-and-sons.myshopify.com/207119551'];

test('an order is Order Completed, exact to the last digit, in the money of the shop', async () => {
  expect(await made(order)).toEqual([
    {
      id: '98880550-7158-44d4-b7cd-2c97c8a091b5.orders/create',
      type: 'track',
      name: 'Order Completed',
      channel: 'commerce',
      direction: 'inbound',
      amount: '46.305',
      currency: 'GBP',
      actor: null,
      participants: [],
      caseId: null,
      conversationId: null,
      accountId: null,
      at: '2026-11-30T09:14:58.000Z',
      // Not the numbers of the billing and shipping address: they may be somebody else's
      identifiers: BOB,
      traits: {
        email: 'bob@norman.example',
        phone: '+447700900123',
        firstName: 'Bob',
        lastName: 'Norman',
        address: { street: '1 Chestnut Street, Flat 2', city: 'Leeds', postalCode: 'LS1 4DY', country: 'GB' },
      },
      properties: {
        order_id: '450789469',
        order_number: '#1001',
        total: '46.305',
        subtotal: '42.305',
        shipping: '4.00',
        tax: '7.72',
        discount: '0.00',
        currency: 'GBP',
        presentment_currency: 'EUR',
        presentment_total: '54.17',
        financial_status: 'paid',
        products: [
          {
            product_id: '632910392',
            sku: 'IPOD2008GREEN',
            variant: '39072856',
            name: 'Tea kettle',
            brand: 'Heron',
            quantity: 2,
            price: '19.90',
          },
          { name: 'Gift wrap', quantity: 1, price: '2.505' },
        ],
      },
    },
  ]);
});

test.each([
  ['orders/updated', order, {}, 'Order Updated', 'inbound', '2026-11-30T09:15:00.000Z'],
  ['orders/paid', order, {}, 'Order Paid', 'inbound', '2026-11-30T09:15:00.000Z'],
  ['orders/fulfilled', order, {}, 'Order Fulfilled', 'outbound', '2026-11-30T09:15:00.000Z'],
  [
    'orders/cancelled',
    order,
    { cancelled_at: '2026-11-30T10:00:00Z', cancel_reason: 'customer' },
    'Order Cancelled',
    'inbound',
    '2026-11-30T10:00:00.000Z',
  ],
  ['refunds/create', readFixture('shopify-refund'), {}, 'Order Refunded', 'outbound', '2026-12-01T10:00:00.000Z'],
  ['returns/request', readFixture('shopify-return'), {}, 'Return Requested', 'inbound', '2026-11-30T09:15:01.412Z'],
  ['returns/approve', readFixture('shopify-return'), {}, 'Return Approved', 'outbound', '2026-11-30T09:15:01.412Z'],
  ['checkouts/create', readFixture('shopify-checkout'), {}, 'Checkout Started', 'inbound', '2026-11-30T09:10:00.000Z'],
  ['checkouts/update', readFixture('shopify-checkout'), {}, 'Checkout Updated', 'inbound', '2026-11-30T09:12:00.000Z'],
  [
    'fulfillments/create',
    readFixture('shopify-fulfillment'),
    { shipment_status: null },
    'Shipment Created',
    'outbound',
    '2026-11-30T16:00:00.000Z',
  ],
  [
    'fulfillments/update',
    readFixture('shopify-fulfillment'),
    {},
    'Shipment Out for Delivery',
    'outbound',
    '2026-12-01T08:30:00.000Z',
  ],
])('%s becomes one event with direction and time of its own', async (topic, fixture, changes, name, direction, at) => {
  const events = await made(as(topic, fixture, changes));
  expect(events).toMatchObject([{ name, direction, at }]);
  expect(JSON.stringify(events)).not.toMatch(/secret|\btoken\b|Carla|900999/);
});

test('a refund names its order and lines, and counts only what was paid back', async () => {
  const [partial] = await made(readFixture('shopify-refund'));
  expect(partial).toMatchObject({
    identifiers: [],
    amount: '19.9',
    properties: {
      order_id: '450789469',
      total: '19.9',
      currency: 'GBP',
      products: [{ sku: 'IPOD2008GREEN', quantity: 1 }],
    },
  });
  const refund = readFixture('shopify-refund');
  // Taken off the order, and nothing paid: not the refund of a whole order
  expect((await made(as('refunds/create', refund, { transactions: [] })))[0]?.properties.total).toBe('0');
  const [euro] = await made(
    as('refunds/create', refund, {
      transactions: [{ kind: 'refund', status: 'success', amount: '27.96', currency: 'EUR' }],
      order_adjustments: [{ amount_set: { shop_money: { amount: '-4.00', currency_code: 'GBP' } } }],
    }),
  );
  expect(euro?.properties).toMatchObject({ total: '23.9', currency: 'GBP' });
});

test('a return names its order, lines and reasons', async () => {
  const [event] = await made(readFixture('shopify-return'));
  expect(event?.properties).toMatchObject({
    order_id: '450789469',
    return_id: '123456789',
    products: [{ sku: 'IPOD2008GREEN', quantity: 1, reason: 'defective', note: 'the lid does not close' }],
  });
});

test('a cancelled order stays cancelled: what is told of it later is the cancellation once more', async () => {
  await using collector = await start();
  const changes = { cancelled_at: '2026-11-30T10:00:00Z', cancel_reason: 'fraud' };
  await send(collector, as('orders/cancelled', order, changes));
  await send(collector, as('orders/updated', order, { ...changes, updated_at: '2026-11-30T10:00:07Z' }));
  const [first, second] = (await collector.interactions()).map(outline);
  expect(first).toMatchObject({ id: 'heron-and-sons.myshopify.com/450789469.cancelled', direction: 'outbound' });
  expect(second).toEqual(first);
});

test('a sale at Shopify’s till is one of a store, by the clerk; an address of our own is nobody’s', async () => {
  const [event] = await made(
    as('orders/create', order, { source_name: 'pos', user_id: 77, email: 'till@heron.example', customer: null }),
  );
  expect(event).toMatchObject({ channel: 'store', actor: { kind: 'staff', id: '77' }, identifiers: [], traits: {} });
});

test('a customer’s topics state facts of the person and no event', async () => {
  expect(await made(readFixture('shopify-customer'))).toMatchObject([
    { type: 'identify', name: null, identifiers: BOB, traits: { firstName: 'Bob' }, properties: {} },
  ]);
});

test.each([
  ['customers/data_request', 'data_request', BOB],
  ['customers/redact', 'redact', BOB],
  ['shop/redact', 'shop_redact', []],
])('%s is answered 200, kept, and told to a person', async (topic, kind, identifiers) => {
  const lines: { msg: string; task: string; level: number }[] = [];
  await using collector = await start((deps) => {
    const error = (fields: { task: string }, msg: string): void => void lines.push({ ...fields, msg, level: 50 });
    return createCollectorCommerce({ ...deps, logger: Object.assign(Object.create(deps.logger), { error }) });
  });
  expect((await send(collector, as(topic, readFixture('shopify-privacy')))).status).toBe(200);
  expect((await collector.interactions()).map(outline)).toMatchObject([
    { name: 'Privacy Requested', identifiers, properties: { kind, shop: 'heron-and-sons.myshopify.com' } },
  ]);
  expect(lines).toMatchObject([{ task: `Shopify asks for ${kind}: answer it within 30 days` }]);
  expect(JSON.stringify(lines)).not.toContain('bob@');
});

test('a retry, and the same event under another delivery id, is no second interaction; unknown topics are ignored', async () => {
  await using collector = await start();
  await send(collector, order);
  await send(collector, order);
  collector.now.micros += 3_600_000_000; // the cache of signatures has forgotten it
  await send(collector, { ...order, headers: { ...order.headers, 'x-shopify-webhook-id': 'another' } });
  expect(new Set((await collector.interactions()).map(({ id }) => id)).size).toBe(1);
  await send(collector, as('products/update', order));
  expect((await collector.deliveries('shop')).map(({ outcome }) => outcome)).toEqual([
    'ignored',
    'accepted',
    'repeat',
    'accepted',
  ]);
});

test('hostile input gives events or a fault, never a throw', () => {
  const names = ['order', 'refund', 'return', 'fulfillment', 'checkout', 'customer', 'privacy'];
  holdAgainstHostileInput(
    () => shopify,
    'shopify',
    names.map((name) => readFixture(`shopify-${name}`)),
  );
});
