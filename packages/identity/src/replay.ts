import type { Directive, IdentifierKey, IdentityConfig, Interaction, TraitsConfig } from '@kenal/contracts';
import type { RejectedLink } from './cluster/agglomerate.ts';
import { partition } from './cluster/partition.ts';
import type { Fields } from './evidence/component.ts';
import { decodeComponent } from './evidence/decode.ts';
import { directiveEvidenceOf } from './evidence/directive-evidence.ts';
import {
  type EvidenceSource,
  evidenceOf,
  foldEvidence,
  type InteractionEvidence,
} from './evidence/interaction-evidence.ts';
import { mergeEvidence } from './evidence/merge.ts';
import { createNormaliser } from './normalise/normalise.ts';
import { type ProfileView, viewOf } from './profile/view.ts';
import { compareText, type Directed, type IdentityRules, rulesOf } from './rules.ts';

export interface ReplayOptions {
  readonly workspace: string;
  readonly config: IdentityConfig;
  /** Rules of traits; without them the newest word holds. */
  readonly traits?: TraitsConfig;
  /** Phone region of a source. */
  readonly regionOf: (source: string) => string;
  /** Decisions of the workspace about pairs and consent, in any order. */
  readonly directives?: readonly Directive[];
  /** What they make of its sources and models. */
  readonly directed?: Partial<Directed>;
  /** Identifiers of one component beyond which weak links are dropped. */
  readonly mostIdentifiers?: number;
}

/** Who is who after all interactions, as a function of their set. */
export interface Replay {
  /** By profile id; `version` is 0. */
  readonly profiles: ReadonlyMap<string, ProfileView>;
  /** Profile of each identifier that has one. */
  readonly profileByKey: ReadonlyMap<IdentifierKey, string>;
  /** Links that joined nobody, by their ends. */
  readonly rejected: readonly RejectedLink[];
}

/**
 * The whole of `profiles = f(evidence, rules)` at once and in memory, without components, shelves or anything stored: what
 * any number of workers must arrive at, in any order. Tests hold live state against it.
 * @throws SyntaxError where the traits of an identify are not JSON
 */
export function replay(
  interactions: Iterable<EvidenceSource & Pick<Interaction, 'identifiers'>>,
  { workspace, config, traits = {}, regionOf, directives = [], directed = {}, mostIdentifiers }: ReplayOptions,
): Replay {
  const rules = rulesOf(config, workspace, {
    traits,
    ...directed,
    ...(mostIdentifiers === undefined ? {} : { mostIdentifiers }),
  });
  const normalisers = new Map<string, ReturnType<typeof createNormaliser>>();
  const evidence: InteractionEvidence[] = directives.flatMap(directiveEvidenceOf);
  for (const interaction of interactions) {
    const region = regionOf(interaction.source);
    const normalise = normalisers.get(region) ?? createNormaliser(config, region);
    normalisers.set(region, normalise);
    const part = evidenceOf(interaction, normalise(interaction.identifiers), rules);
    if (part !== null) evidence.push(part);
  }
  return replayFields(mergeEvidence(() => undefined, foldEvidence(evidence)).changed, rules);
}

/** The same from evidence as the state keeps it. */
export function replayFields(fields: Fields, rules: IdentityRules): Replay {
  const component = decodeComponent(fields, rules);
  const { clusters, rejected } = partition(component, rules);
  const profileByKey = new Map<IdentifierKey, string>();
  for (const { profileId, members } of clusters) for (const key of members) profileByKey.set(key, profileId);
  const profiles = new Map(
    clusters.map((one) => [one.profileId, viewOf(component, rules, one.profileId, one.members, one.anchor)]),
  );
  return { profiles, profileByKey, rejected: rejected.toSorted(compareRejected) };
}

/** By their ends. */
export function compareRejected(x: RejectedLink, y: RejectedLink): number {
  return compareText(x.a, y.a) || compareText(x.b, y.b);
}
