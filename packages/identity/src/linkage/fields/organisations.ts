import { fold } from '../text/fold.ts';

/** Whose record it is, by its names: a person's or an organisation's. */
export interface Organisation {
  /** `acme mining`: the name without its legal form; '' where a person's record names none. */
  readonly core: string;
  readonly owner: Owner;
}

/** A person's record may name the company that the person works for; a name in one piece may be either's. */
export const OWNERS = { person: 'person', organisation: 'organisation', either: 'either' } as const;
export type Owner = (typeof OWNERS)[keyof typeof OWNERS];

/** Words that say what kind of company it is, as it is written by some and left out by others. */
const FORMS = new Set(
  'inc incorporated ltd limited llc llp lp plc corp corporation co company unlimited unltd pty pte gmbh mbh ag kg ohg ug se sa sas sarl srl spa bv nv oy ab as aps sro doo ooo oao zao jsc ojsc pjsc pvt bhd sdn kk'.split(
    ' ',
  ),
);
/** Of those, and of others, what hardly anybody is called: these tell an organisation among names of people. */
const TELLING = new Set(
  'inc incorporated ltd limited llc llp plc corp corporation company unlimited unltd pty pte gmbh mbh sarl pvt bhd sdn ooo oao zao ojsc pjsc holding holdings group industries enterprises associates partners solutions services systems technologies international university institute foundation association ministry department agency committee council'.split(
    ' ',
  ),
);
const FILLERS = new Set(['the', 'and', 'of']);
/** Short forms of words in names of companies. */
const SHORT: Readonly<Record<string, string>> = {
  ...{ intl: 'international', int: 'international', natl: 'national', mfg: 'manufacturing', bros: 'brothers' },
  ...{ assoc: 'associates', assocs: 'associates', tech: 'technology', technologies: 'technology', svc: 'service' },
  ...{ svcs: 'service', services: 'service', grp: 'group', mgmt: 'management', ind: 'industries', inds: 'industries' },
  ...{ ent: 'enterprises', dept: 'department', univ: 'university', sys: 'systems', hldgs: 'holdings', ctr: 'center' },
};

/** `Acme Mining, L.L.C.` → `acme mining`. Whose name is a legal form alone keeps it. */
export function coreOf(text: string): string {
  const words = fold(text).split(' ');
  const core = words.filter((word) => word !== '' && !FORMS.has(word) && !FILLERS.has(word));
  return (core.length > 0 ? core : words).map((word) => SHORT[word] ?? word).join(' ');
}

/** Whether a name that stands where people's names stand is an organisation's: `Acme Mining Ltd`. */
export function isOrganisation(text: string): boolean {
  const words = fold(text).split(' ');
  return words.length > 1 && words.some((word) => TELLING.has(word));
}
