import type { IdentifierKey } from '@kenal/contracts';
import type { Partition } from '../cluster/partition.ts';
import type { PublishedComponent } from '../evidence/component.ts';
import type { IdentityRules } from '../rules.ts';
import type { GhostProfile, PartitionDiff } from './diff.ts';

/**
 * A state that was lost knows no more what it had published. Read again in other batches, or with events that came since,
 * a profile of then may never come into being, and who follows the change feed would keep it for ever.
 * Any identifier may have been such a profile's anchor, so each that is read again, or gets a profile meanwhile, is told
 * to be merged into the profile that has it now, unless its id is known.
 * @param recovering identifiers whose evidence is read again
 */
export function ghostsOf(
  { published }: PublishedComponent,
  { clusters }: Pick<Partition, 'clusters'>,
  { steps }: PartitionDiff,
  recovering: ReadonlySet<IdentifierKey>,
  rules: IdentityRules,
): GhostProfile[] {
  if (recovering.size === 0) return [];
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
  return ghosts;
}
