import { createZone, type Zone } from '@kenal/collector-kit';
import { formatTime } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { createFormatReader, createOrderReader, detectOrder } from './dates.ts';
import { formatDecimal, multiply, parseDecimal } from './decimal.ts';

const london = createZone('Europe/London') as Zone;
const utc = createZone('UTC') as Zone;

test.each([
  ['12.50', '12.5'],
  ['-1', '-1'],
  ['17850.0', '17850'],
  ['(12.50)', '-12.5'],
  ['12.50-', '-12.5'],
  ['£1.05', '1.05'],
  ['-£11062.06', '-11062.06'],
  ['.5', '0.5'],
  ['1e-05', '0.00001'],
  ['1.2E3', '1200'],
  ['00012', '12'],
  ['123456789012345678901234567890.123456', '123456789012345678901234567890.123456'],
])('the number %s is read exactly as %s', (text, exact) => {
  const value = parseDecimal(text);
  expect(value === null ? null : formatDecimal(value)).toBe(exact);
});

test.each(['', '-', '.', '1,234', '1.2.3', 'NaN', '0x10', '12 pieces', '1e99'])('%j is no number', (text) => {
  expect(parseDecimal(text)).toBeNull();
});

test.each(['80.00', '1.2', '1,234.56', '1.23.4,5', '1.2345', '.500', '1.234,5,6'])(
  'where the comma is the point, %s is no number rather than a hundred times the price',
  (text) => {
    expect(parseDecimal(text, { point: ',', thousands: '.' })).toBeNull();
  },
);

test('a decimal comma and separators of thousands are read where the mapping names them', () => {
  const german = { point: ',', thousands: '.' };
  expect(formatDecimal(parseDecimal('1.234.567,80', german)!)).toBe('1234567.8');
  expect(parseDecimal('12.50', { point: ',', thousands: '' })).toBeNull();
});

test('amounts are exact where floating point is not', () => {
  expect(formatDecimal(multiply(parseDecimal('3')!, parseDecimal('0.1')!))).toBe('0.3');
  expect(formatDecimal(multiply(parseDecimal('-80995')!, parseDecimal('2.08')!))).toBe('-168469.6');
});

test('a wall clock is read in its zone: summer time, the hour that comes twice, the hour that never was', () => {
  const read = createFormatReader('iso', london);
  const at = (text: string): string => formatTime(read(text)!);
  expect(at('2011-01-10 12:00:00')).toBe('2011-01-10T12:00:00.000Z');
  expect(at('2011-07-10 12:00:00')).toBe('2011-07-10T11:00:00.000Z');
  expect(at('2011-10-30 01:30:00')).toBe('2011-10-30T00:30:00.000Z');
  expect(at('2011-03-27 01:30:00')).toBe('2011-03-27T01:30:00.000Z');
  expect(at('2011-07-10T12:00:00+05:30')).toBe('2011-07-10T06:30:00.000Z');
  expect(at('2011-07-10')).toBe('2011-07-09T23:00:00.000Z');
});

test.each([
  ['2010-12-01 08:26:00', 'iso'],
  ['1291191960', 'epoch'],
  ['12/13/2010 8:26', 'mdy/'],
  ['13/12/2010 8:26', 'dmy/'],
  ['12/1/2010 8:26', 'ambiguous'],
  ['1.12.2010', 'dmy.'],
  ['2010/12/01', 'ymd/'],
  ['1 Dec 2010', 'worded'],
  ['yesterday', null],
])('the time %s has the form %s', (text, form) => {
  expect(detectOrder(text)).toBe(form);
});

test.each([
  ['mdy/', '12/1/2010 8:26', '2010-12-01T08:26:00.000Z'],
  ['mdy/', '12/1/10 8:26 PM', '2010-12-01T20:26:00.000Z'],
  ['dmy.', '1.12.2010', '2010-12-01T00:00:00.000Z'],
  ['dmy.', '01.12.2010, 08:26:30', '2010-12-01T08:26:30.000Z'],
  ['worded', '1 Dec 2010 8:26', '2010-12-01T08:26:00.000Z'],
  ['epoch', '1291191960', '2010-12-01T08:26:00.000Z'],
] as const)('in the form %s, %s is %s', (order, text, instant) => {
  expect(formatTime(createOrderReader(order, utc)(text)!)).toBe(instant);
});

test('a named format is kept to, and what does not fit is no time', () => {
  const read = createFormatReader('M/d/yyyy H:mm', london);
  expect(formatTime(read('7/1/2011 8:26')!)).toBe('2011-07-01T07:26:00.000Z');
  expect(read('2011-07-01 08:26')).toBeNull();
  expect(read('13/1/2011 8:26')).toBeNull();
});
