import { expect, it } from 'vitest';
import { decimalText, orderEvent } from '../test-support.ts';
import { readOrder } from './order.ts';

const read = (name: string, properties: Readonly<Record<string, unknown>>) => {
  const order = readOrder(orderEvent('m', name, properties), 'EUR');
  if (order === null) return null;
  const money = (value: bigint | null) => (value === null ? null : decimalText(value));
  return {
    ...order,
    total: money(order.total),
    refunded: money(order.refunded),
    lines: order.lines.map((line) => [line.itemId, money(line.quantity), money(line.price), money(line.amount)]),
  };
};

const products = [
  { product_id: 'a', name: 'A', quantity: 2, price: 1.1 },
  { sku: 'b', price: '0.333' },
];

it('takes a completed order as the whole of it, with the total that it states or the sum of its lines', () => {
  const lines = [
    ['a', '2', '1.1', '2.2'],
    ['b', '1', '0.333', '0.333'],
  ];
  const common = { orderId: '7', kind: 'snapshot', currency: 'EUR', refunded: '0', lines, faults: [] };
  expect(read('Order Completed', { order_id: 7, products })).toEqual({ ...common, total: '2.533' });
  expect(read('Order Updated', { order_id: '7', total: 9, revenue: 8, products })).toMatchObject({ total: '9' });
  expect(read('Order Completed', { order_id: '7', revenue: '8', value: 1 })).toMatchObject({ total: '8' });
  expect(read('Order Completed', { order_id: '7', currency: 'gbp' })).toMatchObject({
    currency: 'GBP',
    total: null,
    refunded: null,
    faults: [],
  });
});

it('takes a line of an order file as one line, returned ones as negative', () => {
  const line = (quantity: number) => ({
    ...{ order_id: 'C1', order_line: true, products: [{ product_id: 'a', quantity, price: '2.55' }] },
  });
  expect(read('Order Completed', line(6))).toMatchObject({ kind: 'lines', total: '15.3', refunded: '0' });
  expect(read('Order Completed', line(-6))).toMatchObject({
    ...{ kind: 'lines', total: '0', refunded: '15.3', lines: [['a', '-6', '2.55', '-15.3']] },
  });
});

it('takes a refund by its total, else by its products, else as of the whole order', () => {
  expect(read('Order Refunded', { order_id: '7', total: '3' })).toMatchObject({ refunded: '3', total: null });
  expect(read('Order Refunded', { order_id: '7', products })).toMatchObject({
    ...{
      refunded: '2.533',
      lines: [
        ['a', '-2', '1.1', '-2.2'],
        ['b', '-1', '0.333', '-0.333'],
      ],
    },
  });
  expect(read('Order Refunded', { order_id: '7' })).toMatchObject({ refunded: null, faults: [] });
});

it('is no order where the event is another, names none, or has no readable properties', () => {
  expect(read('Checkout Started', { order_id: '7' })).toBeNull();
  expect(read('Order Completed', { order_id: '' })).toBeNull();
  expect(readOrder(orderEvent('m', 'Order Completed', {}, { properties: '[]' }), '')).toBeNull();
  expect(readOrder(orderEvent('m', 'Order Completed', { order_id: '7' }, { type: 'page' }), '')).toBeNull();
});

it.each(['Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled'])(
  'takes no test for a sale: %s',
  (name) => {
    const real = { order_id: '7', total: '3', products };
    expect(read(name, { ...real, test: true })).toBeNull();
    for (const test of [false, 'true', null]) expect(read(name, { ...real, test })).not.toBeNull();
  },
);

it('takes what is no product for nothing', () => {
  const odd = [null, 3, 'x', [], { product_id: 'a', price: 2 }];
  expect(read('Order Completed', { order_id: '7', products: odd })).toMatchObject({ lines: [['a', '1', '2', '2']] });
});

