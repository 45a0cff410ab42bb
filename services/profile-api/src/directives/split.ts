import type { DirectivePair, IdentifierKey, Micros } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { pairName, pairOf } from './pairs.ts';
import type { StandingPair } from './standing.ts';

/** An identifier of the profile, as `ProfileView` has them. */
export interface Member {
  readonly key: IdentifierKey;
  readonly type: string;
  readonly firstSeen: Micros;
}

/** Identifiers of a future person, or all that no other group names. */
export type Group = readonly IdentifierKey[] | 'rest';

const MOST_PAIRS = 5_000;

/**
 * What makes exactly these groups of a profile: `must` along a star inside each group, `cannot` between the anchors of every
 * two, and `clear` for what was decided before and says otherwise. Identifiers that no group names go where their own
 * links lead them then.
 * @param members strongest first
 * @param standing what holds of pairs now
 * @throws KenalError `bad_directive`
 */
export function splitPairs(
  members: readonly Member[],
  groups: readonly Group[],
  standing: Iterable<StandingPair>,
): DirectivePair[] {
  const named = membersOf(members, groups);
  const groupOf = new Map(named.flatMap((group, g) => group.map(({ key }) => [key, g] as const)));
  const anchors = named.map(anchorOf);
  const pairs: DirectivePair[] = [];
  for (const [g, group] of named.entries()) {
    const anchor = anchors[g]!;
    for (const { key } of group) if (key !== anchor) pairs.push(pairOf(anchor, key, 'must'));
    for (const other of anchors.slice(g + 1)) pairs.push(pairOf(anchor, other, 'cannot'));
  }
  const decided = new Set(pairs.map(({ a, b }) => pairName(a, b)));
  for (const { a, b, verb } of standing) {
    const [one, other] = [groupOf.get(a), groupOf.get(b)];
    if (one === undefined || other === undefined || decided.has(pairName(a, b))) continue;
    if (verb === (one === other ? 'cannot' : 'must')) pairs.push(pairOf(a, b, 'clear'));
  }
  if (pairs.length > MOST_PAIRS)
    throw new KenalError(
      'bad_directive',
      `this split says something of ${pairs.length} pairs, at most ${MOST_PAIRS} go: name fewer identifiers, and leave "rest" out`,
    );
  return pairs;
}

function membersOf(members: readonly Member[], groups: readonly Group[]): Member[][] {
  const byKey = new Map(members.map((member) => [member.key, member]));
  const taken = new Set<IdentifierKey>();
  for (const group of groups) {
    if (group === 'rest') continue;
    for (const key of group) {
      if (!byKey.has(key))
        throw new KenalError('bad_directive', `${key} is none of the profile’s identifiers: ${listed(members)}`);
      if (taken.has(key))
        throw new KenalError('bad_directive', `${key} is named twice; an identifier goes to one group`);
      taken.add(key);
    }
  }
  const rest = members.filter(({ key }) => !taken.has(key));
  const rests = groups.filter((group) => group === 'rest').length;
  if (rests > 1) throw new KenalError('bad_directive', '"rest" can be one group only');
  if (rests === 1 && rest.length === 0)
    throw new KenalError('bad_directive', 'the other groups name every identifier: nothing is left for "rest"');
  return groups.map((group) => {
    if (group === 'rest') return rest;
    const own = new Set(group);
    return members.filter(({ key }) => own.has(key));
  });
}

/** The one of the strongest type that was seen first: the same by which a profile gets its id. @param group strongest first */
function anchorOf(group: readonly Member[]): IdentifierKey {
  const [strongest] = group;
  const rivals = group.filter(({ type }) => type === strongest?.type);
  return rivals.reduce((best, member) => (member.firstSeen < best.firstSeen ? member : best)).key;
}

const SHOWN = 10;

function listed(members: readonly Member[]): string {
  const keys = members.slice(0, SHOWN).map(({ key }) => key);
  return `${keys.join(', ')}${members.length > SHOWN ? ` and ${members.length - SHOWN} more` : ''}`;
}
