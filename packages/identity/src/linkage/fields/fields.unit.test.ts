import { describe, expect, test } from 'vitest';
import { COLUMN_KINDS, createColumn } from '../table.ts';
import { foldStreet } from './addresses.ts';
import { isDayFirst, parseDate } from './dates.ts';
import { completeNames } from './email-names.ts';
import { parseName } from './names.ts';
import { coreOf, isOrganisation } from './organisations.ts';
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

test.each([
  ['Acme Mining, L.L.C.', 'acme mining'],
  ['The Acme Mining Company', 'acme mining'],
  ['Acme Intl. Mfg. Co', 'acme international manufacturing'],
  ['Limited', 'limited'],
])('%s is the company %s', (text, core) => {
  expect(coreOf(text)).toBe(core);
});

test('a company among names of people is told by its legal form, a person is none', () => {
  for (const text of ['Acme Mining Ltd', 'Weber GmbH', 'University of Bonn']) expect(isOrganisation(text)).toBe(true);
  for (const text of ['Anna Sa', 'Smith, John', 'Company', 'Ag Weber']) expect(isOrganisation(text)).toBe(false);
});

test.each([
  [{ given: '', family: 'Green' }, 'greenrobert@x.org', { given: 'robert', family: 'Green' }],
  [{ given: 'Robert', family: '' }, 'robert.green87@x.org', { given: 'Robert', family: 'green' }],
  [{ given: '', family: '' }, 'robert.green87@x.org', { given: 'robert', family: 'green' }],
  // Nothing is left but a letter, or nobody's name is in it
  [{ given: '', family: 'Green' }, 'rgreen@x.org', { given: '', family: 'Green' }],
  [{ given: 'Robert', family: '' }, 'bob@x.org', { given: 'Robert', family: '' }],
  [{ given: '', family: '' }, 'customer.service@x.org', { given: '', family: '' }],
  [{ given: 'Ann', family: 'Lee' }, 'robert.green@x.org', { given: 'Ann', family: 'Lee' }],
])('the name %j is completed from %s', (names, email, completed) => {
  expect(completeNames(names, email)).toEqual(completed);
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

  test('knows companies, alone and among people', () => {
    expect(kinds(columnOf('PRIMARY_NAME_ORG', ['Acme Ltd', 'Weber AG']))).toEqual(['organisation:organisation']);
    expect(kinds(columnOf('full_name', ['Acme Ltd', 'Ann Lee', 'Weber GmbH']))).toEqual([
      'name:name',
      'organisation:organisation',
    ]);
    expect(kinds(columnOf('full_name', ['Bo Lee', 'Ann Lee', 'Weber GmbH']))).toEqual(['name:name']);
  });

  test('knows a website from an address, and the second column of a name', () => {
    expect(kinds(columnOf('WEBSITE_ADDRESS', ['a.com', 'b.com']))).toEqual(['text:WEBSITE_ADDRESS']);
    expect(kinds(columnOf('given_name_2', ['ann', 'bo']))).toEqual(['name:name']);
  });

  test('keeps the one passport of two records, and leaves out the one code of many', () => {
    const of = (count: number) => columnOf('passport', ['', ...Array<string>(count).fill('P123456')], 'identifier');
    expect(kinds(of(2))).toEqual(['code:passport']);
    expect(kinds(of(30))).toEqual([]);
  });

  test('asks the address for mail for names that are often missing', () => {
    const names = (cells: readonly string[]) => [columnOf('given_name', cells), columnOf('surname', ['Lee', 'Kim'])];
    const mail = columnOf('email', ['ann.lee@x.de', 'bo.kim@x.de'], 'identifier');
    const columns = (cells: readonly string[]) =>
      planSources([...names(cells), mail])[0]!.columns.map(({ role }) => role);
    expect(columns(['Ann', ''])).toContain('email');
    expect(columns(['Ann', 'Bo'])).not.toContain('email');
  });

  test('leaves out what is empty or the same for all, and hangs on no order', () => {
    expect(kinds(columnOf('email', ['', '']), columnOf('state', ['nsw', 'nsw']))).toEqual([]);
    const cells = Array.from({ length: 5_000 }, (_, i) => (i % 3 === 0 ? `AB${i}` : `word ${i}`));
    expect(kinds(columnOf('z', cells, 'other'))).toEqual(kinds(columnOf('z', cells.toReversed(), 'other')));
  });
});
