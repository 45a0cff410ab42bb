import type { CultureId } from './cultures/culture.ts';

export const COLUMNS = [
  'record_id',
  'truth',
  'source',
  'given_name',
  'family_name',
  'full_name',
  'birth_date',
  'gender',
  'email',
  'phone',
  'street_number',
  'street',
  'city',
  'postcode',
  'state',
  'country',
  'occupation',
  'birth_place',
  'national_id',
] as const;
export type Column = (typeof COLUMNS)[number];

/** What a record says of its person: everything but who it truly is. */
export type Fact = Exclude<Column, 'record_id' | 'truth' | 'source'>;

/** What can go wrong with a value. What each does stands in `errors/README.md`. */
export const ERRORS = [
  'typo',
  'ocr',
  'sound',
  'truncated',
  'initial',
  'nickname',
  'swapped',
  'dayMonth',
  'digit',
  'yearOnly',
  'unmarked',
  'respelled',
  'misplaced',
  'abbreviated',
  'reformatted',
  'titled',
  'junk',
  'missing',
] as const;
export type ErrorKind = (typeof ERRORS)[number];

/** Share of the records in which this happens to the value; at most one thing happens to a value. */
export type ErrorRates = Readonly<Partial<Record<Fact, Readonly<Partial<Record<ErrorKind, number>>>>>>;

/** How many records a person has around the mean: all alike, any number up to twice it, Poisson, or a long tail. */
export const SPREADS = ['fixed', 'uniform', 'poisson', 'geometric'] as const;
export type Spread = (typeof SPREADS)[number];

/** A list that records come from, and its habits. */
export interface RecordSource {
  readonly id: string;
  readonly share: number;
  /** Names and addresses in capitals. */
  readonly capitals?: boolean;
  /** Birth dates as 31/12/1980; otherwise 1980-12-31. */
  readonly dayFirst?: boolean;
  /** Streets shortened. */
  readonly abbreviates?: boolean;
}

/** What a file of records is like. */
export interface Profile {
  readonly summary: string;
  readonly columns: readonly Column[];
  readonly spread: Spread;
  /** Records per person, 1 or more. */
  readonly mean: number;
  /** Drawn by their shares; `rotate`: the records of a person stand in different ones, as in lists without doubles. */
  readonly sources: readonly RecordSource[];
  readonly rotate?: boolean;
  /** Share of households with more than one person. */
  readonly families: number;
  /** Birth years of the grown-ups. */
  readonly born: readonly [from: number, to: number];
  readonly cultures?: Readonly<Partial<Record<CultureId, number>>>;
  /** How often things change in a life: means of a Poisson distribution, and for names the share of a wedding. */
  readonly changes: {
    readonly home: number;
    readonly phone: number;
    readonly email: number;
    readonly name: number;
    readonly occupation: number;
  };
  readonly historical?: boolean;
  /** Share of the full names that are written the other way round: `Smith, John`. */
  readonly reordered: number;
  readonly errors: ErrorRates;
}
