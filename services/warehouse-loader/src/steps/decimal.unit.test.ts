import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalText } from '../test-support.ts';
import { multiply, parseDecimal } from './decimal.ts';

const numRuns = Number(process.env.KENAL_PROPERTY_RUNS ?? 300);
const text = (value: bigint | null) => (value === null ? null : decimalText(value));

it('reads amounts as numbers and as strings, digit by digit', () => {
  const cases: [unknown, string | null][] = [
    [2.55, '2.55'],
    ['2.550', '2.55'],
    [0.1, '0.1'],
    ['-0.000001', '-0.000001'],
    [1e21, '1000000000000000000000'],
    ['1e-7', '0'],
    ['.5', '0.5'],
    ['7.', '7'],
    [' 12 ', '12'],
    ['+3', '3'],
    ['12345678901234567890123456789012.123456', '12345678901234567890123456789012.123456'],
    ['123456789012345678901234567890123', null],
    ['1e999', null],
    ['', null],
    ['.', null],
    ['12,5', null],
    ['NaN', null],
    [Number.NaN, null],
    [null, null],
    [true, null],
  ];
  for (const [given, expected] of cases) expect(text(parseDecimal(given)), String(given)).toBe(expected);
});

it('rounds what has more than six digits half away from zero, once', () => {
  expect(text(parseDecimal('1.0000005'))).toBe('1.000001');
  expect(text(parseDecimal('-1.0000005'))).toBe('-1.000001');
  expect(text(multiply('0.0000005', '1000000'))).toBe('0.5');
});

it('multiplies exactly where floats do not', () => {
  expect(text(multiply(3, 1.1))).toBe('3.3');
  expect(text(multiply('-6', '2.55'))).toBe('-15.3');
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.bigInt(-(10n ** 12n), 10n ** 12n), (a, b) => {
      const [left, right] = [decimalText(a * 1_000n), decimalText(b * 1_000n)]; // three fraction digits each
      return multiply(left, right) === a * b;
    }),
    { numRuns },
  );
});

it('reads whatever a column can hold', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), (value) => parseDecimal(decimalText(value)) === value),
    { numRuns },
  );
});
