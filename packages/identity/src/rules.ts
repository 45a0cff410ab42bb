import { IDENTIFIER_TYPES, type IdentifierKey, type IdentityConfig, type TraitsConfig } from '@kenal/contracts';
import { createProfileIds } from './cluster/profile-id.ts';
import { hashText } from './profile/hash.ts';
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

/** Distinct people that an identifier may be seen with before it is a hub. */
const DEFAULT_CAPS: Readonly<Record<string, number>> = {
  email: 3,
  phone: 4,
  device_id: 4,
  anonymous_id: 4,
  address: 8,
};
const DEFAULT_CAP = 8;

/** Types whose values name one person each: never hubs, and those that make others hubs. */
const DEFAULT_PERSONS: readonly string[] = ['user_id', 'loyalty_card'];

/** Beyond so many identifiers of one component, links of weak identifiers with each other join nobody. */
const MOST_IDENTIFIERS = 5_000;

/** What of a workspace decides which stored evidence counts. */
export interface Directed {
  readonly revokedSources: ReadonlySet<string>;
  /** Version of the probabilistic model whose links count; null = none. */
  readonly model: string | null;
  /** Whether the workspace calls an identifier nobody's, as far as it was stored before it did; null = none. */
  readonly isBlocked: ((key: IdentifierKey) => boolean) | null;
}

/** What of a workspace decides who is who. */
export interface IdentityRules extends Directed {
  readonly workspace: string;
  /** Types in their rank: as the workspace orders them, then built-in ones, then declared ones. */
  readonly types: readonly string[];
  /** Identifiers of a type that one profile may have. */
  limitOf(type: string): number;
  /** Distinct people that an identifier of a type may be seen with. */
  capOf(type: string): number;
  /** The smallest of all caps. */
  readonly leastCap: number;
  /** Whether identifiers of a type name one person each. */
  isPerson(type: string): boolean;
  /** 0 = strongest. All undeclared types share the last rank; {@link compareTypes} tells them apart. */
  rankOf(type: string): number;
  /** Profile id that an anchor identifier gives. */
  profileIdOf(anchor: IdentifierKey): string;
  /** Identifiers of one component beyond which weak links join nobody. */
  readonly mostIdentifiers: number;
  /** Which word on a trait holds, and what a profile should have. */
  readonly traits: TraitRules;
  /** Of all that is here but the workspace: where it differs, every component has to be decided again. */
  readonly version: string;
}

export interface RuleOptions extends Partial<Directed> {
  /** `traits` of the workspace; without it the newest word holds. */
  readonly traits?: TraitsConfig;
  readonly mostIdentifiers?: number;
}

const NO_SOURCES: ReadonlySet<string> = new Set();

/** @param config `identity` of the workspace; @param workspace its id, part of every profile id */
export function rulesOf(config: IdentityConfig, workspace: string, options: RuleOptions = {}): IdentityRules {
  const { traits = {}, revokedSources = NO_SOURCES, model = null, isBlocked = null } = options;
  const { mostIdentifiers = MOST_IDENTIFIERS } = options;
  const types = rankedTypes(config);
  const rank = new Map(types.map((type, index) => [type, index]));
  const limits = new Map(Object.entries({ ...DEFAULT_LIMITS, ...config.limits }));
  const caps = new Map(Object.entries({ ...DEFAULT_CAPS, ...config.caps }));
  const persons = new Set(config.persons ?? DEFAULT_PERSONS);
  const text = [types, [...limits].sort(), [...caps].sort(), [...persons].sort(), [...revokedSources].sort(), model];
  const blocked = [config.blocked, config.blockedPatterns ?? []].map((list) => [...list].sort());
  return {
    workspace,
    types,
    limitOf: (type) => limits.get(type) ?? DEFAULT_LIMIT,
    capOf: (type) => caps.get(type) ?? DEFAULT_CAP,
    leastCap: Math.min(DEFAULT_CAP, ...caps.values()),
    isPerson: (type) => persons.has(type),
    rankOf: (type) => rank.get(type) ?? types.length,
    profileIdOf: createProfileIds(workspace),
    mostIdentifiers,
    revokedSources,
    model,
    isBlocked,
    traits: traitRulesOf(traits),
    version: hashText(JSON.stringify([...text, blocked, mostIdentifiers, traits])),
  };
}

/** Types that the workspace orders itself, then the built-in ones, then the declared ones; each where it stands first. */
export function rankedTypes(config: IdentityConfig): readonly string[] {
  return [...new Set<string>([...(config.priority ?? []), ...IDENTIFIER_TYPES, ...config.types])];
}

/** Order of identifier types: by rank, undeclared ones (same rank) by name. */
export function compareTypes(rankOf: (type: string) => number, a: string, b: string): number {
  return a === b ? 0 : rankOf(a) - rankOf(b) || compareText(a, b);
}

/** Order by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order by Unicode code point, which is that of the bytes of UTF-8: as every store sorts names, whatever its language. */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates, which are the code points above U+FFFF, go behind U+E000…U+FFFF. */
function codePointRank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
