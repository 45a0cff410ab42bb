import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type KenalConfig, kenalConfigSchema, SOURCE_KINDS } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { checkYaml, listFaults } from './check/checked.ts';
import { refuseWhatNeverWorks } from './never-works.ts';
import { readWebhookSecret } from './webhook-secret.ts';
import { readWorkspaceKey } from './workspace-key.ts';

export interface LoadOptions {
  /** Path that was asked for; it must exist. Without it `./kenal.yaml` is taken where it exists. */
  readonly path?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether what vendors sign with must be set too: where all sources are served from here. Default: no. */
  readonly withSecrets?: boolean;
  /** Views that exports may name. Default: whichever they name. */
  readonly views?: ReadonlySet<string> | undefined;
}

export interface LoadedConfig {
  readonly config: KenalConfig;
  /** Where it was read from. */
  readonly path: string;
}

const DEFAULT_PATH = 'kenal.yaml';
const FROM = 'env:';

/** SHA-256 of a key as the configuration writes it: `sha256:<64 hex digits>`. */
export function hashKey(key: string): string {
  return `sha256:${createHash('sha256').update(key, 'utf8').digest('hex')}`;
}

/**
 * Read and check `kenal.yaml`; every `env:NAME` is replaced by the hash of that variable's value,
 * that of an erasure or a signing key by its bytes.
 * @returns null where no file was asked for and none lies in the working directory
 * @throws KenalError `bad_config` with the path of each option at fault, what was found and what is legal; or with every
 * variable that is not set
 */
export function loadKenalConfig(options: LoadOptions): LoadedConfig | null {
  const loaded = readKenalConfig(options.path, options.views);
  if (loaded === null) return null;
  const { config, path } = loaded;
  refuseMissing(config, path, options);
  const resolved = resolveSecrets(config, path, options.environment);
  refuseSharedKeys(resolved, path);
  return { config: resolved, path };
}

/** The same with every `env:NAME` as it stands, for who needs no keys. */
export function readKenalConfig(asked: string | undefined, views?: LoadOptions['views']): LoadedConfig | null {
  const path = asked ?? (existsSync(DEFAULT_PATH) ? DEFAULT_PATH : undefined);
  if (path === undefined) return null;
  const checked = checkYaml(kenalConfigSchema.superRefine(refuseWhatNeverWorks(views)), read(path));
  if (!checked.ok) throw new KenalError('bad_config', listFaults(path, checked));
  return { config: resolvePaths(checked.value, dirname(path)), path };
}

