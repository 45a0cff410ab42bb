import { MISSING } from '../compare/comparator.ts';
import type { EmailParts } from '../compare/email.ts';
import type { Feature } from '../compare/features.ts';
import type { EncodedSource } from '../encode.ts';
import type { NameParts } from '../fields/names.ts';
import { fold } from '../text/fold.ts';
import { hashText } from '../text/hash.ts';

/**
 * An address that is made of its owner's name says the name once more. Where names agree, an address that is merely
 * similar (`vena_franecki899@gmail.com`, `vena.franecki303@gmail.com`) proves what its domain and digits do, no more.
 */
export interface Echo {
  /** Bits that a similar address is worth at most, beside an agreeing name. @param level not the one for the same address */
  cap(a: number, b: number, level: number): number;
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

/** @param domainBits `-log2` of the rate of each record's domain, by position of the source */
export function echoOf(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  domainBits: (source: number) => Float32Array | null,
): readonly Echo[] {
  const named = (name: string): number => features.findIndex(({ comparator }) => comparator.name === name);
  const [given, family] = [named('given_name'), named('family_name')];
  if (given < 0) return [];
  return features.flatMap(({ comparator, source }, email) => {
    if (comparator.group !== 'email') return [];
    const facts = factsOf(sources[source]!, sources[features[given]!.source]!);
    const bits = domainBits(source);
    const cap = (a: number, b: number): number => {
      if (facts.derived[a] === 0 && facts.derived[b] === 0) return Number.POSITIVE_INFINITY;
      const rarity = bits === null ? 0 : Math.min(bits[a]!, bits[b]!) - DISCOUNT;
      const digits = facts.digits[a] === facts.digits[b] ? facts.length[a]! * BITS_PER_DIGIT : 0;
      return Math.max(0, rarity) + (facts.length[a]! > 1 ? digits : 0);
    };
    return [{ cap, email, given, family }];
  });
}

/** Whether a pair's name agrees well enough for its address to be an echo. */
export function isEcho(echo: Echo, email: number, given: number, family: number): boolean {
  if (email === 0 || email === MISSING) return false;
  const isGiven = given < AGREEING_GIVEN;
  const isFamily = family < AGREEING_FAMILY;
  return echo.email >= 0 && (isGiven || isFamily) && (isGiven || given === MISSING) && (isFamily || family === MISSING);
}

interface Facts {
  /** 1 where the address holds a part of the record's own name, or there is no name to tell. */
  readonly derived: Uint8Array;
  /** Hash and number of the digits in the local part. */
  readonly digits: Int32Array;
  readonly length: Uint8Array;
}

function factsOf(emails: EncodedSource, names: EncodedSource): Facts {
  const size = emails.codes.length;
  const [derived, digits, length] = [new Uint8Array(size), new Int32Array(size), new Uint8Array(size)];
  const parts = (emails.values as readonly EmailParts[]).map(({ local }) => {
    const numbers = local.replace(/\D/g, '');
    return { letters: fold(local).replace(/[^\p{L}]/gu, ''), hash: hashText(numbers), length: numbers.length };
  });
  emails.codes.forEach((code, record) => {
    const part = parts[code];
    if (part === undefined) return;
    const name = names.values[names.codes[record]!] as NameParts | undefined;
    derived[record] = name === undefined || holds(part.letters, name) ? 1 : 0;
    digits[record] = part.hash;
    length[record] = part.length;
  });
  return { derived, digits, length };
}

function holds(letters: string, { given, family }: NameParts): boolean {
  const start = (name: string): string => name.replaceAll(' ', '').slice(0, 4);
  return [start(given), start(family)].some((part) => part.length >= 3 && letters.includes(part));
}
