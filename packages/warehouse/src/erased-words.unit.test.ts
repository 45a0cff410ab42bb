import { expect, test } from 'vitest';
import { createNamesErased, wordPattern } from './erased-words.ts';

const VALUES = ['ann@example.com', '+12015570123', '42', 'zoë', 'a.b', '--x--', 'anna', 'ann', 'straße 1'];
const TEXTS = [
  ...['{"mail":"ANN@Example.com"}', 'ann@example.community', 'joann@example.com', 'ann@example.com', 'x+12015570123'],
  ...['tel=+12015570123&x', '12015570123', '{"a":"42"}', '{"a":42}', '"142"', '"zoë"', 'zoë', 'Straße 1.', 'straße 12'],
  ...[
    'a.b',
    'aa.b',
    'a.b.c',
    '-x-',
    '--x--',
    'y--x--',
    '…',
    'anna',
    'annas',
    'ann anna',
    '"ann"',
    '',
    'ééann@example.com',
  ],
];

test('many needles are found at once where the pattern of each finds it', () => {
  for (const value of VALUES) {
    const names = createNamesErased([{ value, ver: 5 }]);
    const pattern = new RegExp(wordPattern(value).replace('(?i)', '').replaceAll('\\pL\\pN', '\\p{L}\\p{N}'), 'iu');
    for (const text of TEXTS) expect([value, text, names(text, 5)]).toEqual([value, text, pattern.test(text)]);
  }
  const all = createNamesErased(VALUES.map((value, i) => ({ value, ver: i })));
  // What has no letter is found wherever it stands
  expect(createNamesErased([{ value: '…', ver: 5 }])('a…b', 5)).toBe(true);
  expect([all('x anna x', 6), all('x anna x', 7), all('nobody', 0)]).toEqual([true, false, false]);
});

test('the time grows with the text, not with text times needles', () => {
  const names = createNamesErased(
    Array.from({ length: 50_000 }, (_, i) => ({ value: `user${i}@example.com`, ver: 9 })),
  );
  const text = 'some-user@example.com '.repeat(20_000);
  const began = process.cpuUsage();
  expect(names(text, 5)).toBe(false);
  // One by one 50,000 needles take minutes
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
});
