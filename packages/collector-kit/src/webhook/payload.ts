import { type Outcome, refused } from '../fault.ts';
import { costOf, DEEPEST, MOST_WORK } from '../json/depth.ts';
import { parseJsonStrictly } from '../json/parse.ts';

/** A body as its vendor's mapping reads it: plain data that nobody else holds. */
export type Payload = unknown;

const MOST_FIELDS = 1_000;

/** A JSON body, whatever its content type says. */
export function readJson(body: Buffer): Outcome<Payload> {
  const cost = costOf(body);
  if (cost === 'deep') return refused('event_too_deep', '$', `more than ${DEEPEST} levels`);
  if (cost === 'many')
    return refused(
      'bad_body',
      '$',
      `too many values, names and records in one body (${MOST_WORK} as json/depth.ts counts)`,
    );
  const parsed = parseJsonStrictly(body);
  return parsed.ok ? { ok: true, value: parsed.value.value } : parsed;
}

/**
 * `CallSid=CA1&From=%2B44…` → `{CallSid: 'CA1', From: '+44…'}`; of a repeated field the last counts.
 * Broken percent escapes stay as they are, broken UTF-8 becomes U+FFFD.
 */
export function readForm(body: Buffer): Outcome<Payload> {
  const fields = new URLSearchParams(body.toString('utf8'));
  if (fields.size > MOST_FIELDS) return refused('bad_body', '$', `more than ${MOST_FIELDS} fields`);
  return { ok: true, value: Object.fromEntries(fields) };
}
