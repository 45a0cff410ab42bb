export type { RejectedLink } from './cluster/agglomerate.ts';
export { type Cluster, type Partition, partition } from './cluster/partition.ts';
export { CAUSE_RULES, type CauseRule } from './decide/cause.ts';
export { type Decision, type DecisionInput, decide } from './decide/decide.ts';
export { groupEvidence } from './decide/group.ts';
export { type Component, decodeComponent } from './evidence/component.ts';
export type { Assigned } from './evidence/fields.ts';
export {
  type EvidenceSource,
  eventTime,
  evidenceOf,
  type InteractionEvidence,
} from './evidence/interaction-evidence.ts';
export { BLOCK_REASONS, type BlockReason } from './normalise/blocked.ts';
export {
  type BlockedIdentifier,
  createNormaliser,
  NORMALISER_VERSION,
  type NormalisedIdentifier,
  type NormalisedIdentifiers,
  type Normaliser,
} from './normalise/normalise.ts';
export {
  type ProfileView,
  profileOf,
  type RefusedLink,
  refusedLinksOf,
  type SeenIdentifier,
  type TraitDetail,
} from './profile/view.ts';
export { type Replay, type ReplayOptions, replay } from './replay.ts';
export { compareText, DEFAULT_LIMIT, DEFAULT_LIMITS, type IdentityRules, rulesOf } from './rules.ts';
