import { createHash } from 'node:crypto';
import {
  IDENTIFIER_TYPES,
  type Identifier,
  INTERACTION_TYPES,
  parseKey,
  VENDOR_IDENTIFIER_TYPES,
} from '@kenal/contracts';
import { withoutPlacement } from '../event/placement.ts';
import { type Outcome, refused } from '../fault.ts';
import { isRecord, type JsonRecord } from '../json/inspect.ts';
import type { Source } from '../source.ts';
import { dataOf } from './read.ts';

const LONGEST_ID = 512;
const TYPES: ReadonlySet<string> = new Set(INTERACTION_TYPES);
/** One of these stands in every event of Segment's form; a `type` alone may be anybody's. */
const SEGMENT_FIELDS = 'userId anonymousId messageId event traits properties context groupId previousId'.split(' ');
/** Attributes that have a place of their own in an event. */
const PLACED: ReadonlySet<string> = new Set(['specversion', 'time', 'datacontenttype', 'data', 'data_base64']);
const BUILT_IN: ReadonlySet<string> = new Set<string>([...IDENTIFIER_TYPES, ...VENDOR_IDENTIFIER_TYPES]);

/**
 * A CloudEvent as an event of the tracking API. `data` in Segment's form is taken as such; else `type` is the event's
 * name and `data` its properties. `source` and `id` name the message, `subject` may name the person: `email:ann@x.example`.
 * @param isPublic it came by a key that anybody can read in a page
 * @returns faults `event_not_object`, `event_missing_field`, `event_bad_field`
 */
export function toEvent(given: unknown, source: Source, isPublic = false): Outcome<JsonRecord> {
  if (!isRecord(given)) return refused('event_not_object', '$');
  for (const name of ['specversion', 'id', 'source', 'type'])
    if (typeof given[name] !== 'string' || given[name] === '') return refused('event_missing_field', `$.${name}`);
  if (given.specversion !== '1.0') return refused('event_bad_field', '$.specversion', 'only 1.0 is known');
  const { time } = given;
  if (time !== undefined && time !== null && typeof time !== 'string')
    return refused('event_bad_time', '$.time', 'expected RFC 3339');
  const data = dataOf(given);
  if (!data.ok) return data;
  const messageId = idOf(`${String(given.source).replaceAll(' ', '%20')} ${given.id}`);
  if (isSegment(data.value)) {
    const event: JsonRecord = { messageId, ...(isPublic ? withoutPlacement(data.value) : data.value) };
    return { ok: true, value: { ...event, timestamp: event.timestamp ?? event.originalTimestamp ?? time } };
  }
  const attributes = Object.fromEntries(Object.entries(given).filter(([name]) => !PLACED.has(name)));
  const properties = isRecord(data.value) ? data.value : data.value === undefined ? {} : { data: data.value };
  const subject = subjectOf(given.subject, source);
  return {
    ok: true,
    value: {
      ...{ type: 'track', event: given.type, messageId, timestamp: time, properties },
      ...(subject?.type === 'user_id' ? { userId: subject.value } : {}),
      ...(subject?.type === 'anonymous_id' ? { anonymousId: subject.value } : {}),
      context: { cloudevents: attributes, ...(subject === null ? {} : { kenal: { identifiers: [subject] } }) },
    },
  };
}

function isSegment(data: unknown): data is JsonRecord {
  if (!isRecord(data) || typeof data.type !== 'string' || !TYPES.has(data.type)) return false;
  return SEGMENT_FIELDS.some((field) => Object.hasOwn(data, field));
}

/** `email:ann@x.example`; any other subject, such as the path of a file, names nobody. */
function subjectOf(subject: unknown, { declaredTypes }: Source): Identifier | null {
  const named = typeof subject === 'string' ? parseKey(subject) : null;
  if (named === null) return null;
  return BUILT_IN.has(named.type) || declaredTypes.includes(named.type) ? named : null;
}

function idOf(name: string): string {
  return name.length <= LONGEST_ID ? name : createHash('sha256').update(name).digest('base64url');
}
