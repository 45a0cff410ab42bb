import { setImmediate } from 'node:timers/promises';
import { KenalError } from '@kenal/errors';
import { type Outcome, refused } from '../fault.ts';
import type { Limits } from '../limits.ts';
import { isRecord, type JsonRecord } from './inspect.ts';
import { type ParsedJson, parseJsonStrictly } from './parse.ts';
import { type BodyMap, findField, mapBody, type Slice } from './slices.ts';

/** A request body, parsed. */
export interface ParsedBody {
  /** The root where that is an object; its list is in `events` and no longer here. */
  readonly envelope: JsonRecord;
  /** The one event, or the elements of the list. `undefined` stands for one over the size limit, which is not parsed. */
  readonly events: readonly unknown[];
  /** False where a list was asked for and there is none. */
  readonly hasList: boolean;
  readonly mayHoldOddText: boolean;
  /** Bytes of one event as it came. */
  sliceOf(index: number): Slice;
}

// JSON.parse takes up to 100 ns a byte of hostile text (`[[[[…`): below this that is no block of the loop
const PARSED_WHOLE_BYTES = 256 * 1024;
const LONGEST_TURN_MS = 20;
const LONGEST_KEY_BYTES = 4 * 1024;

/**
 * Parse a body of one event, or of a list of them (`listed`): `{batch: […]}` or a bare list.
 * A small one is parsed at once. A large one is parsed event by event, other requests in between; an event over
 * `limits.eventBytes` is not parsed at all, so no body can hold up the loop for longer than a turn.
 * @param name of the field that holds the list
 * @returns fault `bad_json`
 * @throws KenalError `body_too_large` over the number of events, before a large body is parsed
 */
export function parseBody(
  bytes: Buffer,
  listed: boolean,
  limits: Limits,
  name = 'batch',
): Outcome<ParsedBody> | Promise<Outcome<ParsedBody>> {
  if (bytes.length > PARSED_WHOLE_BYTES) {
    const map = mapBody(bytes, listed ? limits.batchEvents : 0, name);
    if (map === null) return refused('bad_json', '$');
    if (!listed) return parseLargeEvent(bytes, limits);
    checkCount(map.events.length, limits);
    return parsePieces(bytes, map, limits, name);
  }
  const parsed = parseJsonStrictly(bytes);
  if (!parsed.ok) return parsed;
  return { ok: true, value: listed ? wholeList(bytes, parsed.value, limits, name) : wholeEvent(bytes, parsed.value) };
}

/**
 * The root's `writeKey`, found without parsing the rest: whose body it is comes before what is in it.
 * @returns null where there is none that is text
 */
export function writeKeyOf(bytes: Buffer): string | null {
  const slice = findField(bytes, 'writeKey');
  if (slice === null || slice.end - slice.start > LONGEST_KEY_BYTES) return null;
  const parsed = parseJsonStrictly(bytes.subarray(slice.start, slice.end));
  return parsed.ok && typeof parsed.value.value === 'string' ? parsed.value.value : null;
}

function checkCount(events: number, limits: Limits): void {
  if (events <= limits.batchEvents) return;
  throw new KenalError('body_too_large', `${limits.batchEvents} events are the most in one batch`);
}

function wholeEvent(bytes: Buffer, { value, mayHoldOddText }: ParsedJson): ParsedBody {
  const whole = { start: 0, end: bytes.length };
  return {
    envelope: isRecord(value) ? value : {},
    events: [value],
    hasList: false,
    mayHoldOddText,
    sliceOf: () => whole,
  };
}

function wholeList(bytes: Buffer, { value, mayHoldOddText }: ParsedJson, limits: Limits, name: string): ParsedBody {
  const envelope = isRecord(value) ? value : {};
  const list = isRecord(value) ? value[name] : value;
  if (Array.isArray(list)) checkCount(list.length, limits);
  let map: BodyMap | null = null; // only looked up where an event failed or may be too large
  return {
    envelope,
    events: Array.isArray(list) ? list : [],
    hasList: Array.isArray(list),
    mayHoldOddText,
    sliceOf: (index) => {
      map ??= mapBody(bytes, undefined, name);
      return map?.events[index] ?? { start: 0, end: bytes.length };
    },
  };
}

// Over the limit in nearly any configuration
function parseLargeEvent(bytes: Buffer, limits: Limits): Outcome<ParsedBody> {
  if (bytes.length <= limits.eventBytes) {
    const parsed = parseJsonStrictly(bytes);
    return parsed.ok ? { ok: true, value: wholeEvent(bytes, parsed.value) } : parsed;
  }
  const unread = wholeEvent(bytes, { value: null, mayHoldOddText: true });
  return { ok: true, value: { ...unread, events: [undefined] } };
}

async function parsePieces(bytes: Buffer, map: BodyMap, limits: Limits, name: string): Promise<Outcome<ParsedBody>> {
  const envelope = parseEnvelope(bytes, map);
  if (!envelope.ok) return envelope;
  const events: unknown[] = [];
  let turn = performance.now();
  for (const { start, end } of map.events) {
    if (end - start > limits.eventBytes) {
      events.push(undefined);
      continue;
    }
    const parsed = parseJsonStrictly(bytes.subarray(start, end));
    if (!parsed.ok) return refused('bad_json', `$.${name}[${events.length}]`);
    events.push(parsed.value.value);
    if (performance.now() - turn > LONGEST_TURN_MS) {
      await setImmediate();
      turn = performance.now();
    }
  }
  return {
    ok: true,
    value: {
      envelope: envelope.value,
      events,
      hasList: map.list !== null,
      mayHoldOddText: true,
      sliceOf: (index) => map.events[index] ?? { start: 0, end: bytes.length },
    },
  };
}

/** The root without its list: `{"batch":0,"sentAt":…}` */
function parseEnvelope(bytes: Buffer, { list }: BodyMap): Outcome<JsonRecord> {
  const rest =
    list === null ? bytes : Buffer.concat([bytes.subarray(0, list.start), Buffer.from('0'), bytes.subarray(list.end)]);
  if (rest.length > PARSED_WHOLE_BYTES) {
    return refused('bad_body', '$', `beside its events more than ${PARSED_WHOLE_BYTES} bytes`);
  }
  const parsed = parseJsonStrictly(rest);
  if (!parsed.ok) return parsed;
  return { ok: true, value: isRecord(parsed.value.value) ? parsed.value.value : {} };
}
