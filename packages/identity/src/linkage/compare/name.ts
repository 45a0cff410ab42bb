import type { NameParts } from '../fields/names.ts';
import { isNickname } from '../text/nicknames.ts';
import { closeness, isPart } from './closeness.ts';
import { type Comparator, level, MISSING, SCOPES } from './comparator.ts';
import { prepareFamily, prepareGiven } from './name-sketches.ts';

/** Keys of a name, by which it is looked up and counted: see `nameKeys`. */
export const NAME_KEYS = ['given', 'family', 'whole', 'givenStart', 'familyStart'] as const;

export function nameKeys({ given, family, extra }: NameParts): readonly string[] {
  const whole = given === '' || family === '' ? '' : [given, family, ...extra].sort().join(' ');
  return [given, family, whole, given.length > 1 ? given.slice(0, 3) : '', family.slice(0, 4)];
}

const GIVEN_LEVELS = [
  level('exact', 0.75, 0.01, 0),
  level('near', 0.07, 0.003),
  level('nickname', 0.04, 0.002),
  level('similar', 0.04, 0.012),
  level('swapped', 0.01, 0.0001),
  level('!elsewhere', 0.015, 0.01),
  level('!initial', 0.02, 0.02),
  level('!different', 0.05, 0.94),
];
const FAMILY_LEVELS = [
  level('exact', 0.8, 0.002, 1),
  level('near', 0.08, 0.0015),
  level('similar', 0.03, 0.006),
  level('swapped', 0.01, 0.0001),
  level('elsewhere', 0.02, 0.002),
  level('!initial', 0.005, 0.003),
  level('!different', 0.05, 0.98),
];
const EXTRA_LEVELS = [
  level('exact', 0.6, 0.02),
  level('compatible', 0.2, 0.03),
  level('overlap', 0.1, 0.02),
  level('!different', 0.1, 0.93),
];
const SUFFIX_LEVELS = [level('!exact', 0.9, 0.4), level('!different', 0.1, 0.6)];

export const givenName: Comparator<NameParts> = {
  name: 'given_name',
  group: 'name',
  scope: SCOPES.personal,
  shared: 0.02,
  levels: GIVEN_LEVELS,
  compare(a, b) {
    const [x, y] = [a.given, b.given];
    if (x === '' || y === '') return singleName(a, b) === null ? MISSING : 4;
    if (x === y) return 0;
    if (isSwapped(a, b)) return 4;
    if (x.length === 1 || y.length === 1) return x[0] === y[0] ? 6 : 7;
    const near = closeness(x, y);
    if (near === 1) return 1;
    if (isNickname(x, y)) return 2;
    if (near === 2 || isPart(x, y)) return 3;
    if (a.extra.includes(y) || b.extra.includes(x) || alike(x, b.family) || alike(y, a.family)) return 5;
    return 7;
  },
  prepare: (values) => prepareGiven(values, (x, y) => givenName.compare(values[x]!, values[y]!)),
};

export const familyName: Comparator<NameParts> = {
  name: 'family_name',
  group: 'name',
  scope: SCOPES.household,
  shared: 0.85,
  levels: FAMILY_LEVELS,
  compare(a, b) {
    const [x, y] = [a.family, b.family];
    if (x === '' || y === '') return MISSING;
    if (x === y) return 0;
    if (isSwapped(a, b)) return 3;
    if (x.length === 1 || y.length === 1) return x[0] === y[0] ? 5 : 6;
    const near = closeness(x, y);
    if (near > 0) return near;
    // A family name in the place of the given one is told there: one coincidence counts once
    return shareWord(x, y) || a.extra.includes(y) || b.extra.includes(x) || isMoved(a, b) || isMoved(b, a) ? 4 : 6;
  },
  prepare: (values) => prepareFamily(values, (x, y) => familyName.compare(values[x]!, values[y]!)),
};

export const extraNames: Comparator<NameParts> = {
  name: 'other_names',
  group: 'name',
  scope: SCOPES.household,
  shared: 0.2,
  levels: EXTRA_LEVELS,
  compare({ extra: a }, { extra: b }) {
    if (a.length === 0 || b.length === 0) return MISSING;
    const [few, many] = a.length < b.length ? [a, b] : [b, a];
    const fits = (word: string): boolean =>
      many.some((other) => other === word || ((word.length === 1 || other.length === 1) && word[0] === other[0]));
    const shared = few.filter(fits).length;
    if (shared === few.length) return a.length === b.length && few.every((word) => many.includes(word)) ? 0 : 1;
    if (shared > 0 || few.some((word) => many.some((other) => closeness(word, other) > 0))) return 2;
    return 3;
  },
  prepare: (values) => where(values, ({ extra }) => extra.length > 0, extraNames),
};

export const nameSuffix: Comparator<NameParts> = {
  name: 'name_suffix',
  group: 'name',
  scope: SCOPES.household,
  shared: 0,
  levels: SUFFIX_LEVELS,
  compare: (a, b) => (a.suffix === '' || b.suffix === '' ? MISSING : a.suffix === b.suffix ? 0 : 1),
  prepare: (values) => where(values, ({ suffix }) => suffix !== '', nameSuffix),
};

function alike(x: string, y: string): boolean {
  return x === y || (y.length > 3 && closeness(x, y) === 1);
}

function isSwapped(a: NameParts, b: NameParts): boolean {
  if (a.given === '' || b.given === '' || a.family === '' || b.family === '') return false;
  if (a.given === b.family && a.family === b.given) return true;
  if (a.given[0] !== b.family[0] && a.family[0] !== b.given[0]) return false;
  return isOrInitial(a.given, b.family) && isOrInitial(a.family, b.given);
}

/** Alike, or one the first letter of the other. */
function isOrInitial(x: string, y: string): boolean {
  return alike(x, y) || ((x.length === 1 || y.length === 1) && x[0] === y[0]);
}

/** A given name that stands alone in the place of the family name: `–, Robert` of `Robert, Green`. */
function isMoved(one: NameParts, { given }: NameParts): boolean {
  return one.given === '' && alike(one.family, given);
}

/** The one name of somebody whose other record has it in the other place: `Suharto` as given, as family name. */
function singleName(a: NameParts, b: NameParts): string | null {
  if (a.given === '' && b.family === '' && a.family === b.given) return a.family;
  if (b.given === '' && a.family === '' && b.family === a.given) return b.family;
  return null;
}

function shareWord(x: string, y: string): boolean {
  if (!x.includes(' ') && !y.includes(' ')) return false;
  const words = y.split(' ');
  return x.split(' ').some((word) => word.length > 3 && words.includes(word));
}

/** Compare where both have the part in question, which few names have. */
function where(
  values: readonly NameParts[],
  has: (name: NameParts) => boolean,
  { compare }: Comparator<NameParts>,
): (x: number, y: number) => number {
  const there = Uint8Array.from(values, (value) => (has(value) ? 1 : 0));
  return (x, y) => (there[x] === 0 || there[y] === 0 ? MISSING : compare(values[x]!, values[y]!));
}
