export type { RejectedLink } from './cluster/agglomerate.ts';
export type { Cluster, Partition } from './cluster/partition.ts';
export { profileNamespace } from './cluster/profile-id.ts';
export { type AdoptInput, adopt, forgetSilent, type LastPublished } from './decide/adopt.ts';
export type { CauseRule } from './decide/cause.ts';
export { identifiersOf } from './decide/commit.ts';
export { type ComponentDecision, type Decision, type DecisionInput, decide, decideInParts } from './decide/decide.ts';
export { type ErasureInput, eraseInParts } from './decide/erase.ts';
export { groupEvidence, joinPlaces, type Places, placesOf } from './decide/group.ts';
export { joinWants, type Wants } from './decide/wants.ts';
export { type ErasedGuard, envelopeShown, SHOWN, type Shown } from './directed/erased-guard.ts';
export { createWorkspaces, type WorkspaceRules, type Workspaces } from './directed/workspaces.ts';
export type { Component } from './evidence/component.ts';
export { computedEvidenceOf } from './evidence/computed-evidence.ts';
export { decodeComponent } from './evidence/decode.ts';
export { directiveEvidenceOf } from './evidence/directive-evidence.ts';
export type { Assigned } from './evidence/fields.ts';
export {
  type EvidenceSource,
  evidenceOf,
  evidenceTime,
  type InteractionEvidence,
} from './evidence/interaction-evidence.ts';
export {
  type ComparedCluster,
  type ComparedPair,
  createRuleTrial,
  type RuleComparison,
} from './explain/compare-rules.ts';
export {
  type ExplainedLink,
  type ExplainedRejection,
  type ExplainInput,
  type Explanation,
  explain,
} from './explain/explain.ts';
export { shelvesIn } from './explain/families.ts';
export { areLinked } from './explain/linked.ts';
export { revokedSourcesOf } from './explain/revoked.ts';
export type { BlockReason } from './normalise/blocked.ts';
export { createBlockedKeys } from './normalise/blocked-keys.ts';
export {
  type BlockedIdentifier,
  createNormaliser,
  NORMALISER_VERSION,
  type NormalisedIdentifier,
  type NormalisedIdentifiers,
  type Normaliser,
} from './normalise/normalise.ts';
export { WHY_BLOCKED } from './normalise/why-blocked.ts';
export { eachInParts, type Paused, straight } from './pauses.ts';
export type { SaidTrait } from './profile/history.ts';
export { type ProfileQuality, qualityOf } from './profile/quality.ts';
export {
  areOneByEvidence,
  decisionOn,
  linkWeight,
  type SourceRecord,
  type Standing,
  sourceRecordOf,
  sourcesOf,
  standingOf,
} from './profile/source-record.ts';
export {
  aliasesOf,
  type ProfileView,
  profileOf,
  type RefusedLink,
  refusedLinksOf,
  type SeenIdentifier,
  type TraitDetail,
  traitHistoryOf,
} from './profile/view.ts';
export { type Replay, type ReplayOptions, replay } from './replay.ts';
export { compareKeys, type IdentityRules, rulesOf } from './rules.ts';
