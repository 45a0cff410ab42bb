import type { Zone } from '@kenal/collector-kit';
import { type Micros, parseTime } from '@kenal/contracts';
import { DateTime } from 'luxon';

/** Reads the times of one column. @returns null where the text is no time of this form */
export type DateReader = (text: string) => Micros | null;

const ZONED = /(?:[Zz]|[+-]\d{2}:?\d{2})$/;
const ISO_LIKE = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}.*)?$/;
const EPOCH = /^\d{9,16}(?:\.\d+)?$/;
// 12/1/2010 8:26 · 1.12.2010 · 2010/12/01 08:26:30 · 12-1-2010 8:26 AM · 1 Dec 2010
const NUMERIC = /^(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?:[ T,]+\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?)?$/;
const TIMES = ['', ' H:mm', ' H:mm:ss', ' h:mm a', ' h:mm:ss a'];
const WORDED = ['d MMM yyyy', 'd MMMM yyyy', 'MMM d, yyyy', 'MMMM d, yyyy', 'd-MMM-yyyy', 'd-MMM-yy'];
const CACHE = 4_096;

/** Years first, month first or day first, and the sign between. */
export type DateOrder = 'iso' | 'epoch' | 'worded' | `${'ymd' | 'mdy' | 'dmy'}${string}`;

/**
 * Read by a format in Luxon's tokens (`M/d/yyyy H:mm`, `dd.MM.yyyy`, `yyyyMMdd`), or `iso`, or `epoch`.
 * A text without a zone of its own is a wall-clock time of `zone`.
 */
export function createFormatReader(format: string, zone: Zone): DateReader {
  if (format.toLowerCase() === 'iso') return remember((text) => readIso(text, zone));
  if (format.toLowerCase() === 'epoch') return (text) => (EPOCH.test(text) ? parseTime(text) : null);
  const hasZone = /(^|[^A-Za-z])(Z{1,3}|z)([^A-Za-z]|$)/.test(format);
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  return remember((text) => {
    const time = DateTime.fromFormatParser(text, parser, { zone: 'utc', locale: 'en-US' });
    if (!time.isValid) return null;
    return (hasZone ? time.toMillis() : zone.toInstant(time.toMillis())) * 1_000;
  });
}

/** @returns how to read the times of a column whose forms `order` names */
export function createOrderReader(order: DateOrder, zone: Zone): DateReader {
  if (order === 'iso' || order === 'epoch') return createFormatReader(order, zone);
  const readers = formatsOf(order).map((format) => createFormatReader(format, zone));
  return remember((text) => {
    for (const read of readers) {
      const time = read(text.replace(/(\d)[T,]+ ?(\d)/, '$1 $2'));
      if (time !== null) return time;
    }
    return null;
  });
}

function formatsOf(order: string): string[] {
  if (order === 'worded') return WORDED.flatMap((day) => TIMES.map((time) => day + time));
  const sign = order.slice(3);
  const parts = { ymd: ['yyyy', 'M', 'd'], mdy: ['M', 'd', 'yyyy'], dmy: ['d', 'M', 'yyyy'] }[order.slice(0, 3)] ?? [];
  const long = parts.join(sign);
  const days = order.startsWith('ymd') ? [long] : [long, long.replace('yyyy', 'yy')];
  return days.flatMap((day) => TIMES.map((time) => day + time));
}

/**
 * Which form one text has.
 * @returns `ambiguous` where day and month could be either way round, null where it is no common form at all
 */
export function detectOrder(text: string): DateOrder | 'ambiguous' | null {
  if (ISO_LIKE.test(text)) return 'iso';
  if (EPOCH.test(text)) return 'epoch';
  const match = NUMERIC.exec(text);
  if (match === null) return /[A-Za-z]{3}/.test(text) && /\d/.test(text) ? 'worded' : null;
  const [, first = '', sign = '', second = ''] = match;
  if (first.length === 4) return `ymd${sign}`;
  if (first.length > 2) return null;
  if (sign === '.') return 'dmy.'; // nobody writes the month first with dots
  if (Number(first) > 12) return `dmy${sign}`;
  if (Number(second) > 12) return `mdy${sign}`;
  return 'ambiguous';
}

function readIso(text: string, zone: Zone): Micros | null {
  if (ZONED.test(text) && text.length > 10) return parseTime(text);
  const wall = parseTime(text);
  if (wall === null || EPOCH.test(text)) return null;
  const millis = Math.floor(wall / 1_000);
  return zone.toInstant(millis) * 1_000 + (wall - millis * 1_000);
}

// Rows of one order share their time, so most look-ups hit.
function remember(read: DateReader): DateReader {
  const cache = new Map<string, Micros | null>();
  return (text) => {
    let time = cache.get(text);
    if (time === undefined) {
      time = read(text);
      if (cache.size >= CACHE) cache.clear();
      cache.set(text, time);
    }
    return time;
  };
}
