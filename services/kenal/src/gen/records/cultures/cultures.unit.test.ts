import { expect, test } from 'vitest';
import { withoutMarks } from '../../plain.ts';
import { createRandom } from '../../random.ts';
import { russianPatronymic } from '../name.ts';
import { records } from '../testing.ts';
import { CULTURES, type CultureId } from './culture.ts';
import { stockOf } from './stock.ts';

const of = (culture: CultureId) =>
  records({ records: 2_000, errors: 0, cultures: { [culture]: 1 }, but: { reordered: 0 } });

test('a mixed file has people of every culture, each in the country of its own', () => {
  const countries = Map.groupBy(records({ records: 5_000, errors: 0 }), ({ facts }) => facts.country);
  const wanted = CULTURES.map((id) => stockOf(id).culture.country);
  expect([...countries.keys()].sort()).toEqual(wanted.sort());
  for (const group of countries.values()) expect(group.length).toBeGreaterThan(100);
});

test('asked for one culture it gives no other', () => {
  expect(new Set(of('turkish').map(({ facts }) => facts.country))).toEqual(new Set(['Türkiye']));
});

test.each(CULTURES)('%s: a few names are frequent, and there is a long tail', (culture) => {
  const stock = stockOf(culture);
  const random = createRandom(1, 1);
  const names = Array.from({ length: 20_000 }, () => stock.family(random));
  const counts = [...Map.groupBy(names, (name) => name).values()].map((group) => group.length).sort((a, b) => b - a);
  expect(counts[0]! / names.length).toBeGreaterThan(0.01);
  expect(counts[0]!).toBeGreaterThan(8 * counts[Math.floor(counts.length / 2)]!);
  expect(counts.length).toBeGreaterThan(culture === 'vietnamese' ? 30 : 70);
});

test.each(CULTURES)('%s: given names hang on when people were born', (culture) => {
  const stock = stockOf(culture);
  const random = createRandom(1, 1);
  const names = (year: number) => new Set(Array.from({ length: 400 }, () => stock.given(random, 'F', year)));
  const [then, now] = [names(1925), names(2005)];
  expect([...now].filter((name) => then.has(name)).length / now.size).toBeLessThan(0.75);
});

test.each(CULTURES)('%s: every respelling, nickname, abbreviation and postcode can come about', (culture) => {
  const stock = stockOf(culture);
  const random = createRandom(1, 1);
  const names = new Set<string>();
  for (let draw = 0; draw < 20_000; draw += 1) {
    const year = 1920 + (draw % 90);
    names.add(stock.given(random, draw % 2 ? 'M' : 'F', year)).add(stock.family(random));
  }
  const all = [...names];
  expect(stock.culture.spellings.filter(([from]) => !all.some((name) => from.test(name)))).toEqual([]);
  expect([...stock.nicknames.keys()].filter((name) => !names.has(name))).toEqual([]);
  const streets = Array.from({ length: 5_000 }, () => stock.street(random)).join('\n');
  expect(stock.abbreviations.filter(([long]) => !streets.includes(long))).toEqual([]);
  for (let draw = 0; draw < 200; draw += 1) {
    const { city, state, postcode } = stock.place(random);
    expect(`${city}/${state}`).toMatch(/^[^/#@_]+\/[^/#@_]+$/);
    expect(postcode).toMatch(/^[A-Z0-9#@ ]+$/);
  }
});

test('names stand in the order of their culture', () => {
  for (const { facts } of [...of('chinese'), ...of('vietnamese')])
    expect(facts.full_name.startsWith(`${facts.family_name} `)).toBe(true);
  for (const { facts } of of('german')) expect(facts.full_name.startsWith(`${facts.given_name} `)).toBe(true);
});

test('Spanish people have two family names, the first that of the father', () => {
  const spanish = of('spanish');
  expect(spanish.filter(({ facts }) => /.\s./.test(facts.family_name)).length / spanish.length).toBeGreaterThan(0.9);
});

test('many Indonesians have one name, which is the whole of it', () => {
  const single = of('indonesian').filter(({ facts }) => facts.family_name === '');
  expect(single.length).toBeGreaterThan(400);
  for (const { facts } of single) expect(facts.full_name).toBe(facts.given_name);
});

test('Russian women have endings of their own, and patronymics follow the father', () => {
  const women = of('russian').filter(({ facts }) => facts.gender === 'F');
  expect(
    women.filter(({ facts }) => /(ova|eva|ina|yna|aya)$/.test(facts.family_name)).length / women.length,
  ).toBeGreaterThan(0.7);
  expect(['Ivan', 'Sergei', 'Yuriy', 'Nikolai', 'Ilya'].map((father) => russianPatronymic(father, 'M'))).toEqual([
    'Ivanovich',
    'Sergeyevich',
    'Yuryevich',
    'Nikolayevich',
    'Ilyich',
  ]);
  expect(russianPatronymic('Dmitriy', 'F')).toBe('Dmitryevna');
});

test('marks are taken off letters of every language here', () => {
  expect(withoutMarks('Nguyễn Đặng Yıldız İbrahim Weiß Noël Muñoz')).toBe(
    'Nguyen Dang Yildiz Ibrahim Weiss Noel Munoz',
  );
});
