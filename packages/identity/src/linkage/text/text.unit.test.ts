import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../test-support.ts';
import { edits } from './edits.ts';
import { fold, saysNothing } from './fold.ts';
import { jaroWinkler } from './jaro-winkler.ts';
import { isNickname } from './nicknames.ts';

test.each([
  ['martha', 'marhta', 0.9611],
  ['dwayne', 'duane', 0.84],
  ['dixon', 'dicksonx', 0.8133],
  ['jones', 'johnson', 0.8323],
  ['abc', 'xyz', 0],
])('Jaro–Winkler of %s and %s is %f, as published (Winkler 1990)', (a, b, wanted) => {
  expect(jaroWinkler(a, b)).toBeCloseTo(wanted, 3);
  expect(jaroWinkler(b, a)).toBeCloseTo(wanted, 3);
});

/** Optimal string alignment in a full table: slow and plain. */
function editsByTable(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i += 1)
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(table[i - 1]![j - 1]! + same, table[i - 1]![j]! + 1, table[i]![j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, table[i - 2]![j - 2]! + 1);
      table[i]![j] = least;
    }
  return table[a.length]![b.length]!;
}

test('edits within a band are those of the whole table, or one more than was asked for', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 12 });
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, most) => {
      expect(edits(a, b, most)).toBe(Math.min(editsByTable(a, b), most + 1));
    }),
    { numRuns: propertyRuns * 4 },
  );
});

test.each([
  ['  Müller-Lüdenscheidt ', 'muller ludenscheidt'],
  ['O’Brien', 'obrien'],
  ['ČAPEK', 'capek'],
  ['Юлия', 'yuliya'],
  ['Straße 5a', 'strasse 5a'],
  ['Ｆｕｌｌ', 'full'],
  ['王杰', '王杰'],
])('%s is compared as %s', (raw, folded) => {
  expect(fold(raw)).toBe(folded);
  expect(fold(fold(raw))).toBe(folded);
});

test('cells that stand for nothing say nothing', () => {
  for (const cell of ['', 'N/A', 'null', 'None', 'unknown', ' NaN ']) expect(saysNothing(fold(cell))).toBe(true);
  for (const cell of ['Nan Goldin', 'Null Island', '0']) expect(saysNothing(fold(cell))).toBe(false);
});

test('nicknames work both ways, and not between strangers', () => {
  for (const [a, b] of [
    ['robert', 'bob'],
    ['peggy', 'margaret'],
    ['sasha', 'aleksandr'],
    ['mohd', 'muhammad'],
  ] as const) {
    expect(isNickname(a, b)).toBe(true);
    expect(isNickname(b, a)).toBe(true);
  }
  expect(isNickname('robert', 'richard')).toBe(false);
});
