import { MISSING, SCOPES } from '../compare/comparator.ts';
import type { Feature } from '../compare/features.ts';

/** Why two records are not one person, whatever agrees. */
export const VETOES = {
  /** Same birthday, family name and home, another given name. */
  twins: 'twins',
  /** Same name and home, another birthday or suffix: father and son. */
  generations: 'generations',
  /** Another given name and another birthday: people of one home, a mailbox, a telephone. */
  relatives: 'relatives',
} as const;
export type Veto = (typeof VETOES)[keyof typeof VETOES];

/** How broad the evidence is that agrees. */
export const AGREEMENTS = {
  /** One thing, or nothing that is a person's own: an address, a family name. */
  thin: 'thin',
  /** Two things of one kind: given and family name; or the same e-mail address. */
  some: 'some',
  /** Two kinds of evidence, or an identifier. */
  sure: 'sure',
} as const;
export type Agreement = (typeof AGREEMENTS)[keyof typeof AGREEMENTS];

/** At which level a feature of a pair stands. */
export type LevelOf = (feature: number) => number;

export interface Guard {
  /**
   * Whether what is a person's own differs and nothing but a household's agrees: another given name and another
   * birthday, or one of the two with no personal evidence beside. Never one person, in estimation too.
   */
  isSomebodyElse(levelOf: LevelOf): boolean;
  veto(levelOf: LevelOf): Veto | null;
  /** Whether nothing that others of a cluster say makes the two one person: `Jr` and `Sr`, a person and a company. */
  isBarred(levelOf: LevelOf): boolean;
  /**
   * Whether a home agrees, and a family name does not differ. Where the file has no homes, a mailbox stands for one: else
   * nothing would tell whether there are households.
   */
  sharesHome(levelOf: LevelOf): boolean;
  /** Whether two of one home may be twins, or father and son, by their names and birthdays. */
  isDoubtful(levelOf: LevelOf): boolean;
  agreement(levelOf: LevelOf): Agreement;
  /** Whether an identifier that one person has one of differs. */
  conflicts(levelOf: LevelOf): boolean;
}

const GENDER = /^(gender|sex)$/;

/** @param mailboxesAreShared whether an e-mail address proves a household rather than a person in these data */
export function createGuard(features: readonly Feature[], mailboxesAreShared: boolean): Guard {
  const where = (test: (comparator: Feature['comparator']) => boolean): readonly number[] =>
    features.flatMap(({ comparator }, f) => (test(comparator) ? [f] : []));
  const named = (name: string) => where((each) => each.name === name);
  const all = where(() => true);
  const identifiers = where(({ scope }) => scope === SCOPES.identifier);
  const emails = where(({ group }) => group === 'email');
  const [given, family, suffix] = [named('given_name'), named('family_name'), named('name_suffix')];
  const birth = where(({ group }) => group === 'birth');
  const unnamed = where(({ group }) => group !== 'name');
  const homes = where(({ isHome }) => isHome === true);
  const { some, agrees, differs, isLast, isExact, isFar, isOtherKind } = createTests(features);
  const contacts = where(({ scope, group }) => scope === SCOPES.identifier || group === 'email' || group === 'phone');
  const personal = where(({ scope, group }) => scope !== SCOPES.household && group !== 'email');
  const unnamedPersonal = where(
    ({ scope, group }) => scope !== SCOPES.household && group !== 'email' && group !== 'name',
  );
  const householdsShow = homes.length > 0 || mailboxesAreShared;
  const organisations = named('organisation_name');
  const isOtherName = createNames(features, given, organisations);
  // A mailbox under two names or birthdays in one home is the home's
  const isOwnMail = (levelOf: LevelOf): boolean =>
    !mailboxesAreShared && some(emails, agrees, levelOf) && !some(homes, agrees, levelOf);
  // The name alone agrees, or nothing does
  const isNamesake = (levelOf: LevelOf): boolean => {
    for (const f of unnamed) if (agrees(f, levelOf(f))) return false;
    return true;
  };
  const isSomebodyElse = (levelOf: LevelOf): boolean => {
    const [otherName, otherBirth] = [isOtherName(levelOf), some(birth, differs, levelOf)];
    if (otherName && otherBirth) return !some(identifiers, isExact, levelOf);
    if (!otherName && (otherBirth || some(identifiers, isLast, levelOf)) && isNamesake(levelOf)) return true;
    // A namesake of another age, by another document
    if (some(identifiers, isLast, levelOf) && some(birth, isFar, levelOf) && !some(contacts, agrees, levelOf))
      return true;
    // Given name and town alone: where doubles are rare, estimation would else take neighbours for them
    if (otherBirth && some(family, isLast, levelOf) && !some(contacts, agrees, levelOf)) return true;
    const own = otherName ? unnamedPersonal : personal;
    return (otherName || otherBirth) && householdsShow && !some(own, agrees, levelOf) && !isOwnMail(levelOf);
  };
  const sharesHome = (levelOf: LevelOf): boolean =>
    !some(family, isLast, levelOf) &&
    (homes.length > 0 ? some(homes, agrees, levelOf) : some(emails, isExact, levelOf));
  const isBarred = (levelOf: LevelOf): boolean =>
    (some(suffix, isLast, levelOf) || some(organisations, isOtherKind, levelOf)) && !some(identifiers, agrees, levelOf);
  const vetoOf = (levelOf: LevelOf, isHome: boolean): Veto | null => {
    if (some(identifiers, agrees, levelOf)) return null;
    if (some(suffix, isLast, levelOf)) return VETOES.generations;
    // Without a home it is a namesake of the same town
    if (!isHome && some(contacts, agrees, levelOf)) return null;
    if (isHome && isOtherName(levelOf)) return some(birth, agrees, levelOf) ? VETOES.twins : null;
    return some(given, agrees, levelOf) && some(family, agrees, levelOf) && some(birth, differs, levelOf)
      ? VETOES.generations
      : null;
  };
  return {
    isSomebodyElse,
    isBarred,
    sharesHome,
    isDoubtful: (levelOf) => vetoOf(levelOf, true) !== null,
    veto: (levelOf) =>
      isSomebodyElse(levelOf) ? VETOES.relatives : vetoOf(levelOf, homes.length > 0 && sharesHome(levelOf)),
    agreement(levelOf) {
      if (some(identifiers, isExact, levelOf)) return AGREEMENTS.sure;
      const agreeing = all.filter((f) => agrees(f, levelOf(f)));
      const isPersonal = agreeing.some((f) => features[f]!.comparator.scope !== SCOPES.household);
      const isMail = some(emails, isExact, levelOf);
      if (!isMail && (!isPersonal || agreeing.length < 2)) return AGREEMENTS.thin;
      return new Set(agreeing.map((f) => features[f]!.comparator.group)).size > 1 ? AGREEMENTS.sure : AGREEMENTS.some;
    },
    conflicts: (levelOf) => some(identifiers, isLast, levelOf),
  };
}

