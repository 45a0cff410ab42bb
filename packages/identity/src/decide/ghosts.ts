import type { IdentifierKey } from '@kenal/contracts';
import type { Partition } from '../cluster/partition.ts';
import type { Component } from '../evidence/component.ts';
import { typeOf } from '../evidence/sight.ts';
import type { IdentityRules } from '../rules.ts';
import type { GhostProfile, PartitionDiff } from './diff.ts';

/**
 * A state that was lost knows no more what it had published. Read again in other batches, or with events that came since,
 * a profile of then may never come into being, and who follows the change feed would keep it for ever.
 * Any identifier may have been such a profile's anchor, so each that is read again, or gets a profile meanwhile, is told
 * to be merged into the profile that has it now, or to be gone where none has it, unless its id is known.
 * @param recovering identifiers whose evidence is read again
 */
export function ghostsOf(
  component: Pick<Component, 'published' | 'links' | 'dead' | 'hubs'>,
  { clusters }: Pick<Partition, 'clusters'>,
  { steps }: PartitionDiff,
  recovering: ReadonlySet<IdentifierKey>,
  rules: IdentityRules,
): GhostProfile[] {
  if (recovering.size === 0) return [];
  const { published, hubs } = component;
  const alive = new Set(clusters.map(({ profileId }) => profileId));
  const moved = new Set(steps.flatMap((step) => step.moved.map(({ key }) => key)));
  const ghosts: GhostProfile[] = [];
  for (const { profileId: mergedInto, members } of clusters) {
    for (const anchor of members) {
      if (!recovering.has(anchor) && !moved.has(anchor)) continue;
      const profileId = rules.profileIdOf(anchor);
      if (!alive.has(profileId) && !published.has(profileId)) ghosts.push({ profileId, anchor, mergedInto });
    }
  }
  const members = new Set(clusters.flatMap((cluster) => cluster.members));
  for (const anchor of onceAnchors(component)) {
    if (members.has(anchor) || !recovering.has(anchor) || hubs.has(anchor)) continue; // of a hub its own component tells
    const profileId = rules.profileIdOf(anchor);
    if (!alive.has(profileId) && !published.has(profileId)) ghosts.push({ profileId, anchor, mergedInto: '' });
  }
  return ghosts;
}

/**
 * Who owns an interaction is always somebody. One that owns none was an anchor only where it stood before an owner of its
 * own type: leaves of a stronger centre, of which there may be any number, never did.
 */
function onceAnchors({ links, dead }: Pick<Component, 'links' | 'dead'>): Set<IdentifierKey> {
  const found = new Set<IdentifierKey>();
  for (const group of [links, dead])
    for (const { a, b } of group.values()) if (typeOf(a) === typeOf(b)) found.add(a).add(b);
  return found;
}
