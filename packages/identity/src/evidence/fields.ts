import type { IdentifierKey } from '@kenal/contracts';
import { mergeLongest } from './longest.ts';
import { type Merge, mergeFirst, mergeRegisters, mergeSightings, type Span } from './span.ts';
import {
  decodeRegister,
  decodeSighting,
  decodeTime,
  encodeRegister,
  encodeSighting,
  encodeTime,
  escapePart,
  joinParts,
  splitParts,
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
 * | `a\|key` | `profile\|version` | published: the profile of an identifier since which version |
 * | `p\|profile` | `version\|hash\|anchor` | published: a profile's last version; an empty hash = it is gone |
 *
 * The first five are evidence, the last two follow from it and from when it arrived.
 */
export type EvidenceKind = 'o' | 'l' | 't' | 'g' | 'v';

interface EvidenceCodec {
  readonly merge: Merge;
  readonly encode: (span: Span) => string;
  readonly decode: (text: string) => Span;
}

const SIGHTING: EvidenceCodec = { merge: mergeSightings, encode: encodeSighting, decode: decodeSighting };
export const EVIDENCE: Readonly<Record<EvidenceKind, EvidenceCodec>> = {
  o: SIGHTING,
  l: SIGHTING,
  t: { merge: mergeRegisters, encode: encodeRegister, decode: decodeRegister },
  g: { merge: mergeLongest, encode: encodeRegister, decode: decodeRegister },
  v: { merge: mergeFirst, encode: encodeRegister, decode: decodeRegister },
};

export function evidenceKind(field: string): EvidenceKind | null {
  const kind = field[0];
  return kind === 'o' || kind === 'l' || isContentKind(kind) ? kind : null;
}

/** Evidence that says what a profile is like, not who is who. */
export function isContentKind(kind: string | undefined): kind is 't' | 'g' | 'v' {
  return kind === 't' || kind === 'g' || kind === 'v';
}

export function ownedField(key: IdentifierKey, source: string): string {
  return `o|${escapePart(key)}|${source}`;
}

/** A link has no direction: its ends stand in text order, whatever the ranks of a configuration say. */
export function linkField(one: IdentifierKey, other: IdentifierKey, source: string): string {
  const [a, b] = one < other ? [one, other] : [other, one];
  return `l|${escapePart(a)}|${escapePart(b)}|${source}`;
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
