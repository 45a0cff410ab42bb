import { expect, it } from 'vitest';
import { jsonPart } from './json.ts';

it('reads an object, and takes whatever is none for an empty one', () => {
  expect(jsonPart('{"plan":"pro","a":null}')).toEqual({ plan: 'pro', a: null });
  for (const text of ['', '{"broken":', '[1]', '"a"', 'null', '1']) expect(jsonPart(text)).toEqual({});
});
