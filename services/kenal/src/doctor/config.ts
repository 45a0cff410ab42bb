import { loadKenalConfig } from '@kenal/service-kit';
import { type Finding, ok } from './finding.ts';

/** @throws KenalError `bad_config`, which says all that there is to say */
export function checkConfig(environment: Readonly<Record<string, string | undefined>>): Finding {
  const loaded = loadKenalConfig({ path: environment.KENAL_CONFIG || undefined, environment });
  if (loaded === null) return ok('configuration', 'no kenal.yaml: a development workspace is used');
  const { workspaces } = loaded.config;
  const sources = workspaces.reduce((sum, workspace) => sum + workspace.sources.length, 0);
  return ok('configuration', `${loaded.path}: ${workspaces.length} workspace(s), ${sources} source(s)`);
}
