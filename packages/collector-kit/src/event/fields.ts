import type { Campaign, InteractionType } from '@kenal/contracts';
import { type Outcome, refused } from '../fault.ts';
import { isRecord, type JsonRecord } from '../json/inspect.ts';
import { textOf } from './subject.ts';

/** Path names and body types → type. The one-letter names are those of Segment's browser client. */
const TYPES: Readonly<Record<string, InteractionType>> = {
  identify: 'identify',
  i: 'identify',
  track: 'track',
  t: 'track',
  page: 'page',
  p: 'page',
  screen: 'screen',
  s: 'screen',
  group: 'group',
  g: 'group',
  alias: 'alias',
  a: 'alias',
  // RudderStack's: several identifiers of one person, `{mergeProperties: [{type, value}]}`
  merge: 'alias',
};

/** @returns null where no event type has this name */
export function typeOf(name: unknown): InteractionType | null {
  if (typeof name !== 'string') return null;
  return Object.hasOwn(TYPES, name) ? TYPES[name]! : (TYPES_BY_LOWER.get(name.toLowerCase()) ?? null);
}
const TYPES_BY_LOWER = new Map(Object.entries(TYPES).filter(([name]) => name.length > 1));

/** A JSON object of the event; missing and null are an empty one. */
export function recordAt(event: JsonRecord, field: string): Outcome<JsonRecord> {
  const value = event[field];
  if (value === undefined || value === null) return { ok: true, value: {} };
  return isRecord(value) ? { ok: true, value } : refused('event_bad_field', `$.${field}`, 'expected an object or null');
}

/** Text of the event; a number becomes its text, missing, null and empty are null. */
export function textAt(event: JsonRecord, field: string, longest: number): Outcome<string | null> {
  const value = event[field];
  if (value === undefined || value === null) return { ok: true, value: null };
  const text = textOf(value);
  if (text === null) return refused('event_bad_field', `$.${field}`, 'expected text or null');
  if (text.length > longest) return refused('event_bad_field', `$.${field}`, `longer than ${longest} characters`);
  return { ok: true, value: text === '' ? null : text };
}

/** First of the values that is text (or a number), else null. */
export function firstText(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const text = textOf(value);
    if (text !== null && text !== '') return text;
  }
  return null;
}

/** `context.campaign` of the common specification; null where it says nothing. */
export function campaignOf(context: JsonRecord): Campaign | null {
  const given = context.campaign;
  if (!isRecord(given)) return null;
  const campaign = {
    id: firstText(given.id),
    name: firstText(given.name),
    source: firstText(given.source),
    medium: firstText(given.medium),
    term: firstText(given.term),
    content: firstText(given.content),
  };
  return Object.values(campaign).every((value) => value === null) ? null : campaign;
}

/** `context.consent.categoryPreferences`: `{"Advertising": true}`; what is neither true nor false is left out. */
export function consentOf(context: JsonRecord): Record<string, boolean> | null {
  const consent = context.consent;
  if (!isRecord(consent) || !isRecord(consent.categoryPreferences)) return null;
  const entries = Object.entries(consent.categoryPreferences);
  return Object.fromEntries(entries.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
}
