import type { IdentifierKey } from '@kenal/contracts';
import { mergeLongest } from './longest.ts';
import { type Merge, mergeFirst, mergeLast, mergeNames, mergeRegisters, mergeSightings, type Span } from './span.ts';
import {
  decodeNames,
  decodeRegister,
  decodeSighting,
  decodeTime,
  encodeNames,
  encodeRegister,
  encodeSighting,
  encodeTime,
  escapePart,
  joinParts,
  splitParts,
  unescapePart,
} from './text-codec.ts';

/**
 * The fields of a component, as the state keeps them:
 *
 * | field | value | meaning |
 * |---|---|---|
 * | `o\|key\|source` | sighting | the identifier owned an interaction |
 * | `l\|a\|b\|source` | sighting | both stood in one interaction; a < b |
 * | `t\|owner\|trait\|source` | register | what was said of a trait, JSON text |
 * | `g\|owner\|trait\|source` | register, last only | the longest value that was said, of traits whose rule asks for it |
 * | `v\|key\|source` | register, first only | a spelling that differs from the key: `jane.doe@gmail.com` |
 * | `c\|owner\|purpose\|source` | register, last only | consent: `true` or `false` |
 * | `n\|owner\|source` | hashes | people that an identifier was seen with, by given name and birth date; the 64 smallest |
 * | `s\|anchor\|name` | register, last only | an attribute that was computed of the profile with this anchor: `kind\|fit\|reason\|JSON`; '' = gone |
 * | `d\|a\|b` | register, last only | what was decided of a pair: must, cannot, revoke, clear |
 * | `w\|a\|b\|model` | register, last only | `weight\|detail`: a link that a model of the probabilistic pass made |
 * | `a\|key` | `profile\|version` | published: the profile of an identifier since which version |
 * | `p\|profile` | `version\|hash\|anchor` | published: a profile's last version; an empty hash = it is gone |
 * | `h\|key` | version | the identifier is a hub: its links join nobody; since when |
 * | `x\|hub\|key` | '' | evidence of this pair stands here, but the hub has a component of its own and the key is on its shelf |
 * | `k\|centre` | types | leaves of these types are parked on the shelf of the centre; `type=version`: none that counts under those rules |
 *
 * The first ten are evidence, the others follow from it, from the rules and from when it arrived. `s` is evidence of nobody: it is kept
 * like what was said of a person, and who is who does not hang on it.
 */
export type EvidenceKind = 'o' | 'l' | 't' | 'g' | 'v' | 'c' | 'n' | 's' | 'd' | 'w';

interface EvidenceCodec {
  readonly merge: Merge;
  readonly encode: (span: Span) => string;
  readonly decode: (text: string) => Span;
  /** What may differ where the field does: who is who, or only what is published of the owner. */
  readonly moves: 'people' | 'content';
}

const SIGHTING = { merge: mergeSightings, encode: encodeSighting, decode: decodeSighting, moves: 'people' } as const;
const REGISTER = { encode: encodeRegister, decode: decodeRegister };
export const EVIDENCE: Readonly<Record<EvidenceKind, EvidenceCodec>> = {
  o: SIGHTING,
  l: SIGHTING,
  t: { ...REGISTER, merge: mergeRegisters, moves: 'content' },
  g: { ...REGISTER, merge: mergeLongest, moves: 'content' },
  v: { ...REGISTER, merge: mergeFirst, moves: 'content' },
  c: { ...REGISTER, merge: mergeLast, moves: 'content' },
  n: { merge: mergeNames, encode: encodeNames, decode: decodeNames, moves: 'people' },
  s: { ...REGISTER, merge: mergeLast, moves: 'content' },
  d: { ...REGISTER, merge: mergeLast, moves: 'people' },
  w: { ...REGISTER, merge: mergeLast, moves: 'people' },
};

export function evidenceKind(field: string): EvidenceKind | null {
  const kind = field[0] ?? '';
  return kind in EVIDENCE ? (kind as EvidenceKind) : null;
}

export function ownedField(key: IdentifierKey, source: string): string {
  return `o|${escapePart(key)}|${source}`;
}

