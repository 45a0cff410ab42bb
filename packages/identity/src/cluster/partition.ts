import type { IdentifierKey } from '@kenal/contracts';
import type { Component, Sighted } from '../evidence/component.ts';
import { compareText, compareTypes, type IdentityRules } from '../rules.ts';
import { agglomerate, type RejectedLink } from './agglomerate.ts';

/** One person of a component. */
export interface Cluster {
  readonly profileId: string;
  readonly anchor: IdentifierKey;
  /** Strongest first (type rank, then key). */
  readonly members: readonly IdentifierKey[];
}

export interface Partition {
  /** Clusters that own at least one interaction: the others have no profile. */
  readonly clusters: readonly Cluster[];
  readonly rejected: readonly RejectedLink[];
}

/** The function f of identity.md for one component: who is who. Pure in the evidence and the rules. */
export function partition(component: Component, rules: IdentityRules): Partition {
  const { clusters, rejected } = agglomerate(component, rules);
  const people: Cluster[] = [];
  // Ids that were published already need no hashing again
  const known = new Map([...component.published].map(([profileId, { anchor }]) => [anchor, profileId]));
  for (const keys of clusters) {
    const members = keys.map((key) => component.sighted.get(key)!);
    if (!members.some((member) => member.owned !== null)) continue;
    members.sort((a, b) => compareTypes(rules.rankOf, a.type, b.type) || compareText(a.key, b.key));
    const anchor = anchorOf(members, rules);
    people.push({
      profileId: known.get(anchor) ?? rules.profileIdOf(anchor),
      anchor,
      members: members.map((member) => member.key),
    });
  }
  people.sort((a, b) => compareText(a.profileId, b.profileId));
  return { clusters: people, rejected };
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
