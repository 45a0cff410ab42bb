import { type ProfileQuality, type ProfileView, qualityOf } from '@kenal/identity';
import type { Person } from './reader.ts';

/** What of a person is shown. */
export interface Lens {
  /** Nothing is left out. */
  readonly whole: boolean;
  /**
   * @param part of `KEY_FIELDS`
   * @param name of one of it, such as the name of a trait; without it: whether all of the part is shown
   */
  shows(part: string, name?: string): boolean;
  /** Whether anything of a part may be shown. */
  touches(part: string): boolean;
}

type Fields = readonly string[] | null;

/** @param lists what is shown is in each of them (`traits`, `traits.email`, `computed.churn`); null shows all */
export function createLens(...lists: readonly Fields[]): Lens {
  const narrow = lists.filter((fields): fields is readonly string[] => fields !== null);
  return {
    whole: narrow.length === 0,
    shows: (part, name) => {
      const path = name === undefined ? part : `${part}.${name}`;
      return narrow.every((fields) => fields.some((field) => path === field || path.startsWith(`${field}.`)));
    },
    touches: (part) => narrow.every((fields) => fields.some((field) => field === part || field.startsWith(`${part}.`))),
  };
}

/** Of a person of whom no wanted trait is shown. */
const NOTHING_WANTED: ProfileQuality = { completeness: 1, freshness: null, missing: [], stale: [] };

/**
 * A person with what the lens shows, its quality counted over that alone; who looks through a narrow one is not told which
 * links were refused.
 */
export function seenThrough(person: Person, lens: Lens): Person {
  if (lens.whole) return person;
  const profile = profileThrough(person.profile, lens);
  return {
    ...person,
    profile,
    quality(now) {
      const wanted = person.rules.traits.wanted.filter(({ trait }) => lens.shows('traits', trait));
      return wanted.length === 0 ? NOTHING_WANTED : qualityOf(profile, wanted, now);
    },
    history: () => person.history().filter(({ trait }) => lens.shows('traits', trait)),
    refusedLinks: () => [],
  };
}

function profileThrough(profile: ProfileView, lens: Lens): ProfileView {
  const only = <T>(part: string, all: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => lens.shows(part, name)));
  return {
    ...profile,
    traits: only('traits', profile.traits),
    traitDetails: only('traits', profile.traitDetails),
    computed: only('computed', profile.computed),
    consent: only('consent', profile.consent),
    identifiers: profile.identifiers.filter(({ type }) => lens.shows('identifiers', type)),
  };
}
