import {
  ALL_VERBS,
  GENERATED_KEYS,
  type KenalConfig,
  kenalConfigSchema,
  READ_VERBS,
  type ScopedKeyConfig,
  sourceSchema,
} from '@kenal/contracts';
import { hashKey, loadKenalConfig } from '@kenal/service-kit';
import { viewNames } from '@kenal/warehouse';
import type { WorkspaceAccess } from '../client/endpoints.ts';
import { SHOP_SOURCES } from '../gen/index.ts';
import type { GeneratedKeys } from './generated-keys.ts';

/** The configuration that services run with, and how people on this machine get in. */
export interface LocalConfig {
  readonly config: KenalConfig;
  /** Path of kenal.yaml; null where there is none and a development workspace stands in. */
  readonly path: string | null;
  /** Access with generated keys, by workspace, in the order of the configuration. */
  readonly access: Readonly<Record<string, Omit<WorkspaceAccess, 'hooks'>>>;
}

/** Source that every workspace of a kenal.yaml gets beside its own: for commands on this machine. */
export const CLI_SOURCE = 'cli';
const DEVELOPMENT_WORKSPACE = 'dev';
/** What the configuration allows a source (rotation). */
const MOST_KEYS = 2;
// Replaced by hashes of generated keys below; a source must have one to be valid.
const PLACEHOLDER = `sha256:${'0'.repeat(64)}`;

/**
 * Read kenal.yaml, or take a development workspace, and give every source that has room for it one generated key more,
 * whose hash is all that services see; likewise a read key and a steward key. (A key of kenal.yaml is a hash: nobody could print it.)
 * @param withSecrets whether sources are served from here, so that what vendors sign with must be set
 * @throws KenalError `bad_config`
 */
export function loadLocalConfig(
  environment: Readonly<Record<string, string | undefined>>,
  path: string | undefined,
  keys: GeneratedKeys,
  withSecrets = false,
): LocalConfig {
  const loaded = loadKenalConfig({ path, environment, withSecrets, views: viewNames() });
  const base = loaded?.config ?? developmentConfig();
  const workspaces = base.workspaces.map((workspace) => {
    const own = workspace.sources.some(({ id }) => id === CLI_SOURCE) ? [] : [cliSource()];
    const sources = [...workspace.sources, ...(loaded === null ? [] : own)].map((source) => {
      const given = source.keys.filter(({ key }) => key !== PLACEHOLDER);
      const generated = { key: hashKey(keys.writeKey(workspace.id, source.id)), scope: 'development' as const };
      return { ...source, keys: given.length < MOST_KEYS ? [...given, generated] : given };
    });
    return {
      ...workspace,
      sources,
      keys: [...workspace.keys, ...generatedKeys(keys, workspace.id)],
      // Of a configured workspace it must outlive this directory: its operator keeps it
      erasureKey: loaded === null ? keys.erasureKey(workspace.id) : workspace.erasureKey,
      signingKey: loaded === null ? keys.signingKey(workspace.id) : workspace.signingKey,
    };
  });
  const access = Object.fromEntries(
    workspaces.map(({ id, timezone, currency, sources }) => {
      const open = sources.filter((source) =>
        source.keys.some(({ key }) => key === hashKey(keys.writeKey(id, source.id))),
      );
      const writeKeys = Object.fromEntries(open.map((source) => [source.id, keys.writeKey(id, source.id)]));
      const writeKey = keys.writeKey(id, loaded === null ? 'web' : CLI_SOURCE);
      const access = { writeKey, readKey: keys.readKey(id), stewardKey: keys.stewardKey(id) };
      return [id, { ...access, timezone, currency, sources: writeKeys }];
    }),
  );
  return { config: { ...base, workspaces }, path: loaded?.path ?? null, access };
}

function generatedKeys(keys: GeneratedKeys, workspace: string): ScopedKeyConfig[] {
  const [read, steward] = [hashKey(keys.readKey(workspace)), hashKey(keys.stewardKey(workspace))];
  return [
    { name: GENERATED_KEYS.read, key: read, verbs: [...READ_VERBS], fields: null },
    { name: GENERATED_KEYS.steward, key: steward, verbs: [...ALL_VERBS], fields: null },
  ];
}

/** What the demo's customers may reach, so that its marts have something to show. */
const DEMO_REWARDS = {
  tiers: {
    levels: [
      { name: 'silver', from: 60 },
      { name: 'gold', from: 200, keep: 150 },
    ],
  },
  points: [
    { name: 'purchases', event: 'order', per: { amount: 10, points: 1 }, expiresMonths: 24 },
    { name: 'reviews', event: 'Product Reviewed', points: 5, max: { points: 20, per: 'month' } },
    { name: 'answers', for: 'staff', event: 'Live Chat Message Sent', points: 1 },
  ],
};

/**
 * One workspace with a source for every touchpoint that the demo has, and one for imports.
 * @param year that its goal is of
 */
export function developmentConfig(year = new Date().getUTCFullYear()): KenalConfig {
  const keys = [{ key: PLACEHOLDER, scope: 'development' }];
  const touchpoints = Object.entries(SHOP_SOURCES).map(([id, channel]) => ({ id, channel, keys }));
  return kenalConfigSchema.parse({
    workspaces: [
      {
        id: DEVELOPMENT_WORKSPACE,
        timezone: 'UTC',
        currency: 'GBP',
        region: 'GB',
        sources: [...touchpoints, { id: 'import', channel: 'commerce', kind: 'import', keys }],
        ...DEMO_REWARDS,
        goals: [
          {
            ...{ name: 'net of the year', measure: 'net', target: 50_000, owner: 'sales' },
            ...{ from: `${year}-01-01`, until: `${year}-12-31` },
          },
        ],
      },
    ],
  });
}

function cliSource(): KenalConfig['workspaces'][number]['sources'][number] {
  return sourceSchema.parse({
    id: CLI_SOURCE,
    name: 'commands on this machine',
    channel: 'back_office',
    kind: 'import',
    keys: [{ key: PLACEHOLDER, scope: 'development' }],
  });
}
