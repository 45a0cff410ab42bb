import { createSource, type Delivery, type Vendor } from '@kenal/collector-kit';
import { kenalConfigSchema, type SourceKind } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { readFixture } from '../testing/fixtures.ts';
import { shopify } from './shopify.ts';
import { stripe } from './stripe.ts';
import { woocommerce } from './woocommerce.ts';

/** What becomes of a part of a delivery: the events, or the path at fault. */
function outcomeOf(vendor: Vendor, kind: SourceKind, headers: Record<string, string>, body: object) {
  const one = { id: 'vendor', kind, secrets: ['env:SECRET'] };
  const [workspace] = kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources: [one] }] }).workspaces;
  const source = createSource(workspace!, workspace!.sources[0]!);
  const delivery: Delivery = { source, headers, payload: body, receivedAt: 0 };
  const mapped = vendor.map(body, delivery);
  return mapped.ok ? mapped.value.map(({ event }) => event) : mapped.fault.path;
}

test.each<[SourceKind, string, object, unknown]>([
  ['shopify', 'order', { total_price: 'abc' }, '$.total_price'],
  ['shopify', 'order', { line_items: 'x' }, '$.line_items'],
  ['shopify', 'order', { line_items: [{ price: '1' }, { price: '1,50' }] }, '$.line_items[1].price'],
  ['shopify', 'order', { total_price: '', line_items: null }, ['Order Completed']],
  ['shopify', 'checkout', { total_tax: {} }, '$.total_tax'],
  ['shopify', 'refund', { transactions: [{ amount: 'all' }] }, '$.transactions[0].amount'],
  ['woocommerce', 'order', { total: '12,50' }, '$.total'],
  ['woocommerce', 'order', { refunds: [{ id: 7, total: '-x' }] }, '$.refunds[0].total'],
])(
  '%s: money that cannot be read refuses the event at its path, nothing is guessed: %s %j',
  (kind, name, changes, at) => {
    const { headers, body } = readFixture(`${kind}-${name}`);
    expect(outcomeOf(kind === 'shopify' ? shopify : woocommerce, kind, headers, { ...body, ...changes })).toEqual(at);
  },
);

test.each([
  ['payment', { amount_received: '12,50' }, '$.data.object.amount_received'],
  ['payment', { currency: null }, '$.data.object.currency'],
  ['checkout', { total_details: { amount_tax: [] } }, '$.data.object.total_details.amount_tax'],
  [
    'subscription',
    { items: { data: [{ price: { unit_amount: 'x' } }] } },
    '$.data.object.items.data[0].price.unit_amount',
  ],
  ['payment', { amount: null, amount_received: null, currency: null }, ['Payment Succeeded']],
])('stripe: the same of %s %j', (name, changes, at) => {
  const { body } = readFixture(`stripe-${name}`);
  const event = { ...body, data: { ...body.data, object: { ...body.data.object, ...changes } } };
  expect(outcomeOf(stripe, 'stripe', {}, event)).toEqual(at);
});

test('stripe: what was refunded before, where it cannot be read, is not taken for nothing', () => {
  const { body } = readFixture('stripe-refund');
  const event = { ...body, data: { ...body.data, previous_attributes: { amount_refunded: '500' } } };
  expect(outcomeOf(stripe, 'stripe', {}, event)).toBe('$.data.previous_attributes.amount_refunded');
});