/** A link has no direction: its ends stand in text order, whatever the ranks of a configuration say. */
export function linkField(one: IdentifierKey, other: IdentifierKey, source: string): string {
  return `l|${pairPart(one, other)}|${source}`;
}

export function decisionField(one: IdentifierKey, other: IdentifierKey): string {
  return `d|${pairPart(one, other)}`;
}

export function scoreField(one: IdentifierKey, other: IdentifierKey, model: string): string {
  return `w|${pairPart(one, other)}|${model}`;
}

function pairPart(one: IdentifierKey, other: IdentifierKey): string {
  const [a, b] = one < other ? [one, other] : [other, one];
  return `${escapePart(a)}|${escapePart(b)}`;
}

export function consentField(owner: IdentifierKey, purpose: string, source: string): string {
  return `c|${escapePart(owner)}|${escapePart(purpose)}|${source}`;
}

export function namesField(owner: IdentifierKey, source: string): string {
  return `n|${escapePart(owner)}|${source}`;
}

export function hubField(key: IdentifierKey): string {
  return `h|${escapePart(key)}`;
}

export function elsewhereField(hub: IdentifierKey, key: IdentifierKey): string {
  return `x|${escapePart(hub)}|${escapePart(key)}`;
}

export function shelfField(centre: IdentifierKey): string {
  return `k|${escapePart(centre)}`;
}

export function traitField(owner: IdentifierKey, trait: string, source: string): string {
  return `t|${escapePart(owner)}|${escapePart(trait)}|${source}`;
}

export function longestField(owner: IdentifierKey, trait: string, source: string): string {
  return `g|${escapePart(owner)}|${escapePart(trait)}|${source}`;
}

export function spellingField(key: IdentifierKey, source: string): string {
  return `v|${escapePart(key)}|${source}`;
}

export function computedField(anchor: IdentifierKey, name: string): string {
  return `s|${escapePart(anchor)}|${escapePart(name)}`;
}

export function assignmentField(key: IdentifierKey): string {
  return `a|${escapePart(key)}`;
}

export function profileField(profileId: string): string {
  return `p|${profileId}`;
}

/** Which profile an identifier was published under, and since which of its versions. */
export interface Assigned {
  readonly profileId: string;
  readonly version: number;
}

export function encodeAssigned({ profileId, version }: Assigned): string {
  return `${profileId}|${encodeTime(version)}`;
}

export function decodeAssigned(text: string): Assigned {
  const bar = text.lastIndexOf('|');
  return { profileId: text.slice(0, bar), version: decodeTime(text.slice(bar + 1)) };
}

/** What was last published of a profile. */
export interface Published {
  readonly version: number;
  /** Of its content; '' = the profile is gone (merged away). */
  readonly hash: string;
  /** The identifier that its id was derived from. */
  readonly anchor: IdentifierKey;
}

export function encodePublished({ version, hash, anchor }: Published): string {
  return joinParts(encodeTime(version), hash, anchor);
}

export function decodePublished(text: string): Published {
  const [version = '', hash = '', anchor = ''] = splitParts(text);
  return { version: decodeTime(version), hash, anchor };
}

/** The n-th part of a field name counted from its kind, unescaped: part 1 of `o|email:a@b.c|web` is `email:a@b.c`. */
export function partOf(field: string, n: number): string {
  let from = 2;
  for (let i = 1; i < n; i += 1) from = field.indexOf('|', from) + 1;
  const to = field.indexOf('|', from);
  return unescapePart(to < 0 ? field.slice(from) : field.slice(from, to));
}

const PARTS_BEFORE_SOURCE: Readonly<Record<string, number>> = { o: 1, v: 1, n: 1, l: 2, t: 2, g: 2, c: 2 };

/** The source that an evidence field is of: all behind the names; null where it is of none. */
export function sourceOf(field: string): string | null {
  const parts = PARTS_BEFORE_SOURCE[field[0] ?? ''];
  if (parts === undefined) return null;
  let at = 1;
  for (let i = 0; i < parts; i += 1) at = field.indexOf('|', at + 1);
  return field.slice(at + 1);
}
