import { MICROS_PER_DAY, MICROS_PER_SECOND, type Micros, parseTime } from '@kenal/contracts';
import { type Outcome, refused } from '../fault.ts';
import type { JsonRecord } from '../json/inspect.ts';

/** The caller's times of one copy, and the time for reports. */
export interface EventTimes {
  readonly clientAt: Micros | null;
  readonly sentAt: Micros | null;
  readonly occurredAt: Micros;
}

/** How far ahead `sentAt` must lie before the caller's clock counts as wrong: less is network and rounding. */
const CLOCK_TOLERANCE = 30 * MICROS_PER_SECOND;
const FUTURE_TOLERANCE = MICROS_PER_DAY;

// What a Go program sends for a time that was never set.
const GO_ZERO_TIME = /^0001-01-01T00:00:00(\.0+)?Z?$/;

/**
 * The clock rules of wire.md. A queue explains any delay, so a `sentAt` behind corrects nothing; one that lies more
 * than 30 s *ahead* of our clock proves that the caller's clock is ahead, and the time for reports is moved by as much.
 * `clientAt` stays as it was sent. What lies more than 24 h ahead even after correction is refused.
 * @param envelopeSentAt `sentAt` of the batch, for events without one
 * @returns faults `event_bad_time`, `event_in_future`
 */
export function timesOf(event: JsonRecord, envelopeSentAt: unknown, receivedAt: Micros): Outcome<EventTimes> {
  // Where there are both, `timestamp` is the caller's
  const field = isSet(event.timestamp) ? 'timestamp' : 'originalTimestamp';
  const raw = event[field];
  const clientAt = isSet(raw) ? parseTime(raw) : null;
  if (isSet(raw) && (clientAt === null || !Number.isSafeInteger(clientAt))) {
    return refused(
      'event_bad_time',
      `$.${field}`,
      'expected ISO 8601, or a number of seconds or milliseconds since 1970, from 1829 to 2253',
    );
  }
  const sentAt = readSentAt(event.sentAt) ?? readSentAt(envelopeSentAt);
  const occurredAt = correct(clientAt, sentAt, receivedAt);
  if (occurredAt > receivedAt + FUTURE_TOLERANCE) {
    return refused('event_in_future', `$.${field}`, 'more than 24 h ahead of the time of receipt');
  }
  return { ok: true, value: { clientAt, sentAt, occurredAt } };
}

/** Whether a copy comes more than a day after its event: accepted, but counted. */
export function isLate(occurredAt: Micros, receivedAt: Micros): boolean {
  return occurredAt < receivedAt - MICROS_PER_DAY;
}

function correct(clientAt: Micros | null, sentAt: Micros | null, receivedAt: Micros): Micros {
  if (clientAt === null) return receivedAt;
  if (sentAt === null || sentAt <= receivedAt + CLOCK_TOLERANCE) return clientAt;
  return receivedAt - (sentAt - clientAt);
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return !(typeof value === 'string' && GO_ZERO_TIME.test(value));
}

// It only helps to correct: one that cannot be read is no reason to refuse an event.
function readSentAt(value: unknown): Micros | null {
  const micros = isSet(value) ? parseTime(value) : null;
  return micros !== null && Number.isSafeInteger(micros) ? micros : null;
}
