import { KenalError } from '@kenal/errors';
import { checkValue, listFaults } from '@kenal/service-kit';
import type { z } from 'zod';
import { parseBody } from './parse-body.ts';

/**
 * A body of options that all have a default; an empty one says nothing.
 * @throws KenalError `bad_json`, `bad_body`
 */
export function optionsBody<S extends z.ZodType>(schema: S, body: unknown, example: string): z.output<S> {
  const isEmpty = !Buffer.isBuffer(body) || body.length === 0;
  const checked = checkValue(schema, isEmpty ? {} : parseBody(body, example));
  if (!checked.ok) throw new KenalError('bad_body', listFaults('the body', checked));
  return checked.value;
}
