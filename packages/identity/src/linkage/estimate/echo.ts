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
    const facts = factsOf(sources[source]!, sources[features[given]!.source]!);
    const bits = domainBits(source);
    const cap = (a: number, b: number): number => {
      if (!facts.isDerived(a) && !facts.isDerived(b)) return Number.POSITIVE_INFINITY;
      const rarity = Math.min(bits(a), bits(b)) - DISCOUNT;
      const [x, y] = [facts.digits(a), facts.digits(b)];
      return Math.max(0, rarity) + (x.length > 1 && x === y ? x.length * BITS_PER_DIGIT : 0);
    };
    return [{ cap, email, given, family }];
  });
}

/** Whether a part of a pair's name agrees, which its similar address may repeat. @param email level; likewise the others */
export function isEcho(email: number, given: number, family: number): boolean {
  if (email === 0 || email === MISSING) return false;
  return given < AGREEING_GIVEN || family < AGREEING_FAMILY;
}

/** What is to be known of records' addresses. Each address is looked at once: millions of pairs ask. */
interface Facts {
  /** Whether the address holds a part of the record's own name, or there is no name to tell. */
  isDerived(record: number): boolean;
  /** Digits of the local part. */
  digits(record: number): string;
}

function factsOf(emails: EncodedSource, names: EncodedSource): Facts {
  const letters: string[] = [];
  const digits: string[] = [];
  const localOf = (code: number): string => (emails.values[code] as EmailParts).local;
  return {
    isDerived(record) {
      const name = names.values[names.codes[record]!] as NameParts | undefined;
      if (name === undefined) return true;
      const code = emails.codes[record]!;
      letters[code] ??= fold(localOf(code)).replace(/[^\p{L}]/gu, '');
      return holds(letters[code], name.given) || holds(letters[code], name.family);
    },
    digits(record) {
      const code = emails.codes[record]!;
      digits[code] ??= localOf(code).replace(/\D/g, '');
      return digits[code];
    },
  };
}

function holds(letters: string, name: string): boolean {
  if (name.length < 3) return false;
  const start = name.replaceAll(' ', '').slice(0, 4);
  return start.length >= 3 && letters.includes(start);
}
