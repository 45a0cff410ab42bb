import { MISSING } from '../compare/comparator.ts';
import { type EmailParts, NEAR_ADDRESS, SAME_LOCAL_PART } from '../compare/email.ts';
import type { Feature } from '../compare/features.ts';
import type { EncodedSource } from '../encode.ts';
import type { NameParts } from '../fields/names.ts';
import { fold } from '../text/fold.ts';

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
    const { codes } = sources[source]!;
    const factsOf = createFacts(sources[source]!, sources[features[given]!.source]!);
    const bitsOf = domainBits(source);
    const cap = (level: number, a: number, b: number): number => {
      const [x, y] = [factsOf(a), factsOf(b)];
      if (!x.isDerived && !y.isDerived) return Number.POSITIVE_INFINITY;
      const ofDomain = Math.max(0, Math.min(bitsOf(codes[a]!), bitsOf(codes[b]!)) - DISCOUNT);
      const rarity = level === SAME_LOCAL_PART ? HABIT : level === NEAR_ADDRESS ? HABIT + ofDomain : ofDomain;
      return x.digits === y.digits ? rarity + Math.min(x.digits.length, MOST_DIGITS) * BITS_PER_DIGIT : rarity;
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

/** What is to be known of a record's address. */
interface Facts {
  /** The address holds a part of the record's own name, or there is no name to tell. */
  readonly isDerived: boolean;
  /** Digits of the local part; '' where they are fewer than two. */
  readonly digits: string;
}

/** Digits that count. */
const MOST_DIGITS = 15;

const known = new WeakMap<EncodedSource, (record: number) => Facts>();

/** The same whatever the weights. Looked at once for each record that is asked for: most never are. */
function createFacts(addresses: EncodedSource, names: EncodedSource): (record: number) => Facts {
  const opened = known.get(addresses);
  if (opened !== undefined) return opened;
  const seen = new Map<number, Facts>();
  const factsOf = (record: number): Facts => {
    let facts = seen.get(record);
    if (facts === undefined) {
      const [code, own] = [addresses.codes[record]!, names.codes[record]!];
      facts = lookAt(addresses.value(code) as EmailParts, own < 0 ? null : (names.value(own) as NameParts));
      seen.set(record, facts);
    }
    return facts;
  };
  known.set(addresses, factsOf);
  return factsOf;
}

function lookAt({ local }: EmailParts, name: NameParts | null): Facts {
  const letters = fold(local).replace(/[^\p{L}]/gu, '');
  const digits = local.replace(/\D/g, '');
  return {
    isDerived: name === null || holds(letters, name.given) || holds(letters, name.family),
    digits: digits.length > 1 ? digits : '',
  };
}

function holds(letters: string, name: string): boolean {
  if (name.length < 3) return false;
  const start = name.replaceAll(' ', '').slice(0, 4);
  return start.length >= 3 && letters.includes(start);
}
