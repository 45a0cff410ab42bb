export { BLOCK_REASONS, type BlockReason } from './normalise/blocked.ts';
export {
  type BlockedIdentifier,
  createNormaliser,
  NORMALISER_VERSION,
  type NormalisedIdentifier,
  type NormalisedIdentifiers,
  type Normaliser,
} from './normalise/normalise.ts';
export { compareText, DEFAULT_LIMIT, DEFAULT_LIMITS, type IdentityRules, rulesOf } from './rules.ts';
