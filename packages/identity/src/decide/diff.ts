import type { IdentifierKey, Micros } from '@kenal/contracts';
import type { Cluster, Partition } from '../cluster/partition.ts';
import type { Component, PublishedComponent } from '../evidence/component.ts';
import type { Published } from '../evidence/fields.ts';
import { isSmall } from '../evidence/sight.ts';
import { eachInParts, type Paused } from '../pauses.ts';
import { contentOf, type DetailedContent } from '../profile/content.ts';
import { membersOf } from '../profile/view.ts';
import type { IdentityRules } from '../rules.ts';

/** A profile whose content differs from what was published of it. */
export interface ProfileStep {
  readonly cluster: Cluster;
  readonly now: DetailedContent;
  /** What was published of it last; an empty hash = it was merged away and is back. */
  readonly previous: Published | null;
  /** Identifiers that it did not have before, and the profile that had them ('' = none). */
  readonly moved: readonly { readonly key: IdentifierKey; readonly from: string }[];
  /** Profiles that have identifiers now which were its own. */
  readonly lostTo: readonly string[];
  /** Identifiers that were its own and that none has now. */
  readonly released: readonly IdentifierKey[];
}

/** A profile that has no identifier left. */
export interface GoneProfile {
  readonly profileId: string;
  readonly previous: Published;
  /** Profile that has its anchor now; '' where nobody has anything of it: what it came from counts no more. */
  readonly mergedInto: string;
  /** Other profiles that have identifiers of it. */
  readonly alsoTo: readonly string[];
  readonly released: readonly IdentifierKey[];
}

/** A profile that may have been published before the state was lost, and that is none of today's. */
export interface GhostProfile {
  readonly profileId: string;
  readonly anchor: IdentifierKey;
  /** Profile that has the anchor now; '' where none has. */
  readonly mergedInto: string;
}

export interface PartitionDiff {
  /** Of every step in this diff: above all that the component ever had, and no less than the store's clock. */
  readonly version: Micros;
  readonly steps: readonly ProfileStep[];
  readonly gone: readonly GoneProfile[];
  /** Identifiers that no profile has any more. */
  readonly released: readonly IdentifierKey[];
  readonly ghosts: readonly GhostProfile[];
}

/**
 * Compare who is who with what was published.
 * @param after evidence as it is now, with assignments and versions as they were published
 * @param touched owners whose traits, or identifiers whose spelling, may have changed
 */
export function* diffPartition(
  after: Component,
  { clusters }: Partition,
  rules: IdentityRules,
  touched: ReadonlySet<IdentifierKey>,
  now: Micros,
): Paused<PartitionDiff> {
  const { assigned, published } = after;
  const sizes = new Map<string, number>();
  for (const { profileId } of assigned.values()) sizes.set(profileId, (sizes.get(profileId) ?? 0) + 1);

  const moves = movesOf(clusters, after);
  const isLarge = !isSmall(after);
  if (isLarge) yield;
  const released = releasedIn(clusters, assigned);
  const releasedBy = Map.groupBy(released, (key) => assigned.get(key)!.profileId);
  const steps: ProfileStep[] = [];
  if (isLarge) yield;
  yield* eachInParts(clusters, (cluster) => {
    const { profileId, members } = cluster;
    const moved = moves.to.get(profileId) ?? [];
    const previous = published.get(profileId) ?? null;
    const sameMembers = moved.length === 0 && sizes.get(profileId) === members.length;
    if (sameMembers && previous !== null && !members.some((member) => touched.has(member))) return;
    const content = contentOf(after, members, cluster.anchor, rules);
    if (sameMembers && previous?.hash === content.hash) return;
    const lostTo = [...(moves.from.get(profileId) ?? [])];
    steps.push({ cluster, now: content, previous, moved, lostTo, released: releasedBy.get(profileId) ?? [] });
  });
  return {
    version: nextVersion(after, now),
    steps,
    gone: goneProfiles(after, clusters, moves.from, releasedBy),
    released,
    ghosts: [],
  };
}

/** Identifiers that a profile was published with and that none has now. */
function releasedIn(clusters: readonly Cluster[], assigned: Component['assigned']): readonly IdentifierKey[] {
  if (assigned.size === 0) return [];
  const profiled = new Set<IdentifierKey>();
  for (const { members } of clusters) for (const key of members) profiled.add(key);
  return [...assigned.keys()].filter((key) => !profiled.has(key));
}

/** The same where only traits and spellings may differ: who is who stands as it was published. */
export function diffContents(
  after: PublishedComponent,
  rules: IdentityRules,
  touched: ReadonlySet<IdentifierKey>,
  now: Micros,
): PartitionDiff {
  const profiles = new Set<string>();
  for (const key of touched) profiles.add(after.assigned.get(key)?.profileId ?? '');
  const steps: ProfileStep[] = [];
  for (const profileId of profiles) {
    const previous = after.published.get(profileId);
    if (previous === undefined) continue;
    const members = membersOf(after, rules, profileId);
    const content = contentOf(after, members, previous.anchor, rules);
    if (previous.hash === content.hash) continue;
    const cluster = { profileId, anchor: previous.anchor, members };
    steps.push({ cluster, now: content, previous, moved: [], lostTo: [], released: [] });
  }
  return { version: nextVersion(after, now), steps, gone: [], released: [], ghosts: [] };
}

function nextVersion({ assigned, published }: PublishedComponent, now: Micros): Micros {
  let version = now - 1;
  for (const { version: seen } of assigned.values()) version = Math.max(version, seen);
  for (const { version: seen } of published.values()) version = Math.max(version, seen);
  return version + 1;
}

interface Moves {
  readonly to: ReadonlyMap<string, ProfileStep['moved']>;
  readonly from: ReadonlyMap<string, ReadonlySet<string>>;
}

function movesOf(clusters: readonly Cluster[], { assigned }: Component): Moves {
  const to = new Map<string, { key: IdentifierKey; from: string }[]>();
  const fromTo = new Map<string, Set<string>>();
  for (const { profileId, members } of clusters) {
    for (const key of members) {
      const from = assigned.get(key)?.profileId ?? '';
      if (from === profileId) continue;
      const moved = to.get(profileId);
      if (moved === undefined) to.set(profileId, [{ key, from }]);
      else moved.push({ key, from });
      if (from !== '') fromTo.set(from, (fromTo.get(from) ?? new Set()).add(profileId));
    }
  }
  return { to, from: fromTo };
}

function goneProfiles(
  after: Component,
  clusters: readonly Cluster[],
  from: Moves['from'],
  releasedBy: ReadonlyMap<string, readonly IdentifierKey[]>,
): GoneProfile[] {
  const gone: GoneProfile[] = [];
  if (after.published.size === 0) return gone;
  const alive = new Set(clusters.map(({ profileId }) => profileId));
  let profileOf: ReadonlyMap<IdentifierKey, string> | null = null;
  for (const [profileId, previous] of after.published) {
    if (alive.has(profileId) || previous.hash === '') continue;
    const heirs = [...(from.get(profileId) ?? [])].sort();
    profileOf ??= new Map(clusters.flatMap(({ members, profileId: id }) => members.map((key) => [key, id] as const)));
    const mergedInto = profileOf.get(previous.anchor) ?? heirs[0] ?? '';
    const alsoTo = heirs.filter((heir) => heir !== mergedInto);
    gone.push({ profileId, previous, mergedInto, alsoTo, released: releasedBy.get(profileId) ?? [] });
  }
  return gone;
}
