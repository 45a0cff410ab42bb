import type { IdentifierKey, Micros } from '@kenal/contracts';
import type { Fields } from '../evidence/component.ts';
import { decodeAssigned, EVIDENCE } from '../evidence/fields.ts';
import { decodeRegister, escapePart, splitParts } from '../evidence/text-codec.ts';
import { compareText } from '../rules.ts';

/** What one source says of one owner: the unit of the probabilistic pass. */
export interface SourceRecord {
  /** The newest word on each trait, JSON text. */
  readonly traits: readonly { readonly name: string; readonly text: string }[];
  /** The newest identifier of each type that this source saw with the owner, itself among them; normalised. */
  readonly identifiers: readonly { readonly name: string; readonly text: string }[];
}

/** @param fields of the component that the owner points to */
export function sourceRecordOf(fields: Fields, owner: IdentifierKey, source: string): SourceRecord {
  const traits: { name: string; text: string }[] = [];
  const newest = new Map<string, { at: Micros; value: string }>();
  const see = (key: IdentifierKey, at: Micros): void => {
    const colon = key.indexOf(':');
    const [type, value] = [key.slice(0, colon), key.slice(colon + 1)];
    const known = newest.get(type);
    if (known === undefined || at > known.at || (at === known.at && compareText(value, known.value) > 0))
      newest.set(type, { at, value });
  };
  for (const [field, text] of fields) {
    const kind = field[0];
    if (kind !== 't' && kind !== 'l' && kind !== 'o') continue;
    const [, first = '', second = '', third = ''] = splitParts(field);
    if (kind === 't' && first === owner && third === source)
      traits.push({ name: second, text: EVIDENCE.t.decode(text).last.value });
    else if (kind === 'o' && first === owner && second === source) see(owner, EVIDENCE.o.decode(text).last.at);
    else if (kind === 'l' && third === source && (first === owner || second === owner))
      see(first === owner ? second : first, EVIDENCE.l.decode(text).last.at);
  }
  return { traits, identifiers: [...newest].map(([name, { value }]) => ({ name, text: value })) };
}

/** Sources that speak of an owner, in order of their names. */
export function sourcesOf(fields: Fields, owner: IdentifierKey): readonly string[] {
  const sources = new Set<string>();
  for (const field of fields.keys()) {
    if (field[0] !== 'o') continue;
    const [, key, source = ''] = splitParts(field);
    if (key === owner) sources.add(source);
  }
  return [...sources].sort();
}

/** Where an identifier belongs today. */
export interface Standing {
  /** '' where it has no profile. */
  readonly profileId: string;
  /** Accounts of that profile, `user_id:…`. */
  readonly userIds: readonly IdentifierKey[];
}

export function standingOf(fields: Fields, key: IdentifierKey): Standing {
  const assigned = new Map<IdentifierKey, string>();
  for (const [field, text] of fields)
    if (field[0] === 'a') assigned.set(splitParts(field)[1] ?? '', decodeAssigned(text).profileId);
  const profileId = assigned.get(key) ?? '';
  if (profileId === '') return { profileId, userIds: [] };
  const userIds = [...assigned].filter(([other, id]) => id === profileId && other.startsWith('user_id:'));
  return { profileId, userIds: userIds.map(([other]) => other).sort() };
}

/**
 * Whether two identifiers of one profile are joined by what events said, without any model's word: what a model says of
 * them besides changes nothing.
 * @param revoked sources whose events do not count
 */
export function areOneByEvidence(
  fields: Fields,
  one: IdentifierKey,
  other: IdentifierKey,
  revoked: ReadonlySet<string>,
): boolean {
  const neighbours = new Map<IdentifierKey, IdentifierKey[]>();
  const join = (a: IdentifierKey, b: IdentifierKey): void => {
    const known = neighbours.get(a);
    if (known === undefined) neighbours.set(a, [b]);
    else known.push(b);
  };
  const assigned = new Map<IdentifierKey, string>();
  for (const [field, text] of fields) {
    const [kind, a = '', b = '', source = ''] = splitParts(field);
    if (kind === 'a') assigned.set(a, decodeAssigned(text).profileId);
    const isJoined = kind === 'l' ? !revoked.has(source) : kind === 'd' && decodeRegister(text).last.value === 'must';
    if (!isJoined) continue;
    join(a, b);
    join(b, a);
  }
  const profileId = assigned.get(one);
  const [seen, open] = [new Set([one]), [one]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === other) return true;
    for (const next of neighbours.get(at) ?? []) {
      if (seen.has(next) || assigned.get(next) !== profileId) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

/** What somebody decided of a pair: `must`, `cannot` …; null where nobody did. @param fields of the component of either */
export function decisionOn(fields: Fields, one: IdentifierKey, other: IdentifierKey): string | null {
  const text = fields.get(`d|${pairOf(one, other)}`);
  return text === undefined ? null : decodeRegister(text).last.value;
}

/** Log2 odds of the link that a model made between two; null where it made none. */
export function linkWeight(fields: Fields, one: IdentifierKey, other: IdentifierKey, model: string): number | null {
  const text = fields.get(`w|${pairOf(one, other)}|${model}`);
  return text === undefined ? null : Number(splitParts(decodeRegister(text).last.value)[0]);
}

function pairOf(one: IdentifierKey, other: IdentifierKey): string {
  const [a, b] = one < other ? [one, other] : [other, one];
  return `${escapePart(a)}|${escapePart(b)}`;
}
