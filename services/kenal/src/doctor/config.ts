import { loadKenalConfig } from '@kenal/service-kit';
import { viewNames } from '@kenal/warehouse';
import { type Finding, ok, warn } from './finding.ts';
import { weaknessesOf } from './weaknesses.ts';

/** @throws KenalError `bad_config`, which says all that there is to say */
export function checkConfig(environment: Readonly<Record<string, string | undefined>>): readonly Finding[] {
  const loaded = loadKenalConfig({
    path: environment.KENAL_CONFIG || undefined,
    environment,
    withSecrets: true,
    views: viewNames(),
  });
  if (loaded === null) return [ok('configuration', 'no kenal.yaml: a development workspace is used')];
  const { workspaces } = loaded.config;
  const sources = workspaces.reduce((sum, workspace) => sum + workspace.sources.length, 0);
  return [
    ok('configuration', `${loaded.path}: ${workspaces.length} workspace(s), ${sources} source(s)`),
    ...weaknessesOf(loaded.config, environment).map(({ detail, advice }) => warn('configuration', detail, advice)),
  ];
}
