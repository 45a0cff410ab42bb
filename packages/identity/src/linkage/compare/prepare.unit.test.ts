import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../test-support.ts';
import type { NameParts } from '../fields/names.ts';
import { codeComparator } from './code.ts';
import { type Comparator, SCOPES } from './comparator.ts';
import { dateComparator } from './date.ts';
import { emailComparator } from './email.ts';
import { extraNames, familyName, givenName, nameSuffix } from './name.ts';
import { lineComparator, textComparator } from './text.ts';

/** Words that are near each other often, and now and then not at all. */
const letter = fc.constantFrom(...'aaeinrst1'.split(''));
const stem = fc.constantFrom('', 'robert', 'bob', 'margaret', 'peggy', 'anna', 'mary ann', 'christopherson', 'o', 'li');
const word = fc.tuple(stem, fc.string({ unit: letter, maxLength: 4 })).map(([start, end]) => (start + end).trim());
const words = fc.array(word, { maxLength: 4 }).map((parts) => parts.join(' ').trim());
const name: fc.Arbitrary<NameParts> = fc.record({
  given: word,
  family: word,
  extra: fc.array(word, { maxLength: 2 }),
  suffix: fc.constantFrom('', '', 'jr', 'sr'),
});
const email = fc.tuple(word, fc.constantFrom('x.de', 'example.org', 'exmaple.org', '')).map(([local, domain]) => ({
  ...{ whole: `${local}@${domain}`, local, domain },
}));

const date = fc.tuple(fc.constantFrom(1971, 1972, 1917, 0, 2001), fc.nat(12), fc.nat(31)).map(([year, month, day]) => ({
  ...{ year, month, day },
  digits: String(year * 10_000 + month * 100 + day).padStart(8, '0'),
}));

const cases: readonly (readonly [string, Comparator<never>, fc.Arbitrary<unknown>])[] = [
  ['given names', givenName, name],
  ['family names', familyName, name],
  ['other names', extraNames, name],
  ['suffixes', nameSuffix, name],
  ['dates', dateComparator('born', 'birth'), date],
  ['addresses', emailComparator('email'), email],
  ['texts', textComparator('city', 'city', SCOPES.household, 0), words],
  ['long texts', textComparator('city', 'city', SCOPES.household, 0), words.map((text) => text.repeat(5))],
  ['lines', lineComparator('street', 1), fc.tuple(words, words)],
  ['codes', codeComparator('code', 'code', SCOPES.personal, 0), word],
];

test.each(cases)('%s made ready for many pairs compare as two at a time do', (_, comparator, value) => {
  const { compare, prepare } = comparator as Comparator<unknown>;
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 12 }), (values) => {
      const prepared = prepare?.(values);
      for (let x = 0; x < values.length; x += 1)
        for (let y = 0; y < values.length; y += 1)
          expect(prepared?.(x, y) ?? compare(values[x], values[y])).toBe(compare(values[x], values[y]));
    }),
    { numRuns: propertyRuns },
  );
});
