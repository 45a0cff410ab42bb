import { expect, test } from 'vitest';
import { createRandom } from '../../random.ts';
import { stockOf } from '../cultures/stock.ts';
import { ERRORS, type ErrorKind, type Fact } from '../profile.ts';
import { PROFILES, type ProfileId } from '../profiles.ts';
import { records } from '../testing.ts';
import { damage, drawError, FACTS, type Facts, planErrors } from './damage.ts';

const PROFILE_IDS = Object.keys(PROFILES) as ProfileId[];
/** Leave values alone that they do not fit. */
const HABITS: readonly ErrorKind[] = ['unmarked', 'respelled', 'abbreviated', 'reformatted', 'titled'];

test.each(PROFILE_IDS)('%s: every fault comes as often as the profile says', (profile) => {
  const { errors } = PROFILES[profile];
  const plans = planErrors(errors, 1);
  const random = createRandom(5, 1);
  const draws = 20_000;
  for (const fact of FACTS) {
    const found = new Map<ErrorKind | null, number>();
    for (let draw = 0; draw < draws; draw += 1) {
      const kind = drawError(plans, fact, random);
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    for (const kind of ERRORS) near((found.get(kind) ?? 0) / draws, errors[fact]?.[kind] ?? 0, draws);
  }
});

test.each(PROFILE_IDS)('%s: so many values are missing or damaged in the file as the profile says', (profile) => {
  const { errors, columns } = PROFILES[profile];
  const whole = records({ profile, records: 10_000, errors: 0 });
  const harmed = records({ profile, records: 10_000 });
  for (const fact of FACTS.filter((each) => columns.includes(each))) {
    if (fact === 'full_name') continue; // made of parts that are damaged
    const rates = errors[fact] ?? {};
    const had = whole.flatMap(({ facts }, at) => (facts[fact] === '' ? [] : [[facts, harmed[at]!.facts] as const]));
    const sum = (kinds: readonly ErrorKind[]): number => kinds.reduce((all, kind) => all + (rates[kind] ?? 0), 0);
    const lost = had.filter(([, after]) => after[fact] === '').length / had.length;
    // Both names move where they are swapped or stand in one column
    const moved = (fact === 'family_name' ? 1 : 0) * sumOf(errors.given_name, ['swapped', 'misplaced']);
    if (fact !== 'family_name' && fact !== 'given_name') near(lost, rates.missing ?? 0, had.length);
    const changed = had.filter(([before, after]) => after[fact] !== before[fact]).length / had.length;
    const faults = sum(ERRORS.filter((kind) => !HABITS.includes(kind)));
    expect(changed).toBeGreaterThan(faults * 0.93 - 0.01);
    expect(changed).toBeLessThan(faults + sum(HABITS) + moved + 0.02);
  }
});

test('in a dirty file half of the values are missing or damaged', () => {
  const columns: readonly Fact[] = ['given_name', 'family_name', 'birth_date', 'city', 'email'];
  const whole = records({ profile: 'dirty', records: 5_000, errors: 0 });
  const harmed = records({ profile: 'dirty', records: 5_000 });
  const cells = whole.flatMap(({ facts }, at) => columns.map((fact) => [facts[fact], harmed[at]!.facts[fact]]));
  const bad = cells.filter(([before, after]) => before !== after || after === '').length / cells.length;
  expect(bad).toBeGreaterThan(0.45);
  expect(bad).toBeLessThan(0.58);
});

test('no factor makes every value wrong, and 0 leaves all whole', () => {
  const random = createRandom(1, 1);
  const all = planErrors(PROFILES.dirty.errors, 10);
  const hits = Array.from({ length: 5_000 }, () => drawError(all, 'given_name', random)).filter(
    (kind) => kind !== null,
  );
  expect(hits.length / 5_000).toBeCloseTo(0.97, 1);
  expect(planErrors(PROFILES.dirty.errors, 0).size).toBe(0);
});

const facts = (): Facts => ({
  ...(Object.fromEntries(FACTS.map((fact) => [fact, ''])) as Facts),
  given_name: 'Elizabeth',
  family_name: 'Müller',
  birth_date: '1980-03-12',
  email: 'liz@example.com',
  phone: '+44 7400 123456',
  street: 'Church Street',
  city: 'Leeds',
  state: 'England',
});

const after = (kind: ErrorKind, fact: Fact, seed = 1): Facts => {
  const changed = facts();
  damage(kind, fact, changed, stockOf('anglo'), createRandom(seed, 1));
  return changed;
};

test.each<[ErrorKind, Fact, RegExp]>([
  ['nickname', 'given_name', /^(Liz|Beth|Betty|Lizzie|Eliza)$/],
  ['initial', 'given_name', /^E\.?$/],
  ['truncated', 'given_name', /^Eli/],
  ['unmarked', 'family_name', /^Muller$/],
  ['dayMonth', 'birth_date', /^1980-12-03$/],
  ['yearOnly', 'birth_date', /^1980-01-01$/],
  ['digit', 'birth_date', /^[\d-]{10}$/],
  ['abbreviated', 'street', /^Church (St|Str)$/],
  ['misplaced', 'city', /^England$/],
  ['misplaced', 'email', /^\+44 7400 123456$/],
  ['missing', 'city', /^$/],
  ['junk', 'email', /@|n\/a/],
  ['reformatted', 'birth_date', /^(12\/03\/1980|12\.03\.1980|19800312|1980)$/],
  ['titled', 'given_name', /Elizabeth/],
])('%s on %s', (kind, fact, wanted) => {
  for (let seed = 0; seed < 20; seed += 1) {
    expect(after(kind, fact, seed)[fact]).toMatch(wanted);
    expect(after(kind, fact, seed)[fact]).not.toBe(facts()[fact]);
  }
});

test('swapped names change places, and a whole name as given name leaves no family name', () => {
  expect(after('swapped', 'given_name')).toMatchObject({ given_name: 'Müller', family_name: 'Elizabeth' });
  expect(after('misplaced', 'given_name')).toMatchObject({ given_name: 'Elizabeth Müller', family_name: '' });
});

test('a typo is one edit or one exchange, in every case', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const text = after('typo', 'given_name', seed).given_name;
    expect(Math.abs(text.length - 9)).toBeLessThanOrEqual(1);
    let same = 0;
    while (text[same] === 'Elizabeth'[same]) same += 1;
    const tail = 'Elizabeth'.slice(same + 2);
    expect(text.endsWith(tail)).toBe(true);
  }
});

test('a fault that a value cannot have is a slip of a finger instead', () => {
  const changed = facts();
  damage('nickname', 'family_name', changed, stockOf('anglo'), createRandom(1, 1));
  expect(changed.family_name).not.toBe('Müller');
});

function sumOf(rates: Partial<Record<ErrorKind, number>> | undefined, kinds: readonly ErrorKind[]): number {
  return kinds.reduce((sum, kind) => sum + (rates?.[kind] ?? 0), 0);
}

/** Within five standard deviations of a share. */
function near(found: number, wanted: number, count: number): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(5 * Math.sqrt((wanted * (1 - wanted)) / count) + 1e-9);
}
