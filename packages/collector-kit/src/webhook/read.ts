import { firstText } from '../event/fields.ts';
import { isRecord, type JsonRecord } from '../json/inspect.ts';

/**
 * What stands at a path of somebody else's JSON: `at(payload, 'data', 'object', 'lines', 0)`.
 * @returns undefined where a step leads nowhere; own fields only, so `constructor` is none
 */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof step === 'number') found = Array.isArray(found) ? found[step] : undefined;
    else found = isRecord(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}

/** The same as text; a number becomes its text. @returns null where there is none, or an empty one */
export function textOf(value: unknown, ...path: readonly (string | number)[]): string | null {
  return firstText(at(value, ...path));
}

/** The same as a list. @returns an empty one where it is none */
export function listOf(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The same as a record. @returns an empty one where it is none */
export function recordOf(value: unknown, ...path: readonly (string | number)[]): JsonRecord {
  const found = at(value, ...path);
  return isRecord(found) ? found : {};
}

/** Without the fields that say nothing: undefined, null, empty text. */
export function known(fields: JsonRecord): JsonRecord {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

const LONGEST_TEXT = 8_000;

/** `{text}` of a message, cut to 8,000 characters with `truncated: true`; `{}` where there is none. */
export function contentOf(text: string | null): JsonRecord {
  if (text === null || text === '') return {};
  if (text.length <= LONGEST_TEXT) return { text };
  return { text: text.slice(0, LONGEST_TEXT).toWellFormed(), truncated: true };
}
