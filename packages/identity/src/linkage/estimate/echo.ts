import { MISSING } from '../compare/comparator.ts';
import type { EmailParts } from '../compare/email.ts';
import type { Feature } from '../compare/features.ts';
import type { EncodedSource } from '../encode.ts';
import type { NameParts } from '../fields/names.ts';
import { fold } from '../text/fold.ts';

/**
 * An address that is made of its owner's name says the name once more. Where names agree, an address that is merely
 * similar (`vena_franecki899@gmail.com`, `vena.franecki303@gmail.com`) proves what its domain and digits do, no more.
 */
export interface Echo {
  /** Bits that a similar address is worth at most, beside an agreeing name. */
  cap(a: number, b: number): number;
  /** Features: the address, and the name's two parts. */
  readonly email: number;
  readonly given: number;
  readonly family: number;
}

/** Levels of a name that agree, from exact on. */
const AGREEING_GIVEN = 5;
const AGREEING_FAMILY = 4;
const BITS_PER_DIGIT = 3.3;
/** A domain proves less than its rarity: relatives and colleagues share it. */
const DISCOUNT = 2;

/** @param domainBits by position of the source: `-log2` of the rate of a record's domain */
export function echoOf(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  domainBits: (source: number) => (record: number) => number,
): readonly Echo[] {
  const named = (name: string): number => features.findIndex(({ comparator }) => comparator.name === name);
  const [given, family] = [named('given_name'), named('family_name')];
  if (given < 0) return [];
  return features.flatMap(({ comparator, source }, email) => {
    if (comparator.group !== 'email') return [];
    const [emails, names] = [sources[source]!, sources[features[given]!.source]!];
    const bits = domainBits(source);
    const cap = (a: number, b: number): number => {
      const [x, y] = [factsOf(emails, names, a), factsOf(emails, names, b)];
      if (!x.isDerived && !y.isDerived) return Number.POSITIVE_INFINITY;
      const rarity = Math.min(bits(a), bits(b)) - DISCOUNT;
      const digits = x.digits.length > 1 && x.digits === y.digits ? x.digits.length * BITS_PER_DIGIT : 0;
      return Math.max(0, rarity) + digits;
    };
    return [{ cap, email, given, family }];
  });
}

/** Whether a part of a pair's name agrees, which its similar address may repeat. @param email level; likewise the others */
export function isEcho(email: number, given: number, family: number): boolean {
  if (email === 0 || email === MISSING) return false;
  return given < AGREEING_GIVEN || family < AGREEING_FAMILY;
}

interface Facts {
  /** Whether the address holds a part of the record's own name, or there is no name to tell. */
  readonly isDerived: boolean;
  /** Digits of the local part. */
  readonly digits: string;
}

function factsOf(emails: EncodedSource, names: EncodedSource, record: number): Facts {
  const { local } = emails.values[emails.codes[record]!] as EmailParts;
  const name = names.values[names.codes[record]!] as NameParts | undefined;
  const letters = fold(local).replace(/[^\p{L}]/gu, '');
  return { isDerived: name === undefined || holds(letters, name), digits: local.replace(/\D/g, '') };
}

function holds(letters: string, { given, family }: NameParts): boolean {
  const start = (name: string): string => name.replaceAll(' ', '').slice(0, 4);
  return [start(given), start(family)].some((part) => part.length >= 3 && letters.includes(part));
}
