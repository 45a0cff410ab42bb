import type { IdentityConfig, KenalConfig, TraitsConfig } from '@kenal/contracts';
import { createNormaliser, type IdentityRules, type Normaliser, rulesOf } from '@kenal/identity';

/** What the configuration says of a workspace, ready for use. */
export interface WorkspaceRules {
  readonly rules: IdentityRules;
  /** Normaliser with the phone region of a source. */
  normaliserOf(source: string): Normaliser;
}

export interface Workspaces {
  /** Ids in the configuration. */
  readonly configured: readonly string[];
  /** Rules of a workspace; those of an empty configuration for one that was taken out of it while its events wait. */
  of(workspace: string): WorkspaceRules;
}

const NO_CONFIG: IdentityConfig = { types: [], limits: {}, blocked: [] };
const NO_REGION = 'US';

export function createWorkspaces(config: KenalConfig): Workspaces {
  const known = new Map<string, WorkspaceRules>();
  for (const { id, identity, traits, region, sources } of config.workspaces) {
    const regions = new Map(sources.map((source) => [source.id, source.region ?? region]));
    known.set(
      id,
      createRules(id, identity, traits, (source) => regions.get(source) ?? region),
    );
  }
  return {
    configured: config.workspaces.map(({ id }) => id),
    of(workspace) {
      let rules = known.get(workspace);
      if (rules === undefined) {
        rules = createRules(workspace, NO_CONFIG, {}, () => NO_REGION);
        known.set(workspace, rules);
      }
      return rules;
    },
  };
}

function createRules(
  id: string,
  identity: IdentityConfig,
  traits: TraitsConfig,
  regionOf: (source: string) => string,
): WorkspaceRules {
  const normalisers = new Map<string, Normaliser>();
  return {
    rules: rulesOf(identity, id, traits),
    normaliserOf(source) {
      const region = regionOf(source);
      let normaliser = normalisers.get(region);
      if (normaliser === undefined) {
        normaliser = createNormaliser(identity, region);
        normalisers.set(region, normaliser);
      }
      return normaliser;
    },
  };
}