/** @returns whether what a person, or a company, is called differs; `Mark` and `Mary` do where one is a man and one a woman */
function createNames(
  features: readonly Feature[],
  given: readonly number[],
  organisations: readonly number[],
): (levelOf: LevelOf) => boolean {
  const { some, differs, isLast } = createTests(features);
  const sex = features.flatMap(({ comparator: { name } }, f) => (GENDER.test(name) ? [f] : []));
  return (levelOf) => {
    if (some(organisations, differs, levelOf)) return true;
    for (const f of given) {
      const level = levelOf(f);
      if (level === MISSING || level === 0) continue;
      const { name, agrees } = features[f]!.comparator.levels[level]!;
      if (name === 'different' || name === 'elsewhere') return true;
      if (agrees && name !== 'nickname' && name !== 'swapped' && some(sex, isLast, levelOf)) return true;
    }
    return false;
  };
}

/** Levels of birthdays that more than one slip of the pen parts. */
const FAR = new Set(['two of three parts', 'two slips', 'same year', 'different']);

type Test = (feature: number, level: number) => boolean;

/** Without closures for each pair: millions are judged. */
function createTests(features: readonly Feature[]) {
  const agreeing = features.map(({ comparator }) => comparator.levels.map((level) => level.agrees));
  const agrees: Test = (f, level) => level !== MISSING && agreeing[f]![level]!;
  const differs: Test = (f, level) => level !== MISSING && !agreeing[f]![level]!;
  const isLast: Test = (f, level) => level === agreeing[f]!.length - 1;
  const isExact: Test = (_, level) => level === 0;
  const far = features.map(({ comparator }) => comparator.levels.map(({ name }) => FAR.has(name)));
  const isFar: Test = (f, level) => level !== MISSING && far[f]![level]!;
  const kinds = features.map(({ comparator }) => comparator.levels.map(({ name }) => name === 'another kind'));
  const isOtherKind: Test = (f, level) => level !== MISSING && kinds[f]![level]!;
  const some = (which: readonly number[], test: Test, levelOf: LevelOf): boolean => {
    for (const f of which) if (test(f, levelOf(f))) return true;
    return false;
  };
  return { some, agrees, differs, isLast, isExact, isFar, isOtherKind };
}
