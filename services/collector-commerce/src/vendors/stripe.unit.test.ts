import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { NOON, startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorCommerce } from '../app.ts';
import { outline, readFixture } from '../testing/fixtures.ts';
import { holdAgainstHostileInput } from '../testing/hostile.ts';
import { shareCollector } from '../testing/shared-collector.ts';
import { amountOf } from './stripe/amount.ts';
import { stripe } from './stripe.ts';

const SECRET = 'whsec_test_secret';
const sources = [{ id: 'payments', kind: 'stripe' as const, secrets: ['env:SECRET'] }];
const official = new Stripe('sk_test_none').webhooks;

async function start(): Promise<TestVendorCollector> {
  const collector = await startVendorCollector(createCollectorCommerce, { sources, environment: { SECRET } });
  collector.now.micros = NOON + 86_400_000_000;
  return collector;
}

/** Signed by Stripe's own package. */
async function send(collector: TestVendorCollector, body: unknown, secret = SECRET): Promise<Response> {
  const payload = JSON.stringify(body);
  const timestamp = Math.floor(collector.now.micros / 1_000_000);
  const header = official.generateTestHeaderString({ payload, secret, timestamp });
  return collector.deliver('payments', payload, { 'stripe-signature': header });
}

const bodyOf = (name: string) => readFixture(`stripe-${name}`).body;
const [checkout, payment, refund] = [bodyOf('checkout'), bodyOf('payment'), bodyOf('refund')];
const [invoice, subscription, customer, dispute] = ['invoice', 'subscription', 'customer', 'dispute'].map(bodyOf);
const changed = (event: typeof checkout, object: object, more: object = {}) => ({
  ...event,
  ...more,
  data: { ...event.data, object: { ...event.data.object, ...object } },
});
const as = (event: typeof checkout, type: string, object: object = {}) => changed(event, object, { type, id: type });
const take = shareCollector(start);
/** What one delivery becomes. */
const made = (body: object) => take((collector) => send(collector, body));

const JENNY = 'stripe_id:payments/cus_NffrFeUfNV2Hib';
const PAYMENT = 'pi_3MtwBwLkdIwHu7ix28a3tqPa';

test('what Stripe’s own package signs is taken; another secret, or a time that is long gone, is not', async () => {
  await using collector = await start();
  expect((await send(collector, checkout)).status).toBe(200);
  expect((await send(collector, checkout, 'whsec_another')).status).toBe(401);
  const payload = JSON.stringify(payment);
  const header = official.generateTestHeaderString({ payload, secret: SECRET, timestamp: NOON / 1_000_000 });
  expect((await collector.deliver('payments', payload, { 'stripe-signature': header })).status).toBe(401);
  expect(await collector.interactions()).toHaveLength(1);
});

test('a paid checkout is Order Completed, named by its payment', async () => {
  expect(await made(checkout)).toEqual([
    {
      id: 'cs_live_a1.completed',
      type: 'track',
      name: 'Order Completed',
      channel: 'commerce',
      direction: 'inbound',
      amount: '21.98',
      currency: 'EUR',
      actor: null,
      participants: [],
      caseId: null,
      conversationId: null,
      accountId: null,
      at: '2026-11-30T09:00:00.000Z',
      identifiers: ['email:jenny@rosen.example', 'phone:+491711234567', JENNY],
      traits: {
        email: 'jenny@rosen.example',
        phone: '+491711234567',
        name: 'Jenny Rosen',
        address: { street: 'Hauptstr. 9', city: 'Köln', postalCode: '50667', country: 'DE' },
      },
      properties: {
        order_id: PAYMENT,
        checkout_id: 'cs_live_a1',
        payment_id: PAYMENT,
        payment_status: 'paid',
        total: '21.98',
        subtotal: '21.98',
        tax: '0.00',
        shipping: '5.00',
        discount: '0.00',
        currency: 'EUR',
      },
    },
  ]);
});

test('an order of a shop, a subscription and a checkout that is not paid yet are no orders here, and move no money', async () => {
  for (const object of [
    { metadata: { order_id: '450789469' } },
    { mode: 'subscription', payment_intent: null, subscription: 'sub_1' },
    { payment_status: 'unpaid' },
  ])
    expect(await made(changed(checkout, object))).toMatchObject([{ name: 'Checkout Completed', amount: null }]);
  const [late] = await made(as(checkout, 'checkout.session.async_payment_succeeded'));
  expect(late).toMatchObject({ id: 'cs_live_a1.completed', name: 'Order Completed' });
});

test('a payment moves money once: its charge tells of the card and its holder', async () => {
  const [intent] = await made(changed(payment, { metadata: { order_id: '450789469' } }));
  expect(intent).toMatchObject({
    id: `${PAYMENT}.succeeded`,
    name: 'Payment Succeeded',
    amount: '21.98',
    currency: 'EUR',
    identifiers: [JENNY],
    properties: { order_id: '450789469', payment_id: PAYMENT, value: '21.98', method: 'card' },
  });
  const [charge] = await made(as(refund, 'charge.succeeded'));
  expect(charge).toMatchObject({
    name: 'Charge Succeeded',
    amount: null,
    identifiers: ['email:jenny@rosen.example', JENNY],
    properties: { payment_id: PAYMENT, amount: '21.98' },
  });
  const [old] = await made(as(refund, 'charge.succeeded', { payment_intent: null }));
  expect(old).toMatchObject({ name: 'Payment Succeeded', amount: '21.98' });
});

