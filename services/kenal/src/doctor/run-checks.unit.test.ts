import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHealth, createHttpHost, createLogger, createMetrics } from '@kenal/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpointsPath } from '../client/endpoints.ts';
import { VERSION } from '../version.ts';
import { runChecks } from './run-checks.ts';

let folder: string;
const squatter = createServer((socket) => socket.destroy());
let takenPort: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kenal-doctor-'));
  await once(squatter.listen(0, '127.0.0.1'), 'listening');
  takenPort = (squatter.address() as AddressInfo).port;
});
afterAll(() => {
  squatter.close();
  rmSync(folder, { recursive: true });
});

const examine = async (environment: Record<string, string>, dataDir = join(folder, 'new'), url?: string) => {
  const findings = await runChecks({ environment, dataDir, ...(url === undefined ? {} : { url }) });
  return Object.fromEntries(findings.map((finding) => [finding.name, finding]));
};

test('a machine on which nothing runs yet is well, and says what to start', async () => {
  const found = await examine({ KENAL_PORT: '1' });
  expect(found).toMatchObject({
    node: { state: 'ok' },
    'data directory': { state: 'ok', detail: expect.stringContaining('is made at the first start') },
    configuration: { state: 'ok' },
    instance: { state: 'warn', advice: expect.stringContaining('npm start') },
    port: { state: 'ok', detail: '1 is free' },
  });
});

test('servers that do not answer, and one whose address is none, are named without their passwords', async () => {
  const environment = {
    KAFKA_BROKERS: `127.0.0.1:${takenPort}, 127.0.0.1:1`,
    REDIS_URL: 'redis://:secret@127.0.0.1:1',
    CLICKHOUSE_URL: 'no address',
  };
  const findings = await runChecks({ environment, dataDir: folder });
  const servers = findings.filter(({ name }) => ['kafka', 'redis', 'clickhouse'].includes(name));
  expect(servers.map(({ name, state }) => [name, state])).toEqual([
    ['kafka', 'ok'],
    ['kafka', 'fail'],
    ['redis', 'fail'],
    ['clickhouse', 'fail'],
  ]);
  expect(servers[2]).toMatchObject({ detail: '127.0.0.1:1: ECONNREFUSED', advice: 'start it, or set REDIS_URL right' });
  expect(JSON.stringify(findings)).not.toContain('secret');
});

test('a port that was asked for and is taken fails; Kenal’s own does not', async () => {
  const environment = { KENAL_PORT: String(takenPort) };
  expect((await examine(environment)).port).toMatchObject({ state: 'fail' });
  const own = await examine(environment, join(folder, 'new'), `http://127.0.0.1:${takenPort}`);
  expect(own.port).toMatchObject({ state: 'ok' });
});

test('a data directory that is a file, a configuration that is wrong, and endpoints of a dead instance fail', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'workspaces: nonsense');
  const dead = join(folder, 'dead');
  mkdirSync(dead);
  const endpoints = { url: 'http://127.0.0.1:1', writeKey: 'w', readKey: 'r', sqlUrl: 'http://127.0.0.1:1' };
  writeFileSync(endpointsPath(dead), JSON.stringify(endpoints));
  expect((await examine({ KENAL_CONFIG: file }, file))['data directory']).toMatchObject({ state: 'fail' });
  expect((await examine({ KENAL_CONFIG: file }, dead)).configuration).toMatchObject({ state: 'fail' });
  expect((await examine({}, dead)).instance).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('where nobody answers'),
  });
});

