import { type Organisation, OWNERS } from '../fields/organisations.ts';
import { edits } from '../text/edits.ts';
import { type Comparator, level, MISSING, SCOPES } from './comparator.ts';

export const ORGANISATION_KEYS = ['organisation', 'start'] as const;

/** A company for which people work is no key: it would put all of them together. */
export function organisationKeys({ core, owner }: Organisation): readonly string[] {
  return owner === OWNERS.person ? ['', ''] : [core, core.slice(0, 5)];
}

const NAME_LEVELS = [
  level('exact', 0.65, 0.002, 0),
  level('near', 0.12, 0.0005),
  level('similar', 0.12, 0.002),
  level('!some words', 0.04, 0.02),
  level('!another kind', 0.002, 0.4),
  level('!different', 0.068, 0.575),
];
const EMPLOYER_LEVELS = [
  level('exact', 0.6, 0.01),
  level('near', 0.1, 0.001),
  level('similar', 0.05, 0.003),
  level('!some words', 0.05, 0.02),
  level('!different', 0.2, 0.966),
];

/** The name of an organisation; that somebody is a person and no organisation counts too. */
export const organisationName: Comparator<Organisation> = {
  ...{ name: 'organisation_name', group: 'name', scope: SCOPES.personal, shared: 0.02, levels: NAME_LEVELS },
  compare(a, b) {
    const companies = Number(a.owner === OWNERS.organisation) + Number(b.owner === OWNERS.organisation);
    if (companies === 0) return MISSING;
    if (a.owner === OWNERS.person || b.owner === OWNERS.person) return 4;
    const found = compareCores(a.core, b.core);
    if (companies === 1) return found < 3 ? found : 4;
    return found === 4 ? 5 : found;
  },
};

/** What company a person's record names; colleagues share it. */
export const employer: Comparator<Organisation> = {
  ...{ name: 'employer', group: 'employer', scope: SCOPES.household, shared: 0.3, levels: EMPLOYER_LEVELS },
  compare: (a, b) =>
    a.owner !== OWNERS.person || b.owner !== OWNERS.person || a.core === '' || b.core === ''
      ? MISSING
      : compareCores(a.core, b.core),
};

const NEAR = 0.13;
const SIMILAR = 0.25;

/** @returns 0 the same, 1 near (spaces, slips, order), 2 similar (one a part or the initials of the other), 3 a word in common, 4 unlike */
function compareCores(a: string, b: string): number {
  if (a === b) return 0;
  const [x, y] = [a.split(' '), b.split(' ')];
  if (x.join('') === y.join('') || [...x].sort().join() === [...y].sort().join()) return 1;
  const [few, many] = x.length <= y.length ? [x, y] : [y, x];
  const shared = few.filter((word) => many.some((other) => isSame(word, other)));
  if (shared.length === few.length && few.length === many.length) return 1;
  const length = Math.max(a.length, b.length);
  // A whole word for another is another company: `acme mining` and `acme media`
  const slips = few.length === many.length ? length : edits(a, b, Math.floor(length * SIMILAR));
  if (length > 4 && slips <= Math.max(1, length * NEAR)) return 1;
  if (shared.length === few.length && few.join('').length > 3) return 2;
  if (few.length === 1 && many.length > 2 && few[0] === many.map((word) => word[0]).join('')) return 2;
  if (length > 5 && slips <= length * SIMILAR) return 2;
  return shared.some((word) => word.length > 2) ? 3 : 4;
}

/** The same word, but for a slip in a long one. */
function isSame(x: string, y: string): boolean {
  if (x === y) return true;
  const length = Math.max(x.length, y.length);
  return length > 3 && edits(x, y, 2) <= (length > 7 ? 2 : 1);
}
