import { type Survivorship, type TraitsConfig, type WantedTrait, wantedTraits } from '@kenal/contracts';

/** Which of several words on a trait holds. */
export interface TraitRule {
  readonly survivorship: Survivorship;
  /** 0 = most trusted; all sources that the rule does not name share the last rank. */
  rankOf(source: string): number;
}

/** What a workspace says of traits. */
export interface TraitRules {
  ruleOf(trait: string): TraitRule;
  readonly wanted: readonly WantedTrait[];
}

const NEWEST: TraitRule = { survivorship: 'newest', rankOf: () => 0 };

/** @param config `traits` of the workspace; a trait that it does not name has the newest word */
export function traitRulesOf(config: TraitsConfig): TraitRules {
  const rules = new Map<string, TraitRule>();
  for (const [trait, { survivorship, sources = [] }] of Object.entries(config)) {
    const ranks = new Map(sources.map((source, rank) => [source, rank]));
    rules.set(trait, { survivorship, rankOf: (source) => ranks.get(source) ?? sources.length });
  }
  return { ruleOf: (trait) => rules.get(trait) ?? NEWEST, wanted: wantedTraits(config) };
}
