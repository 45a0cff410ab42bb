import {
  type Directive,
  type IdentifierKey,
  type IdentityConfig,
  identitySchema,
  type KenalConfig,
  type Micros,
} from '@kenal/contracts';
import { createBlockedKeys } from '../normalise/blocked-keys.ts';
import { createNormaliser, type Normaliser } from '../normalise/normalise.ts';
import { type IdentityRules, rulesOf } from '../rules.ts';
import { createErasedGuard, type ErasedGuard } from './erased-guard.ts';
import { createRegister, type RegisterFold } from './register.ts';

/** What configuration and directives say of a workspace, ready for use. */
export interface WorkspaceRules {
  readonly rules: IdentityRules;
  /** The rules in force as kenal.yaml would say them. */
  readonly identity: IdentityConfig;
  /** Id of the directive that put them in force; null = kenal.yaml. */
  readonly ruleset: string | null;
  /** Normaliser with the phone region of a source. */
  normaliserOf(source: string): Normaliser;
  /**
   * Whether one of the identifiers was erased after these times: what was received before an erasure was asked for, or by
   * the caller's clock happened before it, does not make the person again.
   */
  isErased(keys: readonly string[], times: { readonly clientAt: Micros | null; readonly receivedAt: Micros }): boolean;
  /** Whether an erasure of one of the identifiers comes after a directive that was issued then. */
  isOverruled(keys: readonly string[], issuedAt: Micros): boolean;
  /**
   * What may be told of people, by the erasures that were taken into account.
   * @param erased those of a reader that is further on: keyed hash of an identifier → when its last erasure was asked for
   */
  erasedGuard(erased?: ReadonlyMap<string, Micros>): ErasedGuard;
  /** Which of a person's identifiers an erasure names. */
  namedBy(erased: readonly string[], keys: readonly string[]): readonly string[];
}

export interface Workspaces {
  /** Ids in the configuration. */
  readonly configured: readonly string[];
  /** Rules of a workspace; those of an empty configuration for one that was taken out of it while its events wait. */
  of(workspace: string): WorkspaceRules;
  /** Take a directive into account. @returns whether the rules by which people of its workspace are told apart differ now */
  take(directive: Directive): boolean;
}

type Configured = Pick<
  KenalConfig['workspaces'][number],
  'id' | 'identity' | 'traits' | 'region' | 'sources' | 'erasureKey'
>;

const NO_CONFIG: Omit<Configured, 'id'> = {
  identity: { types: [], limits: {}, blocked: [] },
  traits: {},
  region: 'US',
  sources: [],
};

/** How service-kit hashes; given, because nothing here may do so itself. */
export interface Hashes {
  /** Name of a set of rules. */
  readonly rulesetHash: (identity: IdentityConfig) => string;
  /** What an erasure keeps of an identifier. */
  readonly erasureHash: (key: string, identifier: IdentifierKey) => string;
}

/** @throws KenalError `bad_config` where the identity rules of a workspace cannot be made ready for use */
export function createWorkspaces(config: KenalConfig, hashes: Hashes): Workspaces {
  const configured = new Map<string, Configured>(config.workspaces.map((workspace) => [workspace.id, workspace]));
  // What only shows when it is made ready for use (patterns) ends the start, not every event
  for (const { identity, region } of configured.values()) createNormaliser(identity, region);
  const registers = new Map<string, RegisterFold>();
  const ready = new Map<string, WorkspaceRules>();

  function registerOf(workspace: string): RegisterFold {
    let register = registers.get(workspace);
    if (register === undefined) {
      register = createRegister();
      registers.set(workspace, register);
    }
    return register;
  }

  return {
    configured: [...configured.keys()],
    of(workspace) {
      let rules = ready.get(workspace);
      if (rules === undefined) {
        const known = configured.get(workspace) ?? { id: workspace, ...NO_CONFIG };
        rules = createRules(known, registerOf(workspace), hashes);
        ready.set(workspace, rules);
      }
      return rules;
    },
    take(directive) {
      const moved = registerOf(directive.workspace).take(directive);
      if (moved) ready.delete(directive.workspace);
      return moved;
    },
  };
}

function createRules(workspace: Configured, register: RegisterFold, hashes: Hashes): WorkspaceRules {
  const { id, traits, region, sources, erasureKey } = workspace;
  const { identity: inForce, ruleset } = rulesetInForce(workspace, register, hashes);
  const regions = new Map(sources.map((source) => [source.id, source.region ?? region]));
  const normalisers = new Map<string, Normaliser>();
  const { revokedSources, erasures, erasureCuts } = register;
  const hashOf = erasureKey === undefined ? null : (key: string) => hashes.erasureHash(erasureKey, key);
  const normaliserOf = (source: string): Normaliser => {
    const where = regions.get(source) ?? region;
    let normaliser = normalisers.get(where);
    if (normaliser === undefined) {
      normaliser = createNormaliser(inForce, where);
      normalisers.set(where, normaliser);
    }
    return normaliser;
  };
  return {
    rules: rulesOf(inForce, id, {
      traits,
      ...{ revokedSources: new Set(revokedSources), model: modelVersion(register) },
      isBlocked: createBlockedKeys(inForce),
    }),
    ...{ identity: inForce, ruleset },
    normaliserOf,
    isErased(keys, { clientAt, receivedAt }) {
      if (hashOf === null || erasures.size === 0) return false;
      const happened = Math.min(receivedAt, clientAt ?? receivedAt);
      return keys.some((key) => happened <= (erasureCuts.get(hashOf(key)) ?? Number.NEGATIVE_INFINITY));
    },
    isOverruled: (keys, issuedAt) =>
      hashOf !== null && keys.some((key) => issuedAt <= (erasures.get(hashOf(key)) ?? Number.NEGATIVE_INFINITY)),
    erasedGuard: (erased = erasureCuts) => createErasedGuard(hashOf === null ? null : { erased, hashOf, normaliserOf }),
    namedBy(erased, keys) {
      if (hashOf === null) return [];
      const hashes = new Set(erased);
      return keys.filter((key) => hashes.has(hashOf(key)));
    },
  };
}

/** A ruleset that was switched to holds as long as the file says what it said then: whoever changed it since meant that. */
function rulesetInForce(
  { identity, region }: Configured,
  { ruleset }: RegisterFold,
  hashes: Hashes,
): { readonly identity: IdentityConfig; readonly ruleset: string | null } {
  const byFile = { identity, ruleset: null };
  if (ruleset === null || ruleset.base !== hashes.rulesetHash(identity)) return byFile;
  try {
    const rules = identitySchema.parse(JSON.parse(ruleset.document));
    createNormaliser(rules, region);
    return { identity: rules, ruleset: ruleset.id };
  } catch {
    return byFile; // written by another version of Kenal: what cannot be used does not hold
  }
}

/** The version of the model in force; only links of its own count. */
function modelVersion({ model }: RegisterFold): string | null {
  return model === null ? null : ((JSON.parse(model) as { version?: string }).version ?? null);
}
