import type { NameParts } from '../fields/names.ts';
import { int32 } from '../memory.ts';
import { edits } from '../text/edits.ts';
import { jaroWinkler } from '../text/jaro-winkler.ts';
import { areNicknames, isNickname, nicknameNumber } from '../text/nicknames.ts';
import { leastEdits, lettersOf, mostSimilarity, SKETCHED } from '../text/sketch.ts';
import { type Comparator, level, MISSING, SCOPES } from './comparator.ts';
import { createNumbers } from './numbers.ts';

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
    if (near === 2 || (Math.min(x.length, y.length) >= 3 && (x.startsWith(y) || y.startsWith(x)))) return 3;
    if (a.extra.includes(y) || b.extra.includes(x) || alike(x, b.family) || alike(y, a.family)) return 5;
    return 7;
  },
  prepare: prepareGiven,
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
    return shareWord(x, y) || a.extra.includes(y) || b.extra.includes(x) ? 4 : 6;
  },
  prepare: prepareFamily,
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

/** @returns 0 unlike, 1 near (one slip, or two and Jaro–Winkler of .92), 2 similar (two slips, a third of the letters, or .85) */
function closeness(x: string, y: string): 0 | 1 | 2 {
  const length = Math.max(x.length, y.length);
  const similarity = jaroWinkler(x, y);
  if (similarity < 0.5) return 0;
  const most = Math.max(1, Math.floor(length * 0.36));
  const slips = edits(x, y, most);
  if ((slips === 1 && length > 2) || (similarity >= 0.92 && slips <= Math.max(2, length * 0.15))) return 1;
  if ((slips <= most && slips >= 2 && length >= 5) || similarity >= 0.85) return 2;
  return 0;
}

function alike(x: string, y: string): boolean {
  return x === y || (y.length > 3 && closeness(x, y) === 1);
}

function isSwapped(a: NameParts, b: NameParts): boolean {
  if (a.given === '' || b.given === '' || a.family === '' || b.family === '') return false;
  if (a.given === b.family && a.family === b.given) return true;
  if (a.given[0] !== b.family[0] && a.family[0] !== b.given[0]) return false;
  return alike(a.given, b.family) && alike(a.family, b.given);
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

function prepareGiven(values: readonly NameParts[]): (x: number, y: number) => number {
  const { numbers, isEmpty, isUnlike, mayBeSwapped, hasExtra } = sketchNames(values);
  return (x, y) => {
    const [at, to] = [x * NAME_STRIDE, y * NAME_STRIDE];
    if (!isEmpty(at) && numbers[at] === numbers[to]) return 0;
    const isPlain =
      !isEmpty(at) &&
      !isEmpty(to) &&
      numbers[at + 2]! > 1 &&
      numbers[to + 2]! > 1 &&
      !hasExtra(at) &&
      !hasExtra(to) &&
      numbers[at + 3] !== numbers[to + 3] &&
      !areNicknames(numbers[at + 8]!, numbers[to + 8]!) &&
      !mayBeSwapped(at, to) &&
      isUnlike(at, to, SIMILAR) &&
      isUnlike(at, to + FAMILY, NEAR) &&
      isUnlike(at + FAMILY, to, NEAR);
    return isPlain ? 7 : givenName.compare(values[x]!, values[y]!);
  };
}

function prepareFamily(values: readonly NameParts[]): (x: number, y: number) => number {
  const { numbers, isEmpty, isUnlike, mayBeSwapped, hasExtra } = sketchNames(values);
  return (x, y) => {
    const [at, to] = [x * NAME_STRIDE + FAMILY, y * NAME_STRIDE + FAMILY];
    if (isEmpty(at) || isEmpty(to)) return MISSING;
    if (numbers[at] === numbers[to]) return 0;
    const [a, b] = [at - FAMILY, to - FAMILY];
    const isPlain =
      numbers[at + 2]! > 1 &&
      numbers[to + 2]! > 1 &&
      !hasExtra(a) &&
      !hasExtra(b) &&
      numbers[a + 9] === 0 &&
      numbers[b + 9] === 0 &&
      !mayBeSwapped(a, b) &&
      isUnlike(at, to, SIMILAR);
    return isPlain ? 6 : familyName.compare(values[x]!, values[y]!);
  };
}

/** Numbers of a name: the given one (text, letters, length, first letter), the family name, number of its nickname, has it blanks, has it other parts. */
const NAME_STRIDE = 12;
const FAMILY = 4;
/** Jaro–Winkler from which on two names are alike, and near. */
const SIMILAR = 0.85;
const NEAR = 0.92;

function sketchNames(values: readonly NameParts[]) {
  const numbers = int32(values.length * NAME_STRIDE);
  const numberOf = createNumbers();
  const put = (text: string, at: number): void => {
    numbers[at] = numberOf(text);
    numbers[at + 1] = lettersOf(text);
    numbers[at + 2] = text.length;
    numbers[at + 3] = text === '' ? -1 : text.charCodeAt(0);
  };
  values.forEach(({ given, family, extra }, code) => {
    const at = code * NAME_STRIDE;
    put(given, at);
    put(family, at + FAMILY);
    numbers[at + 8] = nicknameNumber(given);
    numbers[at + 9] = Number(family.includes(' '));
    numbers[at + 10] = Number(extra.length > 0);
  });
  const isEmpty = (at: number): boolean => numbers[at + 2] === 0;
  const sameFirst = (at: number, to: number): boolean => numbers[at + 3] === numbers[to + 3] && !isEmpty(at);
  return {
    ...{ numbers, isEmpty },
    hasExtra: (at: number): boolean => numbers[at + 10] === 1,
    mayBeSwapped: (at: number, to: number): boolean => sameFirst(at, to + FAMILY) || sameFirst(at + FAMILY, to),
    /** Whether `closeness` is less than it takes to be similar, or near, for certain. */
    isUnlike(at: number, to: number, least: number): boolean {
      const [n, m] = [numbers[at + 2]!, numbers[to + 2]!];
      if (n === 0 || m === 0) return true;
      const [a, b] = [numbers[at + 1]!, numbers[to + 1]!];
      const length = Math.max(n, m);
      const most = least === NEAR ? 1 : Math.max(1, Math.floor(length * 0.36));
      return length <= SKETCHED && leastEdits(a, b) > most && mostSimilarity(a, n, b, m, sameFirst(at, to)) < least;
    },
  };
}
