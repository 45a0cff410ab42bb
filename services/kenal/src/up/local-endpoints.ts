import { resolve } from 'node:path';
import { doorOf, SOURCE_KINDS } from '@kenal/contracts';
import type { Endpoints } from '../client/endpoints.ts';
import { VERSION } from '../version.ts';
import type { LocalConfig } from './workspace-config.ts';

/** What `endpoints.json` says of an instance: the first workspace of the configuration is the default one. */
export function endpointsOf(
  addresses: Pick<Endpoints, 'url' | 'apiUrl' | 'services' | 'sqlUrl'> & { readonly smtpUrl?: string | null },
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
    ...(typeof addresses.smtpUrl === 'string' ? { smtpUrl: addresses.smtpUrl } : {}),
    writeKey: access.writeKey,
    readKey: access.readKey,
    stewardKey: access.stewardKey,
    workspace,
    workspaces: withHooks(local, addresses),
    config: local.path === null ? null : resolve(local.path),
    pid: process.pid,
    version: VERSION,
    startedAt: new Date().toISOString(),
  };
}

function withHooks(
  { config, access }: LocalConfig,
  { url, services = {} }: Pick<Endpoints, 'url' | 'services'>,
): Endpoints['workspaces'] {
  const hooksOf = ({ id, sources }: LocalConfig['config']['workspaces'][number]): Record<string, string> => {
    const delivering = sources.filter(({ kind }) => doorOf(kind) === 'hook');
    const at = (kind: keyof typeof SOURCE_KINDS): string => services[SOURCE_KINDS[kind].collector] ?? url;
    return Object.fromEntries(
      delivering.map(({ id: source, kind }) => [source, `${at(kind)}/v1/hooks/${kind}/${id}/${source}`]),
    );
  };
  return Object.fromEntries(
    config.workspaces.flatMap((workspace) => {
      const own = access[workspace.id];
      return own === undefined ? [] : [[workspace.id, { ...own, hooks: hooksOf(workspace) }]];
    }),
  );
}
