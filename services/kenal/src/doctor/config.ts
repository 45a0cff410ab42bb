import { resolve } from 'node:path';
import type { KenalConfig } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import { type LoadedConfig, loadKenalConfig, readKenalConfig } from '@kenal/service-kit';
import { viewNames } from '@kenal/warehouse';
import { type Finding, ok, warn } from './finding.ts';
import { unforgettingOf, weaknessesOf } from './weaknesses.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration that this shell names, or else that of the instance that runs.
 * @param used path of the kenal.yaml that the running instance was started with; null: it has none; undefined: nobody knows
 * @throws KenalError `bad_config`, which says all that there is to say
 */
export function checkConfig(environment: Environment, used?: string | null): readonly Finding[] {
  const named = environment.KENAL_CONFIG || undefined;
  if (used === undefined || (named !== undefined && resolve(named) !== used)) {
    const loaded = load(named, environment);
    const other = used === undefined ? [] : [ok('configuration', `the running Kenal uses ${used ?? 'no kenal.yaml'}`)];
    if (loaded === null) return [ok('configuration', 'no kenal.yaml: a development workspace is used'), ...other];
    return [...found(loaded, '', weaknessesOf(loaded.config, environment)), ...other];
  }
  if (used === null)
    return [ok('configuration', 'the running Kenal has no kenal.yaml: a development workspace is used')];
  const whose = ', which the running Kenal uses';
  try {
    const loaded = load(used, environment);
    if (loaded !== null) return found(loaded, whose, weaknessesOf(loaded.config, environment));
  } catch (error) {
    if (!isKenalError(error, 'bad_config')) throw error;
  }
  // What it names of the environment need not be set in this shell; what is wrong in the file is said all the same
  const read = readKenalConfig(used, viewNames());
  return read === null ? [] : found(read, whose, unforgettingOf(read.config));
}

function load(path: string | undefined, environment: Environment): LoadedConfig | null {
  return loadKenalConfig({ path, environment, withSecrets: true, views: viewNames() });
}

function found(
  { path, config }: LoadedConfig,
  whose: string,
  weaknesses: ReturnType<typeof unforgettingOf>,
): readonly Finding[] {
  return [
    ok('configuration', `${path}${whose}: ${sizeOf(config)}`),
    ...weaknesses.map(({ detail, advice }) => warn('configuration', detail, advice)),
  ];
}

function sizeOf({ workspaces }: KenalConfig): string {
  const sources = workspaces.reduce((sum, workspace) => sum + workspace.sources.length, 0);
  return `${workspaces.length} workspace(s), ${sources} source(s)`;
}
