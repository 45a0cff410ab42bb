import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePath, readPath } from './path.ts';

const PART = {
  id: 7,
  'odd key': { 'it.s': 'x' },
  lines: [{ sku: 'a', tags: [1, 2] }, { sku: 'b', tags: [] }, {}],
  nothing: null,
};
const read = (text: string): unknown => {
  const path = parsePath(text);
  return typeof path === 'string' ? path : readPath(path, PART, { 'x-topic': 'orders' });
};

test.each([
  ['$', PART],
  ['$.id', 7],
  ["$['odd key']['it.s']", 'x'],
  ['$["odd key"]["it.s"]', 'x'],
  ['$.lines[0].sku', 'a'],
  ['$.lines[-2].sku', 'b'],
  ['$.lines[9].sku', null],
  ['$.lines[*].sku', ['a', 'b']],
  ['$.lines[*].tags[*]', [[1, 2], [], []]],
  ['$.id[*]', []],
  ['$.nothing', null],
  ['$.id.deeper', null],
  ['$.constructor', null],
  ['$.lines.length', null],
  ['$header.X-Topic', 'orders'],
  ["$header['x-other']", null],
])('%s finds %j', (text, found) => {
  expect(read(text)).toEqual(found);
});

test.each([
  ['id', 'a path begins with $'],
  ['$id', '"id" is no step'],
  ['$..id', '"..id" is no step'],
  ['$.lines[?(@.sku)]', '"[?(@.sku)]" is no step'],
  ['$header', '"header" is no step'],
  ['$header.a.b', '$header is followed by the name of one header'],
])('%s is no path, and it says where', (text, says) => {
  expect(read(text)).toContain(says);
});

test('any text is a path or words, and a path of any names leads where the names lead', () => {
  fc.assert(fc.property(fc.string(), (text) => void parsePath(`$${text}`)));
  const name = fc.string({ minLength: 1 }).filter((text) => !text.includes("'"));
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.integer(), (names, value) => {
      const part = names.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
      const path = parsePath(`$${names.map((key) => `['${key}']`).join('')}`);
      expect(typeof path === 'string' ? path : readPath(path, part, {})).toBe(value);
    }),
    { numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) },
  );
});
