import type { IdentifierKey } from '@kenal/contracts';
import type { Component, Sighted } from '../evidence/component.ts';
import { sight } from '../evidence/sight.ts';
import { eachInParts, type Paused, straight } from '../pauses.ts';
import { compareText, compareTypes, type IdentityRules } from '../rules.ts';
import { type Agglomeration, agglomerate } from './agglomerate.ts';
import { hubsOf } from './hubs.ts';

/** One person of a component. */
export interface Cluster {
  readonly profileId: string;
  readonly anchor: IdentifierKey;
  /** Strongest first (type rank, then key). */
  readonly members: readonly IdentifierKey[];
}

export interface Partition extends Omit<Agglomeration, 'clusters'> {
  /** Clusters that own at least one interaction: the others have no profile. */
  readonly clusters: readonly Cluster[];
  readonly hubs: ReadonlySet<IdentifierKey>;
}

/**
 * The function f of identity.md for one component: who is who. Pure in the evidence and the rules.
 * @param known hubs that cannot be told from this component: their links are not all in it
 */
export function partition(
  component: Component,
  rules: IdentityRules,
  known: ReadonlySet<IdentifierKey> = new Set(component.hubs),
): Partition {
  return straight(partitionInParts(component, rules, known, false));
}

/**
 * The same with pauses.
 * @param slow leave out short cuts; the result is the same
 */
export function* partitionInParts(
  component: Component,
  rules: IdentityRules,
  known: ReadonlySet<IdentifierKey>,
  slow: boolean,
): Paused<Partition> {
  const hubs = hubsOf(component, rules, known);
  if (hubs.size + component.hubs.size > 0 && !isSame(hubs, component.hubs)) {
    component.hubs.clear();
    for (const hub of hubs) component.hubs.add(hub);
    yield* sight(component, hubs);
  }
  const { clusters, rejected, surplus, isOversize } = yield* agglomerate(component, rules, hubs, slow);
  const people: Cluster[] = [];
  // Ids that were published already need no hashing again
  const issued = new Map<IdentifierKey, string>();
  for (const [profileId, { anchor }] of component.published) issued.set(anchor, profileId);
  yield* eachInParts(clusters, (keys) => {
    const members = keys.map((key) => component.sighted.get(key)!);
    if (!members.some((member) => member.owned !== null)) return;
    if (members.length > 1)
      members.sort((a, b) => compareTypes(rules.rankOf, a.type, b.type) || compareText(a.key, b.key));
    const anchor = anchorOf(members, rules);
    people.push({
      profileId: issued.get(anchor) ?? rules.profileIdOf(anchor),
      anchor,
      members: members.map((member) => member.key),
    });
  });
  people.sort((a, b) => compareText(a.profileId, b.profileId));
  return { clusters: people, rejected, surplus, isOversize, hubs };
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const key of a) if (!b.has(key)) return false;
  return true;
}

/** The member with the smallest (type rank, first time, value). @param members strongest first */
function anchorOf(members: readonly Sighted[], rules: IdentityRules): IdentifierKey {
  let anchor = members[0]!;
  for (const member of members) {
    if (compareTypes(rules.rankOf, member.type, anchor.type) !== 0) break;
    if (member.first < anchor.first) anchor = member;
  }
  return anchor.key;
}
