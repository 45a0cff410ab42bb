import type { ErrorCode } from '@kenal/errors';
import { type Fault, faultOf } from '../fault.ts';
import type { Limits } from '../limits.ts';

/** What `JSON.parse` makes of an object. */
export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Walk {
  readonly limits: Limits;
  readonly mayHoldOddText: boolean;
  keys: number;
}

interface Found {
  readonly code: ErrorCode;
  readonly detail: string;
  path: string;
}

/**
 * One walk over a freshly parsed object: refuse `__proto__`, `constructor` and `prototype` at every depth, more than
 * `limits.keys` keys and more than `limits.depth` levels (the object itself is level 1); take NUL out of text and
 * replace lone surrogates by U+FFFD, in place.
 * @param mayHoldOddText false skips the look at each text (see `ParsedJson`)
 * @returns the first fault, or null
 */
export function inspect(value: JsonRecord, limits: Limits, mayHoldOddText: boolean, root = '$'): Fault | null {
  const found = visit(value, 1, { limits, mayHoldOddText, keys: 0 });
  return found === null ? null : faultOf(found.code, `${root}${found.path}`, found.detail);
}

function visit(node: object, depth: number, walk: Walk): Found | null {
  if (depth > walk.limits.depth) {
    return { code: 'event_too_deep', detail: `more than ${walk.limits.depth} levels`, path: '' };
  }
  return Array.isArray(node) ? visitArray(node, depth, walk) : visitObject(node as JsonRecord, depth, walk);
}

function visitArray(items: unknown[], depth: number, walk: Walk): Found | null {
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item === 'object' && item !== null) {
      const found = visit(item, depth + 1, walk);
      if (found !== null) return within(found, `[${i}]`);
    } else if (walk.mayHoldOddText && typeof item === 'string') items[i] = cleanText(item);
  }
  return null;
}

function visitObject(node: JsonRecord, depth: number, walk: Walk): Found | null {
  for (const key in node) {
    if (++walk.keys > walk.limits.keys) {
      return { code: 'event_too_many_keys', detail: `more than ${walk.limits.keys}`, path: '' };
    }
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      return { code: 'event_forbidden_key', detail: key, path: step(key) };
    }
    const item = node[key];
    if (typeof item === 'object' && item !== null) {
      const found = visit(item, depth + 1, walk);
      if (found !== null) return within(found, step(key));
    } else if (walk.mayHoldOddText && typeof item === 'string') node[key] = cleanText(item);
    if (walk.mayHoldOddText) {
      const fault = cleanKey(node, key);
      if (fault !== null) return fault;
    }
  }
  return null;
}

/** NUL taken out (no store keeps it in text), lone surrogates to U+FFFD (UTF-8 cannot write them). */
function cleanText(text: string): string {
  const without = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return without.isWellFormed() ? without : without.toWellFormed();
}

// A key that is odd is written anew under its clean name; `__pro\0to__` must not slip through as `__proto__`.
function cleanKey(node: JsonRecord, key: string): Found | null {
  const clean = cleanText(key);
  if (clean === key) return null;
  if (clean === '__proto__' || clean === 'constructor' || clean === 'prototype') {
    return { code: 'event_forbidden_key', detail: clean, path: step(clean) };
  }
  node[clean] = node[key];
  delete node[key];
  return null;
}

function within(found: Found, segment: string): Found {
  found.path = segment + found.path;
  return found;
}

/** One step of a JSON path: `.name`, or `["odd name"]`. */
function step(key: string): string {
  if (/^[A-Za-z_$][\w$]{0,63}$/.test(key)) return `.${key}`;
  return `[${JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key)}]`;
}
