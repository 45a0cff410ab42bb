import { formatTime, MICROS_PER_DAY, type Micros, parseTime } from '@kenal/contracts';
import { describe, expect, test } from 'vitest';
import { isLate, timesOf } from './times.ts';

const at = (text: string): Micros => parseTime(text) ?? Number.NaN;
const RECEIVED = '2026-11-22T12:00:00.000Z';

type Case = [
  promise: string,
  event: Record<string, unknown>,
  envelopeSentAt: unknown,
  occurred: string,
  client: string | null,
];

const ACCEPTED: Case[] = [
  // What the caller says | its event | sentAt of the envelope | occurredAt | clientAt
  ['no time at all: the time of receipt', {}, null, RECEIVED, null],
  [
    'its own time is taken as it is',
    { timestamp: '2026-11-22T11:59:58.000Z' },
    null,
    '2026-11-22T11:59:58.000Z',
    '2026-11-22T11:59:58.000Z',
  ],
  [
    'sentAt behind by minutes is a queue, not a clock',
    { timestamp: '2026-11-22T11:00:00.000Z' },
    '2026-11-22T11:55:00Z',
    '2026-11-22T11:00:00.000Z',
    '2026-11-22T11:00:00.000Z',
  ],
  [
    'sentAt behind by years is a queue too',
    { timestamp: '2016-11-22T11:00:00.000Z' },
    '2016-11-22T11:00:01Z',
    '2016-11-22T11:00:00.000Z',
    '2016-11-22T11:00:00.000Z',
  ],
  [
    'sentAt ahead by 30 s is within tolerance',
    { timestamp: '2026-11-22T12:00:20.000Z' },
    '2026-11-22T12:00:30Z',
    '2026-11-22T12:00:20.000Z',
    '2026-11-22T12:00:20.000Z',
  ],
  [
    'sentAt ahead by 31 s corrects by as much',
    { timestamp: '2026-11-22T12:00:21.000Z' },
    '2026-11-22T12:00:31Z',
    '2026-11-22T11:59:50.000Z',
    '2026-11-22T12:00:21.000Z',
  ],
  [
    'a clock ten years ahead is corrected for reports, and kept as sent',
    { timestamp: '2036-11-22T11:00:00.000Z' },
    '2036-11-22T11:00:05Z',
    '2026-11-22T11:59:55.000Z',
    '2036-11-22T11:00:00.000Z',
  ],
  [
    'sentAt of the event goes before the envelope’s',
    { timestamp: '2036-11-22T11:00:00.000Z', sentAt: '2036-11-22T11:00:01.000Z' },
    '2026-11-22T12:00:00Z',
    '2026-11-22T11:59:59.000Z',
    '2036-11-22T11:00:00.000Z',
  ],
  [
    'of timestamp and originalTimestamp, timestamp is the caller’s',
    { timestamp: '2026-11-22T10:00:00.000Z', originalTimestamp: '2026-11-22T11:00:00.000Z' },
    null,
    '2026-11-22T10:00:00.000Z',
    '2026-11-22T10:00:00.000Z',
  ],
  [
    'originalTimestamp stands in where it is alone',
    { originalTimestamp: '2026-11-22T11:00:00.000Z', timestamp: null },
    null,
    '2026-11-22T11:00:00.000Z',
    '2026-11-22T11:00:00.000Z',
  ],
  [
    'microseconds and offsets count',
    { timestamp: '2026-11-22T12:00:00.123456789+02:00' },
    null,
    '2026-11-22T10:00:00.123456Z',
    '2026-11-22T10:00:00.123456Z',
  ],
  [
    '23 h ahead without a sentAt is let through',
    { timestamp: '2026-11-23T11:00:00.000Z' },
    null,
    '2026-11-23T11:00:00.000Z',
    '2026-11-23T11:00:00.000Z',
  ],
  [
    'a sentAt that cannot be read is as good as none',
    { timestamp: '2026-11-22T11:00:00.000Z', sentAt: 'soon' },
    { a: 1 },
    '2026-11-22T11:00:00.000Z',
    '2026-11-22T11:00:00.000Z',
  ],
  ['Go’s zero time is none', { timestamp: '0001-01-01T00:00:00Z' }, null, RECEIVED, null],
];

describe(`received at ${RECEIVED}`, () => {
  test.each(ACCEPTED)('%s', (_promise, event, envelopeSentAt, occurred, client) => {
    const times = timesOf(event, envelopeSentAt, at(RECEIVED));
    expect(times.ok && formatTime(times.value.occurredAt)).toBe(occurred);
    expect(times.ok && times.value.clientAt).toBe(client === null ? null : at(client));
  });

  test.each([
    [
      'more than 24 h ahead, nothing to correct it by',
      { timestamp: '2026-11-23T12:00:01Z' },
      'event_in_future',
      '$.timestamp',
    ],
    [
      'more than 24 h ahead even after correction',
      { timestamp: '2036-11-24T00:00:00Z', sentAt: '2036-11-22T00:00:00Z' },
      'event_in_future',
      '$.timestamp',
    ],
    [
      'ten years ahead, a sentAt that is right',
      { originalTimestamp: '2036-11-22T11:00:00Z', sentAt: '2026-11-22T12:00:00Z' },
      'event_in_future',
      '$.originalTimestamp',
    ],
    ['no time', { timestamp: 'yesterday' }, 'event_bad_time', '$.timestamp'],
    ['a day that does not exist', { timestamp: '2026-02-30T00:00:00Z' }, 'event_bad_time', '$.timestamp'],
    ['an object', { timestamp: {} }, 'event_bad_time', '$.timestamp'],
    ['a year that microseconds cannot hold', { timestamp: '0001-01-02T00:00:00Z' }, 'event_bad_time', '$.timestamp'],
  ])('refused: %s', (_promise, event, code, path) => {
    expect(timesOf(event, null, at(RECEIVED))).toMatchObject({ ok: false, fault: { code, path } });
  });
});

test('late is more than a day after it happened', () => {
  expect(isLate(at(RECEIVED) - MICROS_PER_DAY, at(RECEIVED))).toBe(false);
  expect(isLate(at(RECEIVED) - MICROS_PER_DAY - 1, at(RECEIVED))).toBe(true);
});
