import type { Region } from '../../phones.ts';
import type { Words } from '../words.ts';

export const CULTURES = [
  'anglo',
  'american',
  'german',
  'french',
  'spanish',
  'indonesian',
  'arabic',
  'russian',
  'chinese',
  'vietnamese',
  'indian',
  'turkish',
] as const;
export type CultureId = (typeof CULTURES)[number];

/** Given names by when they were in fashion: born before 1950, until 1980, later. */
export interface Cohorts {
  readonly old: string;
  readonly middle: string;
  readonly young: string;
}

/** A replacement of letters that leaves the same name: `[/ei$/, 'ey']` makes Sergei Sergey. */
export type Spelling = readonly [from: RegExp, to: string];

/** How people of one culture are named, and where they live. All of it in Latin letters. */
export interface Culture {
  readonly id: CultureId;
  readonly region: Region;
  readonly country: string;
  /** Share of the households of a mixed file; they need not add up to 1. */
  readonly share: number;
  readonly men: Cohorts;
  readonly women: Cohorts;
  /** Share of given names that are composed of `givenParts` instead of taken from a list. */
  readonly composedGiven?: number;
  readonly givenParts?: {
    readonly men: readonly [start: string, end: string];
    readonly women: readonly [start: string, end: string];
  };
  readonly family: Words;
  /** Share of people with one name only. */
  readonly oneName?: number;
  /** Share of people whose second name is a given name of their own, which children do not take over. */
  readonly ownSecondName?: number;
  readonly familyFirst?: boolean;
  /** Two family names: the father's first, the mother's second. */
  readonly twoFamilies?: boolean;
  readonly patronymic?: 'russian' | 'arabic';
  /** Share of people with a middle name, and the words where it is no given name. */
  readonly middle?: { readonly share: number; readonly men?: string; readonly women?: string };
  /** Father and son of one name are told apart by Sr and Jr. */
  readonly suffixes?: boolean;
  /** Share of wives who take their husband's family name. */
  readonly takesName: number;
  /** Endings of a woman's family name. */
  readonly feminine?: readonly Spelling[];
  readonly spellings: readonly Spelling[];
  /** The spellings are transliterations: people are at home in another script, and their names in Latin letters vary. */
  readonly otherScript?: boolean;
  /** `Robert:Bob,Rob William:Bill`. */
  readonly nicknames: string;
  /** Biggest first, `city/state/postcode`, where `#` is a digit and `@` a letter: `Leeds/England/LS#_#@@`. */
  readonly cities: string;
  /** Small towns, composed; postcodes as above. */
  readonly towns: { readonly start: string; readonly end: string; readonly postcode: string };
  /** `streets` fill the star of a kind: `High Church` in `*_Street *_Road`. */
  readonly streets: string;
  readonly streetKinds: string;
  /** `Street:St,Str`. */
  readonly abbreviations: string;
  readonly nationalId: string;
}
