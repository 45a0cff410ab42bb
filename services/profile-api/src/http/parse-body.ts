import { KenalError } from '@kenal/errors';

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The JSON of a body, whatever its content type; keys that reach into objects are refused at every depth.
 * @param example of a body, for whoever sent none
 * @throws KenalError `bad_json`, `bad_body`
 */
export function parseBody(body: unknown, example: string): unknown {
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : '';
  let found: string | null = null;
  let value: unknown;
  try {
    value = JSON.parse(text, (key, inner: unknown) => {
      if (FORBIDDEN.has(key)) found = key;
      return inner;
    });
  } catch {
    // V8 quotes a piece of the text in its message, and that may be an identifier
    throw new KenalError('bad_json', `send a JSON object, such as ${example}`);
  }
  if (found !== null) throw new KenalError('bad_body', `the key ${found} is refused`);
  return value;
}