/** Files that the configuration names lie beside it, wherever it is read from later. */
function resolvePaths(config: KenalConfig, folder: string): KenalConfig {
  // `ecommerce` and `ecommerce.v1` are shipped; `plans/shop.yaml` is a file
  const resolvePlan = (name: string): string => (/[/\\]|\.(json|ya?ml)$/.test(name) ? resolve(folder, name) : name);
  const workspaces = config.workspaces.map((workspace) => ({
    ...workspace,
    sources: workspace.sources.map(({ mapping, plan, ...source }) => ({
      ...source,
      ...(mapping === undefined ? {} : { mapping: resolve(folder, mapping) }),
      ...(plan === undefined ? {} : { plan: { ...plan, catalogue: plan.catalogue.map(resolvePlan) } }),
    })),
  }));
  return { ...config, workspaces };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`;
    throw new KenalError('bad_config', `${what}; KENAL_CONFIG names the configuration`, { cause });
  }
}

/** All at once: who sets one after the other starts as many times. */
function refuseMissing(config: KenalConfig, path: string, { environment, withSecrets = false }: LoadOptions): void {
  const missing = variablesOf(config, withSecrets).filter(({ name }) => !environment[name]);
  const [first] = missing;
  if (first === undefined) return;
  if (missing.length === 1)
    throw new KenalError(
      'bad_config',
      `${path}: ${first.what} is the environment variable ${first.name}, which is not set; set it before the start`,
    );
  const lines = missing.map(({ name, what }) => `\n  ${name}: ${what}`);
  throw new KenalError(
    'bad_config',
    `${path} names environment variables that are not set; set them before the start:${lines.join('')}`,
  );
}

/** A variable that the configuration names, and what it holds. */
interface Variable {
  readonly name: string;
  readonly what: string;
}

function variablesOf({ workspaces }: KenalConfig, withSecrets: boolean): readonly Variable[] {
  const found: Variable[] = [];
  const add = (reference: string | undefined, what: string): void => {
    if (reference?.startsWith(FROM)) found.push({ name: reference.slice(FROM.length), what });
  };
  for (const { id: workspace, erasureKey, signingKey, webhooks, sources, ...more } of workspaces) {
    const { readKeys, stewardKeys, keys: scoped } = more;
    add(erasureKey, `the erasure key of workspace ${workspace}`);
    add(signingKey, `the signing key of workspace ${workspace}`);
    for (const { name, secrets } of webhooks)
      for (const secret of secrets) add(secret, `a secret of webhook ${name} in workspace ${workspace}`);
    for (const [k, key] of readKeys.entries()) add(key, `read key ${k + 1} of workspace ${workspace}`);
    for (const [k, key] of stewardKeys.entries()) add(key, `steward key ${k + 1} of workspace ${workspace}`);
    for (const { name, key } of scoped) add(key, `key ${name} of workspace ${workspace}`);
    for (const { id, kind, enabled, keys, secrets, verifyToken } of sources) {
      for (const { key } of keys) add(key, `a key of source ${id} in workspace ${workspace}`);
      if (!withSecrets || !enabled || SOURCE_KINDS[kind].proof !== 'secret') continue;
      for (const secret of secrets) add(secret, `a secret of source ${id} in workspace ${workspace}`);
      add(verifyToken, `the verify token of source ${id} in workspace ${workspace}`);
    }
  }
  return found;
}

/** @param environment that has every variable of the configuration */
function resolveSecrets(config: KenalConfig, path: string, environment: LoadOptions['environment']): KenalConfig {
  const secretOf = (reference: string): string => environment[reference.slice(FROM.length)] ?? '';
  const hashOf = (reference: string): string => (reference.startsWith(FROM) ? hashKey(secretOf(reference)) : reference);
  const keyOf = (reference: string | undefined, what: string): string | undefined => {
    if (!reference?.startsWith(FROM)) return reference;
    return readWorkspaceKey(secretOf(reference), `${path}: the ${what}, ${reference}`);
  };
  const signingSecretOf = (reference: string, name: string): string =>
    reference.startsWith(FROM)
      ? readWebhookSecret(secretOf(reference), `${path}: a secret of webhook ${name}, ${reference}`)
      : reference;
  return {
    ...config,
    workspaces: config.workspaces.map((workspace) => ({
      ...workspace,
      erasureKey: keyOf(workspace.erasureKey, `erasure key of workspace ${workspace.id}`),
      signingKey: keyOf(workspace.signingKey, `signing key of workspace ${workspace.id}`),
      webhooks: workspace.webhooks.map(({ secrets, ...webhook }) => ({
        ...{ ...webhook, secrets: secrets.map((secret) => signingSecretOf(secret, webhook.name)) },
      })),
      readKeys: workspace.readKeys.map(hashOf),
      stewardKeys: workspace.stewardKeys.map(hashOf),
      keys: workspace.keys.map((key) => ({ ...key, key: hashOf(key.key) })),
      sources: workspace.sources.map((source) => ({
        ...source,
        keys: source.keys.map((key) => ({ ...key, key: hashOf(key.key) })),
      })),
    })),
  };
}

/** A key opens one source, and reads or decides in one workspace: whoever copied one would open another's door. */
function refuseSharedKeys({ workspaces }: KenalConfig, path: string): void {
  const holders = new Map<string, string>();
  const hold = (kind: 'write' | 'read', key: string, holder: string): void => {
    const other = holders.get(`${kind} ${key}`);
    if (other !== undefined && other !== holder)
      throw new KenalError(
        'bad_config',
        `${path}: ${other} and ${holder} have the same ${kind} key; give each its own`,
      );
    holders.set(`${kind} ${key}`, holder);
  };
  for (const { id, sources, readKeys, stewardKeys, keys } of workspaces) {
    for (const source of sources)
      for (const { key } of source.keys) hold('write', key, `source ${source.id} of workspace ${id}`);
    for (const key of [...readKeys, ...stewardKeys, ...keys.map((scoped) => scoped.key)])
      hold('read', key, `workspace ${id}`);
  }
}
