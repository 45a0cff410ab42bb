import { expect, test } from 'vitest';
import { coreOf, OWNERS, type Owner } from '../fields/organisations.ts';
import { MISSING } from './comparator.ts';
import { employer, organisationName } from './organisation.ts';

const of = (name: string, owner: Owner = OWNERS.organisation) => ({ core: coreOf(name), owner });

test.each([
  ['Acme Mining Ltd', 'ACME MINING, L.L.C.', 'exact'],
  ['Acme Mining Ltd', 'Acme Minning', 'near'],
  ['Blue Sky Foods', 'BlueSky Foods', 'near'],
  ['Acme Mining', 'Mining Acme Co', 'near'],
  ['Acme Mining', 'Acme Mining Texas', 'similar'],
  ['International Business Machines', 'IBM Corp', 'similar'],
  ['Acme Mining', 'Acme Media', 'some words'],
  ['Acme Mining', 'Presto Foods', 'different'],
])('%s and %s: %s', (a, b, level) => {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const)
    expect(organisationName.levels[organisationName.compare(of(x), of(y))]!.name).toBe(level);
});

test('a person is another kind than a company, but a name in one piece may be either’s', () => {
  const compare = (owner: Owner, name = 'Harbor Bank') =>
    organisationName.compare(of('Harbor Bank Corp'), of(name, owner));
  expect(organisationName.levels[compare(OWNERS.person)]!.name).toBe('another kind');
  expect(organisationName.levels[compare(OWNERS.either, 'Ann Lee')]!.name).toBe('another kind');
  expect(organisationName.levels[compare(OWNERS.either)]!.name).toBe('exact');
});

test('the company that a person’s record names is where the person works', () => {
  const [a, b] = [of('Acme Ltd', OWNERS.person), of('Acme', OWNERS.person)];
  expect([organisationName.compare(a, b), employer.compare(a, b)]).toEqual([MISSING, 0]);
  expect(employer.compare(a, of('Acme'))).toBe(MISSING);
});
