import { expect, test } from 'vitest';
import { formatTime, parseTime } from './time.ts';

test('times come with 0, 3, 6 or 9 digits, Z or an offset, and mean the same instant', () => {
  const instant = Date.UTC(2026, 10, 22, 8, 0, 0) * 1000;
  expect(parseTime('2026-11-22T08:00:00Z')).toBe(instant);
  expect(parseTime('2026-11-22T10:00:00+02:00')).toBe(instant);
  expect(parseTime('2026-11-22T08:00:00.123Z')).toBe(instant + 123_000);
  expect(parseTime('2026-11-22T08:00:00.123456Z')).toBe(instant + 123_456);
  expect(parseTime('2026-11-22T08:00:00.123456789Z')).toBe(instant + 123_456);
  expect(parseTime(instant / 1000)).toBe(instant);
});

test('a day that does not exist, an hour that does not exist and free text are no times', () => {
  for (const bad of [
    '2026-02-30T00:00:00Z',
    '2026-01-01T25:00:00Z',
    'yesterday',
    '',
    null,
    {},
    Number.NaN,
    '2026-01-01T00:00:00+99:00',
  ]) {
    expect(parseTime(bad)).toBeNull();
  }
});

test('the form that JavaScript writes means what it means with a space in it, on every day and at every edge', () => {
  const two = (value: number): string => String(value).padStart(2, '0');
  for (const year of ['0000', '0099', '1826', '1828', '1900', '2000', '2026', '2028', '2255', '2256', '9999'])
    for (let month = 0; month <= 13; month++)
      for (let day = 0; day <= 32; day++)
        for (const clock of ['00:00:00.000', '23:59:59.999', '23:59:60.000', '24:00:00.000', '12:60:00.000']) {
          const text = `${year}-${two(month)}-${two(day)}T${clock}Z`;
          expect(parseTime(text), text).toBe(parseTime(text.replace('T', ' ')));
        }
});

test('the empty time of some languages and times that no log can carry are no times', () => {
  for (const bad of ['0001-01-01T00:00:00Z', '1826-12-31T00:00:00Z', '2256-01-01T00:00:00Z', 9e15 + 1e13]) {
    expect(parseTime(bad)).toBeNull();
  }
});

test('what is written can be read back to the microsecond', () => {
  for (const micros of [0, 1, 1_763_800_000_123_456, 1_763_800_000_123_000])
    expect(parseTime(formatTime(micros))).toBe(micros);
});
