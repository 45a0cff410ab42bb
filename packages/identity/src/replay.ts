import type { IdentifierKey, IdentityConfig, Interaction, TraitsConfig } from '@kenal/contracts';
import type { RejectedLink } from './cluster/agglomerate.ts';
import { partition } from './cluster/partition.ts';
import { decide } from './decide/decide.ts';
import { groupEvidence } from './decide/group.ts';
import { decodeComponent } from './evidence/component.ts';
import { type EvidenceSource, evidenceOf, type InteractionEvidence } from './evidence/interaction-evidence.ts';
import { createNormaliser } from './normalise/normalise.ts';
import { type ProfileView, profileOf } from './profile/view.ts';
import { compareText, rulesOf } from './rules.ts';

export interface ReplayOptions {
  readonly workspace: string;
  readonly config: IdentityConfig;
  /** Rules of traits; without them the newest word holds. */
  readonly traits?: TraitsConfig;
  /** Phone region of a source. */
  readonly regionOf: (source: string) => string;
}

/** Who is who after all interactions, as a function of their set. */
export interface Replay {
  /** By profile id; `version` is that of a decision on everything at once. */
  readonly profiles: ReadonlyMap<string, ProfileView>;
  /** Profile of each identifier that has one. */
  readonly profileByKey: ReadonlyMap<IdentifierKey, string>;
  /** Links that a limit kept apart, by their ends. */
  readonly rejected: readonly RejectedLink[];
}

/**
 * The whole of `profiles = f(interactions)` at once and in memory: what any number of workers must arrive at, in any order.
 * Tests hold live state against it. @throws SyntaxError where the traits of an identify are not JSON
 */
export function replay(
  interactions: Iterable<EvidenceSource & Pick<Interaction, 'identifiers'>>,
  { workspace, config, traits, regionOf }: ReplayOptions,
): Replay {
  const rules = rulesOf(config, workspace, traits);
  const normalisers = new Map<string, ReturnType<typeof createNormaliser>>();
  const evidence: InteractionEvidence[] = [];
  for (const interaction of interactions) {
    const region = regionOf(interaction.source);
    const normalise = normalisers.get(region) ?? createNormaliser(config, region);
    normalisers.set(region, normalise);
    const part = evidenceOf(interaction, normalise(interaction.identifiers), rules);
    if (part !== null) evidence.push(part);
  }
  const profiles = new Map<string, ProfileView>();
  const profileByKey = new Map<IdentifierKey, string>();
  const rejected: RejectedLink[] = [];
  for (const part of groupEvidence(evidence, new Map())) {
    const { commit } = decide({
      rules,
      now: 1,
      newComponent: 'all',
      pointers: new Map(),
      components: [],
      evidence: part,
    });
    const component = decodeComponent(commit?.set ?? new Map());
    rejected.push(...partition(component, rules).rejected);
    for (const [key, { profileId }] of component.assigned) {
      profileByKey.set(key, profileId);
      const view = profiles.has(profileId) ? null : profileOf(component, rules, key);
      if (view !== null) profiles.set(profileId, view);
    }
  }
  rejected.sort((x, y) => compareText(x.a, y.a) || compareText(x.b, y.b));
  return { profiles, profileByKey, rejected };
}
