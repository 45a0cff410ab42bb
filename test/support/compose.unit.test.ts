import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashKey, loadKenalConfig, parseEnvironment } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHOOSES_THE_SERVICE = 'KENAL_SERVICE';

interface ComposeService {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(readFileSync(`${ROOT}/docker-compose.yml`, 'utf8'), { merge: true }) as Compose;
const dockerfile = readFileSync(`${ROOT}/infra/docker/Dockerfile`, 'utf8');
const ours = Object.entries(compose.services).filter(([, service]) => service.image === 'kenal:local');
const keys = [...readFileSync(`${ROOT}/infra/docker/kenal.yaml`, 'utf8').matchAll(/env:([A-Z_]+)/g)].map((m) => m[1]!);

/** `${NAME:-default}` → default. */
function filledIn(service: ComposeService): Record<string, string> {
  const entries = Object.entries(service.environment ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replace(/\$\{\w+:-([^}]*)\}/g, '$1')]));
}

/** Variables that the service's config.ts keeps of those given: its schema drops what it does not know. */
async function readVariables(name: string, given: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const config = (await import(`${ROOT}/services/${name}/src/config.ts`)) as {
    environmentSchema: Parameters<typeof parseEnvironment>[0];
  };
  return Object.keys(parseEnvironment(config.environmentSchema, given) as object);
}

function exampleConfig(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'kenal-compose-')), 'kenal.yaml');
  writeFileSync(path, readFileSync(`${ROOT}/infra/docker/kenal.yaml`));
  return path;
}

test('compose starts each service that runs as a process of its own', () => {
  const inTree = readdirSync(`${ROOT}/services`).filter((name) => name !== 'kenal');
  expect(ours.map(([name]) => name).sort()).toEqual(inTree.sort());
  for (const [name, service] of ours) {
    expect(service.environment?.[CHOOSES_THE_SERVICE]).toBe(name);
    expect(existsSync(`${ROOT}/services/${name}/src/main.ts`), `${name}/src/main.ts`).toBe(true);
  }
});

test.each(ours)(
  '%s reads every variable that compose sets, and has every adapter it can have',
  async (name, service) => {
    const given = { ...filledIn(service), KENAL_CONFIG: exampleConfig() };
    const set = Object.keys(given).filter((variable) => variable !== CHOOSES_THE_SERVICE && !keys.includes(variable));
    const read = await readVariables(name, given);
    expect(set.filter((variable) => !read.includes(variable))).toEqual([]);
    const servers = {
      KAFKA_BROKERS: 'kafka:9092',
      REDIS_URL: 'redis://redis',
      CLICKHOUSE_URL: 'http://clickhouse:8123',
    };
    const possible = await readVariables(name, { ...given, ...servers });
    const missing = Object.keys(servers).filter((variable) => possible.includes(variable) && !set.includes(variable));
    expect(missing).toEqual([]);
  },
);

test.each(ours)('%s listens where compose publishes it and is asked whether it is ready', (_, service) => {
  const {
    KENAL_PORT: port,
    KENAL_SQL_PORT: sqlPort,
    KENAL_SMTP_PORT: smtpPort,
    KENAL_HOST: host,
  } = service.environment ?? {};
  expect(host).toBe('0.0.0.0');
  for (const mapping of service.ports ?? []) expect([port, sqlPort, smtpPort]).toContain(mapping.split(':').at(-1));
  expect(service.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/readyz`);
  const httpHost = readFileSync(`${ROOT}/packages/service-kit/src/http-host.ts`, 'utf8');
  expect(httpHost).toContain("'/readyz'");
  expect(dockerfile).toContain(`EXPOSE ${port}`);
});

test('ports are published on this machine only, unless somebody says otherwise', () => {
  const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
  expect(published).toHaveLength(8);
  for (const mapping of published) expect(mapping).toMatch(/^\$\{KENAL_BIND:-127\.0\.0\.1\}:\d+:\d+$/);
});

test('every service waits until what it needs is healthy, and each of those has a health check', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    expect(service.healthcheck, `${name} has a health check`).toBeDefined();
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(needed);
      expect(condition).toBe('service_healthy');
    }
  }
  const hosts = { KAFKA_BROKERS: /^(\w+):/, REDIS_URL: /\/\/(\w+):/, CLICKHOUSE_URL: /@(\w+):/ };
  for (const [, service] of ours)
    for (const [variable, host] of Object.entries(hosts)) {
      const url = filledIn(service)[variable];
      if (url !== undefined) expect(Object.keys(compose.services)).toContain(host.exec(url)?.[1]);
    }
});

test('the mounted kenal.yaml is valid and takes its keys from variables that compose sets', () => {
  const [, collector] = ours.find(([name]) => name === 'collector-web')!;
  const loaded = loadKenalConfig({ path: `${ROOT}/infra/docker/kenal.yaml`, environment: filledIn(collector) });
  const source = loaded?.config.workspaces[0]?.sources[0];
  expect(source?.keys[0]?.key).toBe(hashKey('compose-write-key'));
  expect(collector.volumes).toContain(`./infra/docker/kenal.yaml:${collector.environment?.KENAL_CONFIG}:ro`);
});

test('data lies in named volumes', () => {
  const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes.map((v) => v.split(':')[0]!));
  const named = mounted.filter((volume) => !volume.startsWith('.'));
  expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort());
});

test('the image runs the Node and installs with the pnpm that the workspace pins', () => {
  const { packageManager, devDependencies } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as {
    packageManager: string;
    devDependencies: Record<string, string>;
  };
  expect(dockerfile).toContain(`npx -y ${packageManager} install`);
  expect(dockerfile).toContain(`FROM node:${/(\d+)\./.exec(devDependencies['node-runtime']!)?.[1]}-slim`);
});

// Probed by an answer: the docker command may be there without compose.
const hasCompose = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0;
test.skipIf(!hasCompose)('docker compose accepts the file', () => {
  const result = spawnSync('docker', ['compose', '-f', `${ROOT}/docker-compose.yml`, 'config', '-q'], {
    encoding: 'utf8',
  });
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
});
