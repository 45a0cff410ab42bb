import type { Span, Stamp } from './span.ts';

/**
 * Parts joined by `|`; a `|` or `%` inside a part is written `%7C` or `%25`, so any text may be a part.
 */
export function joinParts(...parts: readonly string[]): string {
  return parts.map(escapePart).join('|');
}

/** The reverse of {@link joinParts}. */
export function splitParts(text: string): string[] {
  const parts = text.split('|');
  return text.includes('%') ? parts.map(unescapePart) : parts;
}

export function escapePart(text: string): string {
  if (!text.includes('|') && !text.includes('%')) return text;
  return text.replaceAll('%', '%25').replaceAll('|', '%7C');
}

export function unescapePart(text: string): string {
  return text.includes('%') ? text.replaceAll('%7C', '|').replaceAll('%25', '%') : text;
}

// The fields of one event, or of one version, say the same time one after the other; writing it costs half a microsecond
let lastTime = 0;
let lastText = '0';

/** Whole microseconds in base 36: `1763800000123456` → `hd7y2ot0g0`; exact up to 2^53. */
export function encodeTime(at: number): string {
  if (at !== lastTime) {
    lastText = at.toString(36);
    lastTime = at;
  }
  return lastText;
}

export function decodeTime(text: string): number {
  return Number.parseInt(text, 36);
}

/** `at|id`, and `|at|id` of the last where it is another event. */
export function encodeSighting({ first, last }: Span): string {
  const head = `${encodeTime(first.at)}|${escapePart(first.id)}`;
  if (first.at === last.at && first.id === last.id) return head;
  return `${head}|${encodeTime(last.at)}|${escapePart(last.id)}`;
}

export function decodeSighting(text: string): Span {
  const [at = '', id = '', lastAt, lastId = ''] = splitParts(text);
  const first: Stamp = { at: decodeTime(at), id, value: '' };
  return { first, last: lastAt === undefined ? first : { at: decodeTime(lastAt), id: lastId, value: '' } };
}

/** `at|id|value`, and `|at|id|value` of the last where it differs; an empty last value repeats the first. */
export function encodeRegister({ first, last }: Span): string {
  const head = `${encodeTime(first.at)}|${escapePart(first.id)}|${escapePart(first.value)}`;
  if (first.at === last.at && first.id === last.id && first.value === last.value) return head;
  const value = last.value === first.value ? '' : escapePart(last.value);
  return `${head}|${encodeTime(last.at)}|${escapePart(last.id)}|${value}`;
}

export function decodeRegister(text: string): Span {
  const [at = '', id = '', value = '', lastAt, lastId = '', lastValue = ''] = splitParts(text);
  const first: Stamp = { at: decodeTime(at), id, value };
  if (lastAt === undefined) return { first, last: first };
  return { first, last: { at: decodeTime(lastAt), id: lastId, value: lastValue === '' ? value : lastValue } };
}

/** First and last time of a sighting, without its event ids: `at|id` or `at|id|at|id`. */
export function decodeTimes(text: string): { readonly first: number; readonly last: number } {
  const one = text.indexOf('|');
  const first = decodeTime(text.slice(0, one));
  const two = text.indexOf('|', one + 1);
  return { first, last: two < 0 ? first : decodeTime(text.slice(two + 1, text.indexOf('|', two + 1))) };
}

/** Hashes with commas, as they are. */
export function encodeNames({ first }: Span): string {
  return first.value;
}

export function decodeNames(text: string): Span {
  const stamp = { at: 0, id: '', value: text };
  return { first: stamp, last: stamp };
}
