import type { Endpoints } from '../client/endpoints.ts';
import { VERSION } from '../version.ts';
import type { LocalConfig } from './workspace-config.ts';

/** What `endpoints.json` says of an instance: the first workspace of the configuration is the default one. */
export function endpointsOf(
  addresses: Pick<Endpoints, 'url' | 'apiUrl' | 'services' | 'sqlUrl'>,
  local: LocalConfig,
): Endpoints {
  const workspace = local.config.workspaces[0]?.id ?? '';
  const access = local.access[workspace];
  if (access === undefined) throw new Error('a configuration without a workspace passed its schema');
  return {
    url: addresses.url,
    ...(addresses.apiUrl === undefined ? {} : { apiUrl: addresses.apiUrl }),
    ...(addresses.services === undefined ? {} : { services: addresses.services }),
    sqlUrl: addresses.sqlUrl,
    writeKey: access.writeKey,
    readKey: access.readKey,
    stewardKey: access.stewardKey,
    workspace,
    workspaces: local.access,
    pid: process.pid,
    version: VERSION,
    startedAt: new Date().toISOString(),
  };
}
