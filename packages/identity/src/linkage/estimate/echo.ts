import { MISSING } from '../compare/comparator.ts';
import { type EmailParts, SAME_LOCAL_PART } from '../compare/email.ts';
import type { Feature } from '../compare/features.ts';
import type { EncodedSource } from '../encode.ts';
import type { NameParts } from '../fields/names.ts';
import { float32, int32, uint8 } from '../memory.ts';
import { fold } from '../text/fold.ts';
import { hashText } from '../text/hash.ts';

/**
 * An address that is made of its owner's name says the name once more. Where names agree, an address that is merely
 * similar (`vena_franecki899@gmail.com`, `vena.franecki303@gmail.com`) proves what its domain and digits do, no more.
 */
export interface Echo extends EchoFeatures {
  /** Bits that a similar address is worth at most, beside an agreeing name. */
  cap(level: number, a: number, b: number): number;
}

/** Features: an address, and the name's two parts. */
export interface EchoFeatures {
  readonly email: number;
  readonly given: number;
  readonly family: number;
}

/** What such an address is worth where nothing more is known of it: in estimation. */
export const ECHO_BITS = 10;

/** Position of the domain among the keys of an address. */
export const DOMAIN_KEY = 2;
/** Levels of a name that agree, from exact on. */
const AGREEING_GIVEN = 5;
const AGREEING_FAMILY = 4;
const BITS_PER_DIGIT = 3.3;
/** A domain proves less than its rarity: relatives and colleagues share it. */
const DISCOUNT = 2;
/** Making an address of the name in the same way: another domain proves nothing, however rare both are. */
const HABIT = 3;

/** @param domainBits by position of the source: `-log2` of the rate of an address's domain, by its code */
export function echoOf(
  features: readonly Feature[],
  sources: readonly EncodedSource[],
  domainBits: (source: number) => (code: number) => number,
): readonly Echo[] {
  return echoFeaturesOf(features).map(({ email, given, family }) => {
    const { source } = features[email]!;
    const addresses = sources[source]!;
    const { isDerived, digits } = factsOf(addresses, sources[features[given]!.source]!);
    const bitsOf = domainBits(source);
    const bits = float32(addresses.codes.length);
    addresses.codes.forEach((code, record) => {
      if (code >= 0) bits[record] = bitsOf(code);
    });
    const cap = (level: number, a: number, b: number): number => {
      if (isDerived[a] === 0 && isDerived[b] === 0) return Number.POSITIVE_INFINITY;
      const rarity = level === SAME_LOCAL_PART ? HABIT : Math.max(0, Math.min(bits[a]!, bits[b]!) - DISCOUNT);
      return digits[a] === digits[b] ? rarity + (digits[a]! & MOST_DIGITS) * BITS_PER_DIGIT : rarity;
    };
    return { cap, email, given, family };
  });
}

export function echoFeaturesOf(features: readonly Feature[]): readonly EchoFeatures[] {
  const named = (name: string): number => features.findIndex(({ comparator }) => comparator.name === name);
  const [given, family] = [named('given_name'), named('family_name')];
  if (given < 0) return [];
  return features.flatMap(({ comparator }, email) => (comparator.group === 'email' ? [{ email, given, family }] : []));
}

/** Whether a part of a pair's name agrees, which its similar address may repeat. @param email level; likewise the others */
export function isEcho(email: number, given: number, family: number): boolean {
  if (email === 0 || email === MISSING) return false;
  return given < AGREEING_GIVEN || family < AGREEING_FAMILY;
}

/** What is to be known of records' addresses, by record: millions of pairs ask. */
interface Facts {
  /** 1: the address holds a part of the record's own name, or there is no name to tell. */
  readonly isDerived: Uint8Array;
  /** Hash of the digits of the local part, with their number in its last bits; 0: fewer than two. */
  readonly digits: Int32Array;
}

/** Digits that count, as a mask. */
const MOST_DIGITS = 15;

const known = new WeakMap<EncodedSource, Facts>();

/** The same whatever the weights. */
function factsOf(addresses: EncodedSource, names: EncodedSource): Facts {
  let facts = known.get(addresses);
  if (facts === undefined) {
    facts = lookAt(addresses, names);
    known.set(addresses, facts);
  }
  return facts;
}

function lookAt({ values, codes }: EncodedSource, names: EncodedSource): Facts {
  const [letters, digits] = [values, values].map(() => new Array<string | undefined>(values.length)) as [
    (string | undefined)[],
    (string | undefined)[],
  ];
  const facts = { isDerived: uint8(codes.length), digits: int32(codes.length) };
  for (let record = 0; record < codes.length; record += 1) {
    const code = codes[record]!;
    if (code < 0) continue;
    const { local } = values[code] as EmailParts;
    const name = names.values[names.codes[record]!] as NameParts | undefined;
    letters[code] ??= fold(local).replace(/[^\p{L}]/gu, '');
    digits[code] ??= local.replace(/\D/g, '');
    const [own, numbers] = [letters[code], digits[code]];
    facts.isDerived[record] = name === undefined || holds(own, name.given) || holds(own, name.family) ? 1 : 0;
    if (numbers.length > 1)
      facts.digits[record] = (hashText(numbers) & ~MOST_DIGITS) | Math.min(numbers.length, MOST_DIGITS);
  }
  return facts;
}

function holds(letters: string, name: string): boolean {
  if (name.length < 3) return false;
  const start = name.replaceAll(' ', '').slice(0, 4);
  return start.length >= 3 && letters.includes(start);
}
