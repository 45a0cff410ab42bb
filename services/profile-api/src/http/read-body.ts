import { KenalError } from '@kenal/errors';
import { checkValue, listFaults } from '@kenal/service-kit';
import type { z } from 'zod';

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A body of JSON, whatever its content type.
 * @param example of a body, for whoever sent none
 * @throws KenalError `bad_json`, `bad_body` with every fault
 */
export function readBody<S extends z.ZodType>(schema: S, body: unknown, example: string): z.output<S> {
  return checkedBody(schema, parseBody(body, example));
}

/** The same, where all has a default: an empty body says nothing. */
export function readOptions<S extends z.ZodType>(schema: S, body: unknown, example: string): z.output<S> {
  const isEmpty = !Buffer.isBuffer(body) || body.length === 0;
  return checkedBody(schema, isEmpty ? {} : parseBody(body, example));
}

function checkedBody<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const checked = checkValue(schema, value);
  if (!checked.ok) throw new KenalError('bad_body', listFaults('the body', checked));
  return checked.value;
}

// Keys that reach into objects are refused at every depth
function parseBody(body: unknown, example: string): unknown {
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
