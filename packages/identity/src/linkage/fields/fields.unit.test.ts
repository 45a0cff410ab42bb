import { describe, expect, test } from 'vitest';
import { COLUMN_KINDS, createColumn } from '../table.ts';
import { foldStreet } from './addresses.ts';
import { isDayFirst, parseDate } from './dates.ts';
import { parseName } from './names.ts';
import { planSources } from './plan.ts';

test.each([
  ['1971-06-24', '19710624'],
  ['1971-06-24T00:00:00Z', '19710624'],
  ['24.06.1971', '19710624'],
  ['24/6/71', '19710624'],
  ['6/24/1971', '19710624'],
  ['24 Jun 1971', '19710624'],
  ['June 24, 1971', '19710624'],
  ['19710624', '19710624'],
  ['1971', '19710000'],
  ['1610462', '1610462'],
])('the date %s is read as %s', (raw, digits) => {
  expect(parseDate(raw, true)?.digits).toBe(digits);
});

test('what is no date is none', () => {
  for (const raw of ['', 'soon', '12', 'a-b-c']) expect(parseDate(raw, true)).toBeNull();
  // Written where nobody was asked
  for (const raw of ['01/01/1900', '1970-01-01', '0000-00-00', '9999-12-31']) expect(parseDate(raw, true)).toBeNull();
});

test('a column tells whether its days stand before its months', () => {
  expect(isDayFirst(['3/4/1971', '12/31/1980'])).toBe(false);
  expect(isDayFirst(['3/4/1971', '31/12/1980'])).toBe(true);
  expect(parseDate('3/4/1971', false)?.digits).toBe('19710304');
});

const name = (parts: { given?: string; family?: string; middle?: string; suffix?: string; full?: readonly string[] }) =>
  parseName({ given: '', family: '', middle: '', suffix: '', full: [], ...parts });

test.each([
  ['Smith, John A.', 'john', 'smith', ['a'], ''],
  ['Dr. John Adam Smith Jr.', 'john', 'smith', ['adam'], 'jr'],
  ['Ludwig van der Berg', 'ludwig', 'van der berg', [], ''],
  ['thomas clifford, 1st baron clifford', 'thomas', 'clifford', ['1st', 'baron'], ''],
  ['Suharto', 'suharto', '', [], ''],
  ['José María García', 'jose', 'garcia', ['maria'], ''],
])('%s is taken apart', (full, given, family, extra, suffix) => {
  expect(name({ full: [full] })).toEqual({ given, family, extra, suffix });
});

test('the shorter column decides what is given and family name, the longer one adds the rest', () => {
  const parts = name({ full: ['thomas chudleigh', 'thomas clifford of chudleigh'] });
  expect(parts).toEqual({ given: 'thomas', family: 'chudleigh', extra: ['clifford', 'of'], suffix: '' });
  expect(name({ given: 'Mary Ann', family: 'Jones', suffix: 'Sr.' })).toEqual({
    given: 'mary',
    family: 'jones',
    extra: ['ann'],
    suffix: 'sr',
  });
  expect(name({})).toBeNull();
});

test('streets are written out', () => {
  expect(foldStreet('12 oak st')).toBe('12 oak street');
  expect(foldStreet('st marys rd')).toBe('st marys road');
  expect(foldStreet('hauptstr 5')).toBe('hauptstrasse 5');
  expect(foldStreet('0')).toBeNull();
});

describe('a plan', () => {
  const columnOf = (title: string, cells: readonly string[], kind: keyof typeof COLUMN_KINDS = 'trait') => {
    const column = createColumn(title, COLUMN_KINDS[kind]);
    for (const cell of cells) column.add(cell);
    return column.build();
  };
  const kinds = (...columns: ReturnType<typeof columnOf>[]) =>
    planSources(columns).map(({ kind, name }) => `${kind}:${name}`);

  test('goes by names where they say something', () => {
    const cells = ['x', 'y'];
    expect(
      kinds(
        ...['given_name', 'surname', 'dob', 'address_1', 'address_2', 'suburb', 'postcode_fake', 'email'].map((title) =>
          columnOf(title, cells),
        ),
      ),
    ).toEqual(['name:name', 'street:street', 'date:dob', 'email:email', 'postcode:postcode_fake', 'place:suburb']);
  });

  test('goes by the shape of values where they do not', () => {
    expect(kinds(columnOf('a', ['1971-06-24', '1980-01-01'], 'other'))).toEqual(['date:a']);
    expect(kinds(columnOf('b', ['x@y.de', 'z@y.de'], 'other'))).toEqual(['email:b']);
    expect(kinds(columnOf('c', ['AB-1234', 'CD-5678', 'EF-9012'], 'other'))).toEqual(['code:c']);
    expect(kinds(columnOf('d', ['red', 'blue', 'red'], 'other'))).toEqual(['category:d']);
  });

  test('leaves out what is empty or the same for all, and hangs on no order', () => {
    expect(kinds(columnOf('email', ['', '']), columnOf('state', ['nsw', 'nsw']))).toEqual([]);
    const cells = Array.from({ length: 5_000 }, (_, i) => (i % 3 === 0 ? `AB${i}` : `word ${i}`));
    expect(kinds(columnOf('z', cells, 'other'))).toEqual(kinds(columnOf('z', cells.toReversed(), 'other')));
  });
});
