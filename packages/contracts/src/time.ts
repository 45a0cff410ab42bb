/** An instant as whole microseconds since 1970-01-01T00:00:00Z; exact in a double until the year 2255. */
export type Micros = number;

/** Tells the time; an argument everywhere, so that tests say what time it is. */
export type Clock = () => Micros;

export const MICROS_PER_MILLI = 1_000;
export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

// What an Avro long carries exactly in JavaScript: from 1827 to 2255. `0001-01-01T00:00:00Z`, the empty time of some
// languages, lies before it.
const EARLIEST = -(2 ** 52);
const LATEST = 2 ** 53 - 2;

// 2026-11-22T10:00:00.123456789+02:00 · a space may stand for the T, the zone may be missing (then UTC),
// the fraction may have 1 to 9 digits, the time of day may be missing altogether.
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}:?\d{2})?)?$/;

// What `toISOString` writes, and so nearly every client: a third of the time of the long way.
const WRITTEN_BY_JS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Read a time as clients send it: ISO 8601 with 0 to 9 fraction digits and `Z` or an offset,
 * or a number of seconds, milliseconds or microseconds since 1970 (told apart by magnitude).
 * Digits past the microsecond are cut.
 * @returns null where it is not a time (30 February included), or lies before 1828 or after 2254
 */
export function parseTime(value: unknown): Micros | null {
  if (typeof value === 'number') return fromEpochNumber(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (WRITTEN_BY_JS.test(text)) {
    const written = Date.parse(text);
    // The engine takes 30 February for 2 March; whatever it reads otherwise than it stands goes the long way
    if (new Date(written).getUTCDate() === Number(text.slice(8, 10))) return inRange(written * MICROS_PER_MILLI);
  }
  if (/^\d{9,16}(\.\d+)?$/.test(text)) return fromEpochNumber(Number(text));
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const leap = second === '60' ? 59 : Number(second);
  const millis = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), leap);
  if (!isSameDay(millis, Number(year), Number(month), Number(day)) || Number(hour) > 23 || Number(minute) > 59)
    return null;
  if (Number(second) > 60) return null;
  const offset = offsetMinutes(zone);
  if (offset === null) return null;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  return inRange((millis - offset * 60_000) * MICROS_PER_MILLI + micros);
}

/** Write an instant as ISO 8601 in UTC, with 3 fraction digits, or 6 where the microseconds are not whole milliseconds. */
export function formatTime(micros: Micros): string {
  const millis = Math.floor(micros / MICROS_PER_MILLI);
  const rest = micros - millis * MICROS_PER_MILLI;
  const text = new Date(millis).toISOString();
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

function fromEpochNumber(value: number): Micros | null {
  if (!Number.isFinite(value) || value < 0) return null;
  if (value < 1e11) return inRange(Math.round(value * MICROS_PER_SECOND)); // seconds, to the year 5138
  if (value < 1e14) return inRange(Math.round(value * MICROS_PER_MILLI));
  return inRange(Math.round(value));
}

function inRange(micros: number): Micros | null {
  return micros >= EARLIEST && micros <= LATEST ? micros : null;
}

function isSameDay(millis: number, year: number, month: number, day: number): boolean {
  const date = new Date(millis);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function offsetMinutes(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 18 || minutes > 59) return null;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}