it('takes an amount that is no number for unknown, never for 0, and says what it found', () => {
  const lines = [
    { product_id: 'a', quantity: 'many', price: 3 },
    { product_id: 'b', quantity: 2, price: '1,50' },
    { product_id: 'c', quantity: 2 },
    { product_id: 'd', quantity: 2, price: 5 },
  ];
  const summed = read('Order Completed', { order_id: '7', total: 'abc', revenue: {}, products: lines });
  expect(summed?.lines).toEqual([
    ['a', null, '3', null],
    ['b', '2', null, null],
    ['c', '2', null, null],
    ['d', '2', '5', '10'],
  ]);
  expect(summed).toMatchObject({ total: '10', refunded: '0' }); // what is known
  expect(summed?.faults).toEqual([
    'total "abc" is no number',
    'revenue {} is no number',
    'line 1: quantity "many" is no number',
    'line 2: price "1,50" is no number',
    'line 3: the price is missing',
  ]);
  const stated = read('Order Completed', { order_id: '7', total: 'abc', value: '12.5', products: lines.slice(2) });
  expect(stated).toMatchObject({ total: '12.5', faults: ['total "abc" is no number'] });
});

it('knows no sum where nothing can be read, and never takes an unreadable refund for one of the whole order', () => {
  const unreadable = { order_id: '7', total: 'two' };
  expect(read('Order Completed', unreadable)).toMatchObject({ total: null, refunded: null });
  const faults = ['total "two" is no number'];
  expect(read('Order Refunded', unreadable)).toMatchObject({ refunded: null, faults });
  expect(read('Order Refunded', { ...unreadable, products })).toMatchObject({ refunded: '2.533', faults });
  const line = { order_id: '7', order_line: true, products: [{ product_id: 'a', quantity: 1, price: 'x' }] };
  expect(read('Order Completed', line)).toMatchObject({ kind: 'lines', total: null, refunded: null });
  const huge = [{ product_id: 'a', quantity: '9'.repeat(30), price: '9'.repeat(30) }];
  expect(read('Order Completed', { order_id: '7', products: huge })?.faults).toEqual([
    'line 1: quantity "999999999999999999999999999999" is more than an amount can be',
    'line 1: price "999999999999999999999999999999" is more than an amount can be',
  ]);
});

it('takes for no amount what would make sums wrap around', () => {
  const much = 'is more than an amount can be';
  const lines = [
    { product_id: 'a', quantity: 2e8, price: 1e8 },
    { product_id: 'b', quantity: 1, price: '-1e15' },
  ];
  expect(read('Order Completed', { order_id: '7', total: 9.9e31, products: lines })).toMatchObject({
    ...{ total: '0', refunded: '1000000000000000' },
    faults: [`total 9.9e+31 ${much}`, `line 1: quantity × price ${much}`],
  });
});

it('adds up no lines in another currency, and takes three letters only for one', () => {
  const line = (price: number, currency?: string) => ({ product_id: 'a', price, currency });
  const order = (name: string, fields: object) => read(name, { order_id: '7', ...fields });
  const mixed = { currency: 'GBP', products: [line(3), line(4, 'gbp'), line(500, 'JPY'), line(9, '€')] };
  const faults = ['line 4: currency "€" is no ISO 4217 code', 'line 3: it is in JPY, the order in GBP'];
  expect(order('Order Completed', mixed)).toMatchObject({ currency: 'GBP', total: '7', faults });
  expect(order('Order Refunded', mixed)).toMatchObject({ currency: 'GBP', refunded: '7', faults });
  // What all lines name is that of the order
  expect(order('Order Refunded', { products: [line(500, 'JPY')] })).toMatchObject({ currency: 'JPY', faults: [] });
  const none = { currency: 'XX£', total: 5 };
  const unknown = { currency: '', faults: ['currency "XX£" is no ISO 4217 code'] };
  expect(order('Order Completed', none)).toMatchObject({ ...unknown, total: '5' });
  expect(order('Order Refunded', none)).toMatchObject({ ...unknown, refunded: null });
  // An update leaves the order in its own
  expect(order('Order Updated', { total: 5 })).toMatchObject({ currency: '', total: '5', faults: [] });
});
