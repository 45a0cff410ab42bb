import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Collector } from '@kenal/contracts';
import type { GeneratedKeys } from '../up/generated-keys.ts';
import type { LocalConfig } from '../up/workspace-config.ts';
import type { ChildSpec } from './child.ts';

/** Where everything of the distributed stack answers; chosen before anything is started. */
export interface Addresses {
  readonly host: string;
  /** Ports of the collectors that run: the one for the web always, others where kenal.yaml has a source for them. */
  readonly collectors: { readonly 'collector-web': number } & Readonly<Partial<Record<Collector, number>>>;
  readonly profileApi: number;
  readonly sql: number;
  /** null where no source is of kind smtp. */
  readonly smtp: number | null;
  readonly resolver: number;
  readonly loader: number;
  readonly jobRunner: number;
  /** Port of `kenal chdb-server`; null where a ClickHouse server was named. */
  readonly chdb: number | null;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/**
 * The processes in the order in which they are started; they are stopped from the front: first whoever takes work in.
 * `chdb-server`, which the others need, comes last here and is started first.
 */
export function planProcesses(
  environment: Readonly<Record<string, string | undefined>>,
  dataDir: string,
  local: LocalConfig,
  keys: GeneratedKeys,
  at: Addresses,
): readonly ChildSpec[] {
  const password = keys.password('chdb-server');
  const base: Record<string, string> = {
    ...withoutEmpty(environment),
    KENAL_DATA: dataDir,
    KENAL_HOST: at.host,
    KENAL_CONFIG: writeConfig(dataDir, local),
  };
  if (at.chdb !== null) base.CLICKHOUSE_URL = `http://default:${password}@127.0.0.1:${at.chdb}`;
  const service = (name: string, port: number, more: Record<string, string> = {}): ChildSpec => ({
    name,
    args: [fileURLToPath(import.meta.resolve(`@kenal/${name}/main`))],
    env: { ...base, KENAL_PORT: String(port), ...more },
    url: `http://${shown(at.host)}:${port}`,
    readyPath: '/readyz',
  });
  const services = [
    ...Object.entries(at.collectors).map(([name, port]) =>
      service(name, port, name === 'collector-email' && at.smtp !== null ? { KENAL_SMTP_PORT: String(at.smtp) } : {}),
    ),
    service('job-runner', at.jobRunner, {
      KENAL_API_URL: `http://${shown(at.host)}:${at.profileApi}`,
      KENAL_STEWARD_KEY: Object.values(local.access)
        .map(({ stewardKey }) => stewardKey)
        .join(','),
    }),
    service('profile-api', at.profileApi, { KENAL_SQL_PORT: String(at.sql) }),
    service('identity-resolver', at.resolver),
    service('warehouse-loader', at.loader),
  ];
  if (at.chdb === null) return services;
  const chdb: ChildSpec = {
    name: 'chdb-server',
    args: [MAIN, 'chdb-server', '--port', String(at.chdb)],
    env: { ...base, KENAL_CHDB_PASSWORD: password },
    url: `http://127.0.0.1:${at.chdb}`,
    readyPath: '/ping',
  };
  return [...services, chdb];
}

export function shown(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

// What kenal.yaml says with the hashes of generated keys beside its own; JSON is YAML.
function writeConfig(dataDir: string, local: LocalConfig): string {
  const path = join(dataDir, 'distributed.yaml');
  writeFileSync(path, `${JSON.stringify(local.config, null, 2)}\n`, { mode: 0o600 });
  return path;
}

function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
