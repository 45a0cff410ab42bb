import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { drawCount } from './generate.ts';
import { type Fact, SPREADS } from './profile.ts';
import { PROFILES, type ProfileId } from './profiles.ts';
import { type Asked, householdOf, records } from './testing.ts';

const PROFILE_IDS = Object.keys(PROFILES) as ProfileId[];

const digest = (options: Asked): string =>
  createHash('sha256')
    .update(JSON.stringify(records(options)))
    .digest('hex')
    .slice(0, 16);

test('a seed stands for the same records on every machine and for ever: whoever changes them changes these', () => {
  expect(PROFILE_IDS.map((profile) => [profile, digest({ profile, records: 300 })])).toEqual([
    ['clean', '973e65d5f0d5ac02'],
    ['typical', '90d2fd6a50b4abf4'],
    ['dirty', '42c128d4c868ff31'],
    ['historical', '478497a8d0e3ee84'],
    ['two-sources', '04450dc11ddb0aac'],
  ]);
  expect(digest({ seed: 8 })).not.toBe(digest({ seed: 7 }));
});

test.each([500, 1_000, 2_000, 5_000])('%i records are the first of any longer file', (count) => {
  expect(records({ records: 10_000 }).slice(0, count)).toEqual(records({ records: count }));
});

test.each([1, 499, 777, 5_001])('asked for %i records it gives so many, of whole people but for the last', (count) => {
  const some = records({ records: count, but: { spread: 'fixed', mean: 3 } });
  expect(some).toHaveLength(count);
  const counts = [...Map.groupBy(some, ({ truth }) => truth).values()].map((group) => group.length);
  expect(counts.filter((each) => each !== 3).length).toBeLessThanOrEqual(1);
});

test('records of one person do not stand together', () => {
  const some = records({ records: 5_000 });
  const together = some.filter(({ truth }, at) => at > 0 && some[at - 1]?.truth === truth).length;
  expect(together).toBeLessThan(25);
});

test('truth is consistent: without faults the records of a person agree in what never changes', () => {
  for (const profile of PROFILE_IDS) {
    const people = Map.groupBy(records({ profile, errors: 0, records: 3_000 }), ({ truth }) => truth);
    for (const group of people.values())
      for (const fact of ['gender', 'birth_place', 'national_id'] as Fact[])
        expect(new Set(group.map(({ facts }) => facts[fact].toUpperCase())).size).toBe(1);
    // A day written first in one of two sources is the same day
    for (const group of people.values())
      expect(new Set(group.map(({ facts }) => facts.birth_date.split(/[-/]/).sort().join())).size).toBe(1);
  }
});

test('what is somebody’s own is nobody else’s: national ids, and e-mail addresses outside the household', () => {
  const some = records({ records: 20_000, errors: 0 });
  for (const fact of ['national_id', 'email'] as const) {
    const owners = Map.groupBy(some, ({ facts }) => facts[fact]);
    owners.delete('');
    expect(owners.size).toBeGreaterThan(3_000);
    const who = fact === 'email' ? householdOf : (truth: string) => truth;
    for (const group of owners.values()) expect(new Set(group.map(({ truth }) => who(truth))).size).toBe(1);
  }
});

test('other faults leave people, sources and order as they are', () => {
  const keys = (errors: number) => records({ errors }).map(({ truth, source }) => [truth, source]);
  expect(keys(0)).toEqual(keys(3));
});

test.each(SPREADS)('%s: as many records a person as the mean says, at least one', (spread) => {
  const random = createRandom(3, 1);
  for (const mean of [1, 1.03, 2.5, 9]) {
    const counts = Array.from({ length: 20_000 }, () => drawCount(random, spread, mean));
    expect(Math.min(...counts)).toBe(1 + (spread === 'fixed' ? Math.floor(mean - 1) : 0));
    const found = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(Math.abs(found - mean)).toBeLessThan(0.03 * mean);
  }
});

test('spreads differ in their tails', () => {
  const random = createRandom(3, 1);
  const most = SPREADS.map((spread) => {
    let largest = 0;
    for (let draw = 0; draw < 20_000; draw += 1) largest = Math.max(largest, drawCount(random, spread, 6));
    return largest;
  });
  const [fixed, uniform, poisson, geometric] = most as [number, number, number, number];
  expect([fixed, uniform]).toEqual([6, 11]);
  expect(poisson).toBeGreaterThan(uniform);
  expect(geometric).toBeGreaterThan(2 * poisson);
});

test('of two lists nobody is in one of them twice, and many are in both', () => {
  const people = Map.groupBy(records({ profile: 'two-sources', records: 5_000 }), ({ truth }) => truth);
  const groups = [...people.values()];
  expect(groups.every((group) => new Set(group.map(({ source }) => source)).size === group.length)).toBe(true);
  expect(groups.filter((group) => group.length === 2).length / groups.length).toBeGreaterThan(0.45);
});

test('a clean file has few doubles, a historical one many records a person', () => {
  const perPerson = (profile: ProfileId) => {
    const some = records({ profile, records: 10_000 });
    return some.length / new Set(some.map(({ truth }) => truth)).size;
  };
  expect(perPerson('clean')).toBeLessThan(1.06);
  expect(perPerson('historical')).toBeGreaterThan(7);
});
