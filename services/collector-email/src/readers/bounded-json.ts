import { type Outcome, parseJsonStrictly, refused } from '@kenal/collector-kit/read';
import { countOf } from './count-of.ts';

const MOST_VALUES = 500_000;

/**
 * JSON whose values fit the memory of the thread. `JSON.parse` cannot be interrupted: where the memory of a thread ends in
 * the middle of it, the whole process does. Attachments in base64 are one value each, however long.
 * @returns faults `bad_body`, `bad_json`
 */
export function readBoundedJson(bytes: Buffer): Outcome<unknown> {
  if (countOf(bytes, '{[,:', MOST_VALUES) > MOST_VALUES)
    return refused('bad_body', '$', `more than ${MOST_VALUES} values`);
  const parsed = parseJsonStrictly(bytes);
  return parsed.ok ? { ok: true, value: parsed.value.value } : parsed;
}
