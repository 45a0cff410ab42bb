import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { inspect, type JsonRecord } from './inspect.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const look = (json: string) => inspect(JSON.parse(json) as JsonRecord, DEFAULT_LIMITS, true);
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

test.each([
  ['__proto__ at the top', '{"__proto__":{"admin":true}}', '$.__proto__'],
  ['constructor in a list', '{"a":[1,{"constructor":1}]}', '$.a[1].constructor'],
  ['prototype under an odd name', '{"a b":{"prototype":null}}', '$["a b"].prototype'],
  ['one that is only odd by a NUL', '{"__pro\\u0000to__":1}', '$.__proto__'],
])('a forbidden key is refused: %s', (_name, json, path) => {
  expect(look(json)).toMatchObject({ code: 'event_forbidden_key', path });
});

test('32 levels pass, 33 do not, 5,000 neither, in objects and lists', () => {
  expect(look(nested(32))).toBeNull();
  expect(look(nested(33))).toMatchObject({ code: 'event_too_deep' });
  expect(look(nested(5_000))).toMatchObject({ code: 'event_too_deep' });
  expect(look(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)).toMatchObject({ code: 'event_too_deep' });
});

test('1,000 keys pass, 1,001 do not, wherever they stand', () => {
  const keys = (count: number, of: string) => `{${Array.from({ length: count }, (_, i) => `"${of}${i}":1`).join(',')}}`;
  expect(look(keys(1_000, 'k'))).toBeNull();
  expect(look(keys(1_001, 'k'))).toMatchObject({ code: 'event_too_many_keys' });
  expect(look(`{"a":[${keys(500, 'x')},${keys(500, 'y')}]}`)).toMatchObject({ code: 'event_too_many_keys' });
});

test('NUL goes, a lone surrogate becomes U+FFFD, in values and in keys', () => {
  const event = JSON.parse('{"a":"x\\u0000y","b":["\\ud800"],"c\\u0000":"z","d\\udfff":{"e":"\\ud83d\\ude00"}}');
  expect(inspect(event, DEFAULT_LIMITS, true)).toBeNull();
  expect(event).toEqual({ a: 'xy', b: ['\ufffd'], c: 'z', 'd\ufffd': { e: '😀' } });
});

test('whatever passes is clean: no NUL, well formed, no forbidden key', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'a\0', '\udc00b', '__proto__'));
  const tree = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, text, fc.integer(), fc.array(tie('value')), tie('object')),
    object: fc.array(fc.tuple(text, tie('value'))).map((pairs) => Object.fromEntries(pairs)),
  })).object;
  fc.assert(
    fc.property(tree, (made) => {
      const event = JSON.parse(JSON.stringify(made)) as JsonRecord;
      if (inspect(event, DEFAULT_LIMITS, true) !== null) return;
      const seen: string[] = [];
      JSON.stringify(event, (key, value) => {
        seen.push(key, ...(typeof value === 'string' && value !== '__proto__' ? [value] : []));
        return value;
      });
      expect(seen.filter((part) => part.includes('\0') || !part.isWellFormed() || part === '__proto__')).toEqual([]);
    }),
  );
});
