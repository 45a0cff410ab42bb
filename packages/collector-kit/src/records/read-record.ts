import {
  MICROS_PER_DAY,
  type Micros,
  parseTime,
  RECORD_KINDS,
  type RecordKind,
  type ReferenceRecord,
} from '@kenal/contracts';
import { textOf } from '../event/subject.ts';
import { type Outcome, refused } from '../fault.ts';
import { canonicalJson } from '../json/canonical.ts';
import { inspect, isRecord, type JsonRecord } from '../json/inspect.ts';
import type { Limits } from '../limits.ts';
import type { Source } from '../source.ts';
import { RECORD_COLUMNS } from './columns.ts';
import { isNothing, readValues } from './read-values.ts';

/** What is asked of the source that a record comes from. */
export type RecordSource = Pick<Source, 'workspace' | 'id' | 'currency' | 'declaredTypes'>;

export interface RecordFrame {
  readonly source: RecordSource;
  readonly receivedAt: Micros;
  readonly limits: Limits;
  /** See `ParsedJson.mayHoldOddText`. */
  readonly mayHoldOddText: boolean;
}

const LONGEST_ID = 512;
/** The warehouse's earliest time, which stands for "from ever" there. */
const EARLIEST = Date.UTC(1900, 0, 1) * 1_000;

/**
 * One record as a client sends it: `{kind: 'price', item_id: '85123A', amount: 2.55, from: '2026-01-01', …}`.
 * @param sent value of `JSON.parse` that nobody else holds: it is cleaned in place
 */
export function readRecord(sent: unknown, frame: RecordFrame): Outcome<Omit<ReferenceRecord, 'receipt'>> {
  const { source, receivedAt, limits } = frame;
  if (!isRecord(sent)) return refused('event_not_object', '$');
  const fault = inspect(sent, limits, frame.mayHoldOddText);
  if (fault !== null) return { ok: false, fault };
  const kind = RECORD_KINDS.find((one) => one === sent.kind);
  if (kind === undefined) return refused('record_bad_field', '$.kind', `expected ${RECORD_KINDS.join(', ')}`);
  const values = readValues(sent, kind, source.currency, source.declaredTypes);
  if (!values.ok) return values;
  const id = readId(sent, kind, values.value);
  if (!id.ok) return id;
  const times = readTimes(sent, receivedAt);
  if (!times.ok) return times;
  return {
    ok: true,
    value: {
      ...{ workspace: source.workspace, source: source.id, kind, id: id.value, ...times.value },
      // Equal content, equal bytes: they decide between two words of one moment
      values: canonicalJson(values.value),
      receivedAt,
    },
  };
}

function readId(sent: JsonRecord, kind: RecordKind, values: JsonRecord): Outcome<string> {
  if (isNothing(sent.id)) {
    const parts = RECORD_COLUMNS[kind].id;
    if (parts.length === 0) return refused('record_missing_field', '$.id');
    // A part may hold a slash, so it is written as in an address: `85123A/GBP/club%2Fgold`
    const written = parts.map((name) => encodeURIComponent(String(values[name] ?? '')));
    return { ok: true, value: written.join('/').replace(/\/+$/, '') };
  }
  const id = textOf(sent.id)?.trim() ?? '';
  const legal = id !== '' && id.length <= LONGEST_ID;
  return legal
    ? { ok: true, value: id }
    : refused('record_bad_field', '$.id', `expected text of at most ${LONGEST_ID} characters`);
}

type Times = Pick<ReferenceRecord, 'validFrom' | 'validTo' | 'recordedAt'>;

function readTimes(sent: JsonRecord, receivedAt: Micros): Outcome<Times> {
  const from = readTime(sent, 'from');
  if (!from.ok) return from;
  const to = readTime(sent, 'to');
  if (!to.ok) return to;
  // A day is meant whole, as people write it: up to the first moment of the next
  const until = to.value !== null && isDay(sent.to) ? to.value + MICROS_PER_DAY : to.value;
  const recorded = readTime(sent, 'recorded_at');
  if (!recorded.ok) return recorded;
  const [validFrom, validTo, recordedAt] = [from.value, until, recorded.value ?? receivedAt];
  if (validTo !== null && validFrom !== null && validTo <= validFrom)
    return refused('record_bad_field', '$.to', 'it must lie after from');
  // A wrong clock would have the last word for ever
  if (recordedAt < 0 || recordedAt > receivedAt + MICROS_PER_DAY)
    return refused('record_bad_field', '$.recorded_at', 'it must lie between 1970 and now');
  return { ok: true, value: { validFrom, validTo, recordedAt } };
}

/** `2026-12-31`, without a time of day. */
function isDay(raw: unknown): boolean {
  return typeof raw === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(raw.trim());
}

function readTime(sent: JsonRecord, field: string): Outcome<Micros | null> {
  const raw = sent[field];
  if (isNothing(raw)) return { ok: true, value: null };
  const time = parseTime(raw);
  return time !== null && time > EARLIEST
    ? { ok: true, value: time }
    : refused('record_bad_field', `$.${field}`, 'expected a time in ISO 8601, from 1900 to 2253');
}