test('a partial refund is what was given back this time, of the same order as the checkout', async () => {
  const [own] = await made(refund);
  expect(own).toMatchObject({
    id: 'ch_3MmlLrLkdIwHu7ix0snN0B15.refunded.500',
    name: 'Order Refunded',
    direction: 'outbound',
    amount: '3.00',
    properties: { order_id: PAYMENT, total: '3.00', currency: 'EUR', refunded_in_all: '5.00' },
  });
  const [ofShop] = await made(changed(refund, { metadata: { order_id: '450789469' } }));
  expect(ofShop).toMatchObject({
    name: 'Payment Refunded',
    amount: '3.00',
    properties: { order_id: '450789469', value: '3.00' },
  });
});

test.each([
  ['payment_intent.payment_failed', payment, { last_payment_error: { code: 'card_declined' } }, 'Payment Failed', null],
  ['charge.failed', refund, {}, 'Charge Failed', null],
  ['refund.updated', refund, {}, 'Refund Updated', null],
  ['charge.dispute.created', dispute, {}, 'Dispute Opened', null],
  ['charge.dispute.closed', dispute, { status: 'lost' }, 'Dispute Closed', null],
  ['invoice.finalized', invoice, {}, 'Invoice Due', null],
  ['invoice.payment_failed', invoice, {}, 'Invoice Payment Failed', null],
  ['invoice.paid', invoice, {}, 'Invoice Paid', '12.50'],
  ['customer.subscription.created', subscription, {}, 'Contract Started', null],
  ['customer.subscription.updated', subscription, {}, 'Contract Renewed', null],
  ['customer.subscription.deleted', subscription, {}, 'Contract Ended', null],
  ['checkout.session.async_payment_failed', checkout, {}, 'Payment Failed', null],
])('%s: $3', async (type, event, object, name, amount) => {
  const events = await made(as(event, type, object));
  expect(events).toMatchObject([{ name, amount }]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('a contract begins with its first paid invoice, is renewed by a new period, and names its price exactly', async () => {
  const first = { ...subscription, data: { ...subscription.data, previous_attributes: { status: 'incomplete' } } };
  expect(await made(first)).toMatchObject([{ id: 'sub_1MowQVLkdIwHu7ixeRlqHVzs.started', name: 'Contract Started' }]);
  const other = { ...subscription, data: { ...subscription.data, previous_attributes: { metadata: {} } } };
  expect(await made(other)).toMatchObject([{ name: 'Contract Updated' }]);
  expect(await made(as(subscription, 'customer.subscription.created', { status: 'incomplete' }))).toEqual([]);
  const [renewed] = await made(subscription);
  expect(renewed?.properties).toMatchObject({
    contract_id: 'sub_1MowQVLkdIwHu7ixeRlqHVzs',
    items: [{ product_id: 'prod_Na6dGcTsmU0I4R', quantity: 1, price: '12.505', interval: 'month' }],
  });
});

test('a dispute is one case; an invoice names its contract; a customer of a connected account is that account’s', async () => {
  expect(await made(dispute)).toMatchObject([{ caseId: 'dp_1MtJUT2eZvKYlo2CNaw2HvEv' }]);
  expect((await made(invoice))[0]?.properties.contract_id).toBe('sub_1MowQVLkdIwHu7ixeRlqHVzs');
  expect(await made(customer)).toMatchObject([
    {
      type: 'identify',
      identifiers: ['email:jenny@rosen.example', 'phone:+491711234567', 'stripe_id:acct_1Heron/cus_NffrFeUfNV2Hib'],
      traits: { language: 'de' },
    },
  ]);
});

test.each([
  [2198, 'eur', '21.98'],
  [5, 'usd', '0.05'],
  [500, 'jpy', '500'],
  [5120, 'kwd', '5.120'],
  [500, 'isk', '5.00'],
  [500, 'ugx', '5.00'],
  ['0.05', 'usd', '0.0005'],
  [-250, 'gbp', '-2.50'],
  [9_007_199_254_740_991, 'eur', '90071992547409.91'],
  [null, 'eur', null],
  [1, 'no code', null],
])('%s of %s is %s', (minor, currency, amount) => {
  expect(amountOf(minor, currency)).toBe(amount);
});

test('a retry is no second interaction; a test key is marked; other types are ignored; without an id it is kept as failed', async () => {
  await using collector = await start();
  await send(collector, { ...checkout, livemode: false });
  collector.now.micros += 3_600_000_000;
  await send(collector, { ...checkout, livemode: false });
  const events = (await collector.interactions()).map(outline);
  expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  expect(events[0]?.properties.test).toBe(true);
  await send(collector, as(checkout, 'product.created'));
  await send(collector, changed(payment, { id: null }));
  expect((await collector.deliveries('payments')).map(({ outcome }) => outcome).slice(0, 2)).toEqual([
    'refused',
    'ignored',
  ]);
});

// Signed as they were they were answered with 200, and kept nowhere
test.each([[[1, 2]], [null], [5], [{ id: 'evt_1', created: 1 }]])(
  'what is no event, %j, is kept as failed',
  async (body) => {
    await using collector = await start();
    await send(collector, body);
    const [kept, ...more] = await collector.failed();
    expect([more.length, JSON.parse(Buffer.from(kept!.body).toString())]).toEqual([
      0,
      expect.objectContaining({ item: body }),
    ]);
  },
);

test.each([
  ['an order', checkout],
  ['a payment', payment],
  ['a refund', refund],
  ['an invoice', invoice],
])('%s made with a test key says so and moves no money', async (_what, body) => {
  expect(await made({ ...body, livemode: false })).toMatchObject([
    { amount: null, currency: null, properties: { test: true } },
  ]);
});

test('hostile input gives events or a fault, never a throw', () => {
  const names = ['checkout', 'payment', 'refund', 'invoice', 'subscription', 'customer', 'dispute'];
  holdAgainstHostileInput(
    () => stripe,
    'stripe',
    names.map((name) => readFixture(`stripe-${name}`)),
  );
});
