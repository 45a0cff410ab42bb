import { createZone, type Outcome, refused, type Source, type Zone } from '@kenal/collector-kit';
import { type CdrColumn, MICROS_PER_MILLI, MICROS_PER_SECOND, type Micros, parseTime } from '@kenal/contracts';
import { plusSeconds, secondsOf } from '../call/call-event.ts';

/** One record with its times as instants. */
export interface CdrRecord {
  /** Text of a column; empty where the record has none. */
  readonly cell: (column: CdrColumn) => string;
  readonly startedAt: Micros;
  readonly endedAt: Micros;
  /** When somebody or something took the call; null where nobody did. */
  readonly answeredAt: Micros | null;
  readonly totalSeconds: number;
  readonly billedSeconds: number;
}

const zones = new Map<string, Zone | null>();

/**
 * Cells → a record. Only the start is read off the clock: where clocks are set back while somebody speaks, the others
 * would be an hour off, so they are reckoned from the seconds.
 * @returns faults `event_bad_field`, `event_bad_time`
 */
export function recordOf(cells: readonly string[], columns: readonly CdrColumn[], source: Source): Outcome<CdrRecord> {
  const places = new Map(columns.map((column, place) => [column, place]));
  const cell = (column: CdrColumn): string => (cells[places.get(column) ?? -1] ?? '').trim();
  const totalSeconds = secondsOf(whole(cell('duration')));
  if (totalSeconds === null) return refused('event_bad_field', '$.duration', 'expected a number of seconds');
  const billedSeconds = secondsOf(whole(cell('billsec')));
  if (billedSeconds === null || billedSeconds > totalSeconds)
    return refused('event_bad_field', '$.billsec', 'expected a number of seconds, no more than the duration');
  const startedAt = instantOf(cell('start'), cell('uniqueid'), source);
  if (startedAt === null) return refused('event_bad_time', '$.start', 'expected 2026-11-30 10:01:05');
  const endedAt = plusSeconds(startedAt, totalSeconds) ?? startedAt;
  const answeredAt = cell('disposition').toUpperCase() === 'ANSWERED' ? plusSeconds(endedAt, -billedSeconds) : null;
  return { ok: true, value: { cell, startedAt, endedAt, answeredAt, totalSeconds, billedSeconds } };
}

/** `42`, `42.000000` */
function whole(text: string): string {
  return text.length < 16 ? text.replace(/\.\d*$/, '') : text;
}

/**
 * A time of the exchange's clock, in the workspace's zone; one with a zone of its own, or in seconds since 1970, is what
 * it says. In the hour that comes twice a year the unique id, `1764500000.42`, tells which one it was: it begins with
 * the second in which the channel was made.
 */
function instantOf(text: string, uniqueId: string, { timezone }: Source): Micros | null {
  const written = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,9})?)$/.exec(text);
  if (written === null) return parseTime(text);
  const wall = parseTime(`${written[1]}T${written[2]}Z`);
  if (wall === null) return null;
  let zone = zones.get(timezone);
  if (zone === undefined) {
    zone = createZone(timezone);
    zones.set(timezone, zone);
  }
  if (zone === null) return wall;
  const millis = Math.floor(wall / MICROS_PER_MILLI);
  const made = /(?:^|-)(\d{9,10})\.\d{1,9}$/.exec(uniqueId.slice(-24))?.[1];
  const near = made === undefined ? undefined : (Number(made) * MICROS_PER_SECOND) / MICROS_PER_MILLI;
  return zone.toInstant(millis, near) * MICROS_PER_MILLI + (wall - millis * MICROS_PER_MILLI);
}
