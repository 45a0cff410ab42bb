import { linkageModelSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { weigh } from './frame.ts';
import { candidateKeys, scoreAgainst, scorePair } from './score.ts';
import { linked, somePeople } from './test-support.ts';

const records = somePeople(21, 150);
const linkage = linked(records);
const model = linkageModelSchema.parse(JSON.parse(JSON.stringify(linkage.model)));
const recordAt = (record: number) => records[linkage.rows[record]!]!;

test('a stored model scores two records exactly as the whole file was scored', () => {
  const { candidates, scores } = linkage;
  const sample = Array.from({ length: 200 }, (_, i) => Math.floor((i * candidates.size) / 200));
  const likely = [...scores.keys()].filter((pair) => scores[pair]! > -5).slice(0, 200);
  for (const pair of [...sample, ...likely]) {
    const scored = scorePair(model, recordAt(candidates.a[pair]!), recordAt(candidates.b[pair]!));
    if (scored.veto === null) expect(scored.score).toBeCloseTo(scores[pair]!, 2);
  }
});

test('the waterfall adds up to the score, from what is believed of any pair on', () => {
  const { contributions, score } = scorePair(model, records[0]!, records[1]!);
  expect(contributions[0]).toMatchObject({ field: 'prior', level: 'any pair' });
  expect(contributions.reduce((sum, { bits }) => sum + bits, 0)).toBeCloseTo(score, 6);
});

test('it does not matter which of the two comes first', () => {
  for (let i = 0; i < 50; i += 1) {
    const [a, b] = [records[i]!, records[i + 1]!];
    expect(scorePair(model, a, b).score).toBeCloseTo(scorePair(model, b, a).score, 6);
  }
});

test('one against many is the same as each alone', () => {
  const others = records.slice(1, 20);
  const together = scoreAgainst(model, records[0]!, others).map(({ score }) => score);
  expect(together).toEqual(others.map((other) => scorePair(model, records[0]!, other).score));
});

test('records of one person share a key by which they are found', () => {
  const pairs = records.flatMap((record, i) =>
    records[i + 1]?.who === record.who ? [[record, records[i + 1]!] as const] : [],
  );
  const found = pairs.filter(([a, b]) => candidateKeys(model, a).some((key) => candidateKeys(model, b).includes(key)));
  expect(found.length / pairs.length).toBeGreaterThan(0.97);
  expect(candidateKeys(model, { given_name: '', city: 'null' })).toEqual([]);
});

test('the model is plain data with a name of its own, and holds nobody’s values', () => {
  expect(model).toEqual(linkage.model);
  expect(model.version).toMatch(/^[0-9a-f]{16}$/);
  const text = JSON.stringify(model);
  for (const { email, family_name } of records.slice(0, 50)) {
    if (email) expect(text).not.toContain(email);
    if (family_name) expect(text).not.toContain(`"${family_name}"`);
  }
});

test('a household, twins, or one kind of evidence are never joined automatically', () => {
  const home = {
    family_name: 'bakersen',
    street: '12 mill street',
    city: 'bonn',
    postcode: '53111',
    phone: '01705551234',
  };
  const band = (a: object, b: object) => scorePair(model, { ...a }, { ...b }).band;
  expect(band(home, { ...home })).not.toBe('automatic');
  expect(
    band(
      { ...home, given_name: 'ann', birth_date: '1980-05-05' },
      { ...home, given_name: 'olaf', birth_date: '1980-05-05' },
    ),
  ).not.toBe('automatic');
  expect(
    band(
      { given_name: 'xaverius', family_name: 'qwortlepump' },
      { given_name: 'xaverius', family_name: 'qwortlepump' },
    ),
  ).not.toBe('automatic');
  const person = {
    given_name: 'xaverius',
    family_name: 'qwortlepump',
    birth_date: '1980-05-05',
    email: 'xq@example.org',
  };
  expect(band(person, { ...person })).toBe('automatic');
  expect(band(person, { given_name: 'tina', family_name: 'voss', birth_date: '1999-01-02' })).toBe('dropped');
});

test('identifiers that differ are never joined automatically', () => {
  const marked = records
    .slice(0, 200)
    .map((record) => ({ ...record, passport: `P${1_000_000 + Number(record.who) * 37}` }));
  const { model: strict } = linked(marked);
  const person = {
    given_name: 'xaverius',
    family_name: 'qwortlepump',
    birth_date: '1980-05-05',
    email: 'xq@example.org',
  };
  expect(scorePair(strict, { ...person, passport: 'P5550001' }, { ...person, passport: 'P5550001' }).band).toBe(
    'automatic',
  );
  expect(scorePair(strict, { ...person, passport: 'P5550001' }, { ...person, passport: 'P9123784' }).band).not.toBe(
    'automatic',
  );
});

test('a pair that no key found is weighed by the same code', () => {
  expect(weigh(linkage.frame, 0, 5).score).toBeCloseTo(scorePair(model, recordAt(0), recordAt(5)).score, 2);
});
