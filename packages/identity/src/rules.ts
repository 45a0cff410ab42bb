import { IDENTIFIER_TYPES, type IdentifierKey, type IdentityConfig, type TraitsConfig } from '@kenal/contracts';
import { createProfileIds } from './cluster/profile-id.ts';
import { type TraitRules, traitRulesOf } from './profile/trait-rules.ts';

/** How many identifiers of a type one person may have where the workspace says nothing. */
const DEFAULT_LIMITS: Readonly<Record<string, number>> = {
  user_id: 1,
  loyalty_card: 3,
  email: 5,
  phone: 5,
  device_id: 20,
  anonymous_id: 20,
};
const DEFAULT_LIMIT = 5;

/** What of a workspace's configuration decides who is who. */
export interface IdentityRules {
  readonly workspace: string;
  /** Types in their rank: built-in ones, then declared ones. */
  readonly types: readonly string[];
  /** Identifiers of a type that one profile may have. */
  limitOf(type: string): number;
  /** 0 = strongest. All undeclared types share the last rank; {@link compareTypes} tells them apart. */
  rankOf(type: string): number;
  /** Profile id that an anchor identifier gives. */
  profileIdOf(anchor: IdentifierKey): string;
  /** Which word on a trait holds, and what a profile should have. */
  readonly traits: TraitRules;
}

/**
 * @param config `identity` of the workspace
 * @param workspace its id, part of every profile id
 * @param traits `traits` of the workspace; without it the newest word holds
 */
export function rulesOf(config: IdentityConfig, workspace: string, traits: TraitsConfig = {}): IdentityRules {
  const types = rankedTypes(config);
  const rank = new Map(types.map((type, index) => [type, index]));
  const limits = new Map(Object.entries({ ...DEFAULT_LIMITS, ...config.limits }));
  return {
    workspace,
    types,
    limitOf: (type) => limits.get(type) ?? DEFAULT_LIMIT,
    rankOf: (type) => rank.get(type) ?? types.length,
    profileIdOf: createProfileIds(workspace),
    traits: traitRulesOf(traits),
  };
}

/** Built-in types, then the declared ones in their order; one that is declared again keeps its built-in place. */
export function rankedTypes(config: IdentityConfig): readonly string[] {
  return [...new Set<string>([...IDENTIFIER_TYPES, ...config.types])];
}

/** Order of identifier types: by rank, undeclared ones (same rank) by name. */
export function compareTypes(rankOf: (type: string) => number, a: string, b: string): number {
  return a === b ? 0 : rankOf(a) - rankOf(b) || compareText(a, b);
}

/** Order by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