test('a configuration that can be started with and should be mended says what, and no secret', async () => {
  const path = join(folder, 'weak.yaml');
  const source = (id: string, kind: string, variable: string) =>
    `{ id: ${id}, kind: ${kind}, secrets: [env:${variable}] }`;
  const sources = [source('pay', 'stripe', 'PAY'), source('mail', 'postmark', 'MAIL'), source('wa', 'whatsapp', 'WA')];
  writeFileSync(path, `workspaces: [{ id: shop, sources: [${sources.join(', ')}] }]`);
  const environment = { KENAL_CONFIG: path, PAY: 'hunter2', MAIL: 'a-long-user-name:hunter2', WA: 'w'.repeat(16) };
  const findings = await runChecks({ environment, dataDir: join(folder, 'new') });
  expect(findings.filter(({ name }) => name === 'configuration')).toMatchObject([
    { state: 'ok' },
    { state: 'warn', detail: expect.stringMatching(/workspace shop has no erasure key/), advice: expect.any(String) },
    { state: 'warn', detail: expect.stringMatching(/source pay in workspace shop \(PAY\) is shorter than 16/) },
    { state: 'warn', detail: expect.stringMatching(/source mail in workspace shop \(MAIL\) is shorter than 16/) },
  ]);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
  expect((await examine({ KENAL_CONFIG: path })).configuration?.detail).toMatch(
    /\n {2}PAY: .*\n {2}MAIL: .*\n {2}WA: /,
  );
});

test('an instance of another version is odd, and each of its parts that is not ready is a fault', async () => {
  const health = createHealth();
  health.add('warehouse', () => null);
  health.add('log', () => 'the disk is full');
  health.add('parts', () => ({ warning: 'one is broken' }));
  const logger = createLogger({ name: 'test', level: 'silent' });
  const parts = { logger, health, metrics: createMetrics(), host: '127.0.0.1', port: 0 };
  const host = createHttpHost({ ...parts, version: `${VERSION}-other` });
  const found = await examine({}, join(folder, 'new'), await host.listen());
  await host.close();
  expect(found).toMatchObject({
    instance: { state: 'warn', advice: 'restart it' },
    warehouse: { state: 'ok' },
    parts: { state: 'warn', detail: 'one is broken' },
    log: { state: 'fail', detail: 'the disk is full' },
  });
});

test('an export of no view, and a webhook that nothing can be delivered to, fail by their names', async () => {
  const path = join(folder, 'never.yaml');
  const hook = '{ name: crm, url: "http://127.0.0.1:9240/", secrets: [env:S] }';
  writeFileSync(
    path,
    `workspaces: [{ id: shop, sources: [{ id: web }], exports: [{ name: e, what: ordres }], webhooks: [${hook}] }]`,
  );
  const { configuration } = await examine({ KENAL_CONFIG: path });
  expect(configuration).toMatchObject({
    state: 'fail',
    detail: expect.stringMatching(/exports\[0\]\.what: .*did you mean orders\?.*webhooks\[0\]\.url: .*https/s),
  });
});

test('the configuration is that of the instance that runs, whatever of its environment is not set here', async () => {
  const dataDir = mkdtempSync(join(folder, 'runs-'));
  const config = join(dataDir, 'kenal.yaml');
  writeFileSync(config, 'workspaces: [{ id: shop, sources: [{ id: web, keys: [{ key: env:NOT_SET_HERE }] }] }]');
  const parts = { logger: createLogger({ name: 'test', level: 'silent' }), health: createHealth() };
  const host = createHttpHost({ ...parts, metrics: createMetrics(), host: '127.0.0.1', port: 0, version: VERSION });
  const url = await host.listen();
  const configurations = async (used: string | null, environment = {}) => {
    writeFileSync(endpointsPath(dataDir), JSON.stringify({ url, config: used }));
    const findings = await runChecks({ environment, dataDir });
    return findings.filter(({ name }) => name === 'configuration').map(({ state, detail }) => `${state} ${detail}`);
  };
  expect(await configurations(config)).toEqual([
    `ok ${config}, which the running Kenal uses: 1 workspace(s), 1 source(s)`,
    expect.stringMatching(/^warn workspace shop has no erasure key/),
  ]);
  expect(await configurations(null)).toEqual([expect.stringMatching(/^ok the running Kenal has no kenal.yaml/)]);
  expect(await configurations(null, { KENAL_CONFIG: config })).toEqual([expect.stringContaining('NOT_SET_HERE')]);
  writeFileSync(config, 'workspaces: []');
  expect(await configurations(config)).toEqual([expect.stringMatching(/^fail .*workspaces: /)]);
  await host.close();
});
