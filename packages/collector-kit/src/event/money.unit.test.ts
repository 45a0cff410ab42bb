import { DECIMAL_PATTERN } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, moneyOf } from './money.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

test.each([
  [12.5, '12.5'],
  [0, '0'],
  [-3, '-3'],
  [1e21, '1000000000000000000000'],
  [1.5e-7, '0'],
  [1e-6, '0.000001'],
  [27.979999999999997, '27.98'],
  [0.1 + 0.2, '0.3'],
  ['12.50', '12.50'],
  [' 7 ', '7'],
  ['+1.25', '1.25'],
  ['1e-3', '0.001'],
  ['1.5E3', '1500'],
  ['-1.20e1', '-12'],
  ['12.5000000000', '12.5'],
  ['9007199254740993.25', '9007199254740993.25'],
  ['12345678901234567890123456789012', '12345678901234567890123456789012'],
  ['123456789012345678901234567890123', null],
  ['0.1234567', null],
  ['1,234.50', null],
  ['£5', null],
  ['', null],
  ['1e999999999', null],
  ['1e999', null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
  [true, null],
  [null, null],
])('%j is %j', (value, text) => {
  expect(decimalOf(value)).toBe(text);
});

test('what it writes is a decimal of the same value', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.integer(), fc.float()), (number) => {
      const text = decimalOf(number);
      if (text === null) return;
      expect(text).toMatch(DECIMAL_PATTERN);
      expect(Math.abs(Number(text) - number)).toBeLessThanOrEqual(5e-7 + Math.abs(number) * 1e-15);
    }),
  );
});

test.each([
  ['an order: its total', 'Order Completed', { total: 27.5, revenue: 25, currency: 'eur' }, '27.5', 'EUR'],
  ['any event with revenue', 'Subscribed', { revenue: '9.99' }, '9.99', 'GBP'],
  ['a value with its currency', 'Donation Made', { value: 5, currency: 'USD' }, '5', 'USD'],
  ['a value alone may be anything', 'Level Reached', { value: 5 }, null, null],
  ['a look at a product moves no money', 'Product Viewed', { price: 5, value: 5, currency: 'USD' }, null, null],
  ['nor does a test', 'Order Completed', { total: 27.5, currency: 'EUR', test: true }, null, null],
  ['nor does the checkout', 'Checkout Started', { revenue: 5, currency: 'USD' }, null, null],
  ['what is no decimal is passed over', 'Order Completed', { total: 'five', revenue: 4 }, '4', 'GBP'],
  ['more than six places are rounded', 'Order Completed', { total: '1.2345675' }, '1.234568', 'GBP'],
  ['also to nothing', 'Order Completed', { total: '-1e-9' }, '0', 'GBP'],
  ['a currency that is none is not taken', 'Order Completed', { total: 4, currency: 'pounds' }, '4', 'GBP'],
])('%s', (_name, event, properties, amount, currency) => {
  expect(moneyOf(event, properties, 'GBP')).toEqual({ amount, currency });
});
