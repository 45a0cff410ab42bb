import { MISSING, SCOPES } from '../compare/comparator.ts';
import type { Feature } from '../compare/features.ts';

/** Why two records are not one person, whatever agrees. */
export const VETOES = {
  /** Same birthday, family name and home, another given name. */
  twins: 'twins',
  /** Same name and home, another birthday or suffix: father and son. */
  generations: 'generations',
} as const;
export type Veto = (typeof VETOES)[keyof typeof VETOES];

/** How broad the evidence is that agrees. */
export const AGREEMENTS = {
  /** One thing, or nothing that is a person's own: an address, a family name. */
  thin: 'thin',
  /** Two things of one kind: given and family name. */
  some: 'some',
  /** Two kinds of evidence, or an identifier. */
  sure: 'sure',
} as const;
export type Agreement = (typeof AGREEMENTS)[keyof typeof AGREEMENTS];

/** At which level a feature of a pair stands. */
export type LevelOf = (feature: number) => number;

export interface Guard {
  veto(levelOf: LevelOf): Veto | null;
  agreement(levelOf: LevelOf): Agreement;
  /** Whether an identifier that one person has one of differs. */
  conflicts(levelOf: LevelOf): boolean;
}

export function createGuard(features: readonly Feature[]): Guard {
  const where = (test: (feature: Feature['comparator']) => boolean): number[] =>
    features.flatMap(({ comparator }, f) => (test(comparator) ? [f] : []));
  const agrees =
    (levelOf: LevelOf) =>
    (f: number): boolean => {
      const level = levelOf(f);
      return level !== MISSING && features[f]!.comparator.levels[level]!.agrees;
    };
  const differs =
    (levelOf: LevelOf) =>
    (f: number): boolean => {
      const level = levelOf(f);
      return level !== MISSING && !features[f]!.comparator.levels[level]!.agrees;
    };
  const last =
    (levelOf: LevelOf) =>
    (f: number): boolean =>
      levelOf(f) === features[f]!.comparator.levels.length - 1;
  const identifiers = where(({ scope }) => scope === SCOPES.identifier);
  const exacts = where(({ scope, group }) => scope === SCOPES.identifier || group === 'email' || group === 'phone');
  const [given, family, suffix] = ['given_name', 'family_name', 'name_suffix'].map((name) =>
    where((each) => each.name === name),
  );
  const birth = where(({ group }) => group === 'birth');
  const homes = where(({ isHome }) => isHome === true);
  const compared = where(() => true);
  return {
    veto(levelOf) {
      if (identifiers.some(agrees(levelOf))) return null;
      if (suffix!.some(last(levelOf))) return VETOES.generations;
      if (!family!.some(agrees(levelOf)) || !homes.some((f) => levelOf(f) === 0)) return null;
      if (given!.some(last(levelOf)) && birth.some(agrees(levelOf))) return VETOES.twins;
      return given!.some(agrees(levelOf)) && birth.some(differs(levelOf)) ? VETOES.generations : null;
    },
    agreement(levelOf) {
      if (exacts.some((f) => levelOf(f) === 0)) return AGREEMENTS.sure;
      const agreeing = compared.filter(agrees(levelOf));
      const isPersonal = agreeing.some((f) => features[f]!.comparator.scope !== SCOPES.household);
      if (!isPersonal || agreeing.length < 2) return AGREEMENTS.thin;
      return new Set(agreeing.map((f) => features[f]!.comparator.group)).size > 1 ? AGREEMENTS.sure : AGREEMENTS.some;
    },
    conflicts: (levelOf) => identifiers.some(last(levelOf)),
  };
}
