import type { Survivorship, TraitsConfig } from '@kenal/contracts';

/** Which of several words on a trait holds. */
export interface TraitRule {
  readonly survivorship: Survivorship;
  /** 0 = most trusted; all sources that the rule does not name share the last rank. */
  rankOf(source: string): number;
}

/** A fact that a profile should have. */
export interface WantedTrait {
  readonly trait: string;
  /** Traits that tell it, and types of identifiers that do; the first one is `trait` itself. */
  readonly names: readonly string[];
  /** Older than so many days it is stale. */
  readonly freshForDays: number;
}

/** What a workspace says of traits. */
export interface TraitRules {
  ruleOf(trait: string): TraitRule;
  readonly wanted: readonly WantedTrait[];
}

const YEAR = 365;
const FOR_LIFE = 100 * YEAR;

/** What is wanted of a profile where the workspace declares nothing, under the names that clients and CRM files give it. */
const DEFAULT_WANTED: readonly WantedTrait[] = [
  {
    trait: 'name',
    names: ['name', 'full_name', 'fullName', 'first_name', 'firstName', 'given_name'],
    freshForDays: YEAR,
  },
  { trait: 'email', names: ['email'], freshForDays: YEAR },
  { trait: 'phone', names: ['phone'], freshForDays: YEAR },
  { trait: 'address', names: ['address', 'street'], freshForDays: YEAR },
  {
    trait: 'birthday',
    names: ['birthday', 'birth_date', 'birthDate', 'date_of_birth', 'dateOfBirth'],
    freshForDays: FOR_LIFE,
  },
];

const NEWEST: TraitRule = { survivorship: 'newest', rankOf: () => 0 };

/** @param config `traits` of the workspace; where nothing in it is required, the default list is wanted */
export function traitRulesOf(config: TraitsConfig): TraitRules {
  const declared = Object.entries(config);
  const rules = new Map<string, TraitRule>();
  for (const [trait, { survivorship, sources = [] }] of declared) {
    const ranks = new Map(sources.map((source, rank) => [source, rank]));
    rules.set(trait, { survivorship, rankOf: (source) => ranks.get(source) ?? sources.length });
  }
  const wanted = declared
    .filter(([, { required }]) => required)
    .map(([trait, { freshForDays }]) => ({ trait, names: [trait], freshForDays }));
  return { ruleOf: (trait) => rules.get(trait) ?? NEWEST, wanted: wanted.length > 0 ? wanted : DEFAULT_WANTED };
}
