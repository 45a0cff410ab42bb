/** One of the ways in which two values can relate, from the same to different. */
export interface Level {
  readonly name: string;
  /** Whether it speaks for one person, in the sense of "at least two agreeing groups". */
  readonly agrees: boolean;
  /** Which key's frequency stands for the chance of agreeing here (term-frequency adjustment); -1: none. */
  readonly key: number;
  /** What is believed before any record is seen: the share of this level among pairs of one person, and of two. */
  readonly m: number;
  readonly u: number;
}

/** Whose a value is: one person's, a household's (or a company's), or given out to one person only. */
export const SCOPES = { personal: 'personal', household: 'household', identifier: 'identifier' } as const;
export type Scope = (typeof SCOPES)[keyof typeof SCOPES];

/** How one aspect of two records is compared. Pure, on parsed values, so that live records and whole files share it. */
export interface Comparator<V> {
  readonly name: string;
  /** Aspects that hang together count as one group of evidence: given and family name, the parts of an address. */
  readonly group: string;
  readonly scope: Scope;
  /** How often two people of one household have the same here: 1 an address, 0 a passport. */
  readonly shared: number;
  /** Whether people who live together have it in common: the line of a street, a telephone. */
  readonly isHome?: boolean;
  /** The last one is "different". */
  readonly levels: readonly Level[];
  /** @returns index into `levels`, or MISSING */
  compare(a: V, b: V): number;
  /** The same by position in a list of values, made ready for millions of pairs: most are told apart by few numbers. */
  prepare?(values: readonly V[]): (x: number, y: number) => number;
}

/** A level that says nothing, because one of the two has no value. */
export const MISSING = 255;

/** `exact .9 .001 k0` → a level; `!` before the name: it is no agreement. */
export function level(name: string, m: number, u: number, key = -1): Level {
  return name.startsWith('!') ? { name: name.slice(1), agrees: false, key, m, u } : { name, agrees: true, key, m, u };
}
