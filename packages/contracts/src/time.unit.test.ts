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

test('the empty time of some languages and times that no log can carry are no times', () => {
  for (const bad of ['0001-01-01T00:00:00Z', '1826-12-31T00:00:00Z', '2256-01-01T00:00:00Z', 9e15 + 1e13]) {
    expect(parseTime(bad)).toBeNull();
  }
});

test('what is written can be read back to the microsecond', () => {
  for (const micros of [0, 1, 1_763_800_000_123_456, 1_763_800_000_123_000])
    expect(parseTime(formatTime(micros))).toBe(micros);
});
