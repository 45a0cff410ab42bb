import { expect, test } from 'vitest';
import { NOON, startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorCommerce } from '../app.ts';
import { type Fixture, hmac, outline, readFixture } from '../testing/fixtures.ts';
import { holdAgainstHostileInput } from '../testing/hostile.ts';
import { shareCollector } from '../testing/shared-collector.ts';
import { woocommerce } from './woocommerce.ts';

const SECRET = 'woo';
const sources = [{ id: 'shop', kind: 'woocommerce' as const, secrets: ['env:SECRET'] }];
const DAY = 86_400_000_000;

async function start(): Promise<TestVendorCollector> {
  const collector = await startVendorCollector(createCollectorCommerce, { sources, environment: { SECRET } });
  collector.now.micros = NOON + 3 * DAY;
  return collector;
}

async function send(collector: TestVendorCollector, { headers, body }: Fixture): Promise<Response> {
  const text = JSON.stringify(body);
  return collector.deliver('shop', text, { ...headers, 'x-wc-webhook-signature': hmac(SECRET, text) });
}

const take = shareCollector(start);
/** What one delivery becomes. */
function made(fixture: Fixture, changes: object = {}, topic?: string) {
  const headers = topic === undefined ? fixture.headers : { ...fixture.headers, 'x-wc-webhook-topic': topic };
  return take((collector) => send(collector, { headers, body: { ...fixture.body, ...changes } }));
}

const order = readFixture('woocommerce-order');
const refunded = readFixture('woocommerce-refunded');
const JOERG = ['email:joerg.lang@example.com', 'phone:0221 5555555', 'woocommerce_id:www.kettles.example/26'];

test('the ping of a new webhook, a form that nobody signs, is answered 200; any other unsigned body is not', async () => {
  await using collector = await start();
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await collector.deliver('shop', 'webhook_id=1', type)).status).toBe(200);
  expect((await collector.deliver('shop', 'webhook_id=1&id=727', type)).status).toBe(401);
  expect((await collector.deliver('shop', JSON.stringify(order.body), order.headers)).status).toBe(401);
  expect((await collector.deliveries('shop')).map(({ outcome }) => outcome)).toEqual([
    'refused',
    'refused',
    'handshake',
  ]);
  expect(await collector.interactions()).toEqual([]);
});

test('an order is Order Completed, a float of its prices put right', async () => {
  const [event, ...more] = await made(order);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    name: 'Order Completed',
    channel: 'commerce',
    direction: 'inbound',
    at: '2026-11-30T10:28:02.000Z',
    amount: '29.35',
    currency: 'EUR',
    identifiers: JOERG,
    traits: { firstName: 'Jörg', address: { street: 'Hauptstr. 9', city: 'Köln', postalCode: '50667', country: 'DE' } },
  });
  expect(event?.properties).toEqual({
    order_id: '727',
    order_number: '727',
    status: 'processing',
    total: '29.35',
    shipping: '10.00',
    tax: '1.35',
    discount: '0.00',
    currency: 'EUR',
    coupon: 'spring',
    payment_method: 'bacs',
    products: [
      { product_id: '93', sku: 'W-1', name: 'Woo Single #1', quantity: 2, price: '3' },
      { product_id: '22', sku: 'Bar3', name: 'Ship Your Idea', quantity: 3, price: '4' },
    ],
  });
});

test.each([
  ['order.created', 'pending', 'Checkout Started', null],
  ['order.updated', 'pending', 'Checkout Updated', null],
  ['order.updated', 'failed', 'Payment Failed', null],
  ['order.updated', 'cancelled', 'Order Cancelled', null],
  ['order.updated', 'on-hold', 'Order Updated', '29.35'],
  ['order.updated', 'completed', 'Order Updated', '29.35'],
])('%s with status %s is %s', async (topic, status, name, amount) => {
  expect(await made(order, { status }, topic)).toMatchObject([
    { name, amount, properties: { order_id: '727', status } },
  ]);
});

test('refunds come with every update of their order and land once each, exact, with the order’s id', async () => {
  await using collector = await start();
  await send(collector, refunded);
  const later = { ...refunded.body, status: 'refunded', date_modified_gmt: '2026-12-02T09:00:00' };
  await send(collector, { ...refunded, body: later });
  const events = (await collector.interactions()).map(outline).filter(({ name }) => name === 'Order Refunded');
  expect(events).toHaveLength(4);
  const byId = Map.groupBy(events, ({ id }) => id);
  expect([...byId.keys()].sort()).toEqual(['refund.725', 'refund.726']);
  for (const [first, again] of byId.values()) expect(again).toEqual(first);
  expect(byId.get('refund.726')?.[0]).toMatchObject({
    direction: 'outbound',
    amount: '3.33',
    properties: { order_id: '727', total: '3.33', currency: 'EUR', reason: 'one was chipped' },
  });
});

test('a guest has no customer; a customer’s topics state facts', async () => {
  const [guest] = await made(order, { customer_id: 0 });
  expect(guest?.identifiers).toEqual(JOERG.slice(0, 2));
  expect(await made(readFixture('woocommerce-customer'))).toMatchObject([
    { type: 'identify', identifiers: JOERG, traits: { username: 'joerg' }, at: '2026-11-30T10:00:00.000Z' },
  ]);
});

test('the same bytes again are one event, two changes of one second are two, products are ignored', async () => {
  await using collector = await start();
  await send(collector, order);
  collector.now.micros += 3_600_000_000;
  await send(collector, order);
  await send(collector, { ...order, body: { ...order.body, total: '30.00' } });
  expect(new Set((await collector.interactions()).map(({ id }) => id)).size).toBe(2);
  await send(collector, { headers: { ...order.headers, 'x-wc-webhook-topic': 'product.updated' }, body: { id: 1 } });
  expect((await collector.deliveries('shop'))[0]).toMatchObject({ outcome: 'ignored' });
});

test('hostile input gives events or a fault, never a throw', () => {
  holdAgainstHostileInput(() => woocommerce, 'woocommerce', [order, refunded, readFixture('woocommerce-customer')]);
});
