import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring } from '@kenal/collector-kit';
import { ALL_VERBS, kenalConfigSchema, READ_VERBS } from '@kenal/contracts';
import { createMetrics, createReadKeys, hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { table } from '../cli/table.ts';
import { readEndpoints, writeEndpoints } from '../client/endpoints.ts';
import { banner, QUESTIONS } from './banner.ts';
import { loadGeneratedKeys } from './generated-keys.ts';
import { endpointsOf } from './local-endpoints.ts';
import { openLogFile } from './log-file.ts';
import { withThreadMetrics } from './metrics-of-threads.ts';
import { loadLocalConfig } from './workspace-config.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'kenal-up-'));

const YAML = `
workspaces:
  - id: shop
    readKeys: ['${hashKey('analyst')}']
    sources:
      - { id: web, keys: [{ key: '${hashKey('own')}', scope: public }] }
      - { id: turning, keys: [{ key: '${hashKey('old')}' }, { key: '${hashKey('new')}' }] }
  - id: club
    sources: [{ id: cli, keys: [{ key: '${hashKey('club')}' }] }]
`;

test('generated keys stay the same for a data directory, differ between directories, and only their owner reads them', () => {
  const dir = join(folder(), 'deep', 'data');
  const first = loadGeneratedKeys(dir);
  expect(loadGeneratedKeys(dir).writeKey('w', 's')).toBe(first.writeKey('w', 's'));
  expect(loadGeneratedKeys(folder()).writeKey('w', 's')).not.toBe(first.writeKey('w', 's'));
  const all = [first.writeKey('w', 's'), first.writeKey('w', 't'), first.readKey('w'), first.stewardKey('w')];
  expect(new Set([...all, first.erasureKey('w'), first.password('w')]).size).toBe(6);
  expect(loadGeneratedKeys(dir).erasureKey('w')).toBe(first.erasureKey('w'));
  expect(statSync(join(dir, 'keys.json')).mode & 0o077).toBe(0);
  writeFileSync(join(dir, 'keys.json'), '{"secret":"short"}');
  expect(() => loadGeneratedKeys(dir)).toThrow(/keys\.json does not hold the keys/);
});

test('beside the keys of kenal.yaml, which go on working, each source with room gets a generated one, and there is a source cli', () => {
  const dir = folder();
  const path = join(dir, 'kenal.yaml');
  writeFileSync(path, YAML);
  const local = loadLocalConfig({}, path, loadGeneratedKeys(dir));
  expect(kenalConfigSchema.safeParse(local.config).success).toBe(true); // services of their own read it from a file
  const keyring = createKeyring(local.config);
  for (const [key, source] of [
    ['own', 'web'],
    ['old', 'turning'],
    ['new', 'turning'],
    ['club', 'cli'],
  ] as const)
    expect(keyring.find(key)?.source.id).toBe(source);
  const { shop, club } = local.access;
  expect(Object.keys(shop?.sources ?? {})).toEqual(['web', 'cli']);
  expect(keyring.find(shop?.sources.web ?? '')?.source).toMatchObject({ workspace: 'shop', id: 'web' });
  expect(keyring.find(shop?.writeKey ?? '')?.source).toMatchObject({ workspace: 'shop', id: 'cli' });
  expect(keyring.find(club?.writeKey ?? '')?.source).toMatchObject({ workspace: 'club', id: 'cli' });
  const readKeys = createReadKeys(local.config);
  expect(readKeys.readerOf('analyst')?.workspace).toBe('shop');
  expect(readKeys.readerOf(club?.readKey ?? '')?.workspace).toBe('club');
  expect(JSON.stringify(local.config)).not.toContain(shop?.writeKey);
  expect(readKeys.readerOf(shop?.stewardKey ?? '')).toMatchObject({
    workspace: 'shop',
    verbs: ALL_VERBS,
    name: 'key this-machine',
  });
  expect(readKeys.readerOf(shop?.readKey ?? '')?.verbs).toEqual(READ_VERBS);
  // Erased people must be known again when this directory is long gone: its operator sets that key
  expect(local.config.workspaces.map(({ erasureKey }) => erasureKey)).toEqual([undefined, undefined]);
});

test('without a kenal.yaml there is a development workspace whose write key is the one of its web source', () => {
  const dir = folder();
  const before = process.cwd();
  process.chdir(dir); // there is no kenal.yaml here
  try {
    const local = loadLocalConfig({}, undefined, loadGeneratedKeys(dir));
    const endpoints = endpointsOf({ url: 'http://a', sqlUrl: 'http://b' }, local);
    expect(endpoints.writeKey).toBe(local.access.dev?.sources.web);
    writeEndpoints(dir, endpoints);
    expect(readEndpoints(dir)).toEqual(endpoints);
    const text = banner(endpoints, dir, null);
    expect(text).not.toContain('smtp://');
    const withMail = endpointsOf({ url: 'http://a', sqlUrl: 'http://b', smtpUrl: 'smtp://c:2525' }, local);
    expect(banner(withMail, dir, null)).toContain('smtp://c:2525');
    for (const [title] of QUESTIONS) expect(text).toContain(title);
    expect(text).toContain(`curl -u ${endpoints.writeKey}: `);
    expect(text).toContain(`npx kenal --data ${dir} profile`);
    expect(endpoints.stewardKey).toBe(local.access.dev?.stewardKey);
    expect(text).not.toContain(endpoints.stewardKey);
    expect(local.config.workspaces[0]?.erasureKey).toMatch(/^key:[0-9a-f]{64}$/);
  } finally {
    process.chdir(before);
  }
});

test('a warning of a service reaches the terminal as one sentence, all else only the file', () => {
  const dir = join(folder(), 'data');
  mkdirSync(dir);
  const told: string[] = [];
  const file = openLogFile(dir, (sentence) => told.push(sentence));
  file.write('{"level":30,"service":"a","msg":"fine"}\n');
  file.write('{"level":40,"service":"loader","err":{"message":"disk full"},"msg":"trying again"}\n');
  file.write('{"level":40,"service":"kenal","workspace":"shop","source":"pay","msg":"too short"}\n');
  file.close();
  expect(told).toEqual(['loader: trying again (disk full)', 'kenal: too short (source pay of workspace shop)']);
  expect(readFileSync(file.path, 'utf8').split('\n')).toHaveLength(4);
});

test('a warning that keeps coming is said once, then how often it came again, to the terminal and in the file alike', async () => {
  const told: string[] = [];
  const count = Promise.withResolvers<void>();
  const tell = (sentence: string): void => {
    told.push(sentence);
    if (sentence.includes('more times')) count.resolve();
  };
  const file = openLogFile(folder(), tell, 50);
  for (let n = 0; n < 500; n += 1)
    file.write(`{"level":40,"service":"resolver","err":{"message":"offset ${n}"},"msg":"trying again"}\n`);
  file.write('{"level":40,"service":"loader","msg":"another"}\n');
  await count.promise;
  file.close();
  expect(told).toEqual([
    'resolver: trying again (offset 0)',
    'loader: another',
    'resolver: trying again (offset 0) — 499 more times',
  ]);
  expect(readFileSync(file.path, 'utf8').trim().split('\n')).toHaveLength(3);
});

test('metrics of the threads stand beside those of the process, each name once', async () => {
  const metrics = createMetrics();
  metrics.counter('kenal_shared_total', 'x').inc();
  const thread =
    '# HELP kenal_shared_total x\n# TYPE kenal_shared_total counter\nkenal_shared_total 5\n# TYPE kenal_own_total counter\nkenal_own_total 7\n# TYPE nodejs_version_info gauge\nnodejs_version_info 1\n';
  const { text } = await withThreadMetrics(metrics, async () => [thread, '', thread]).render();
  expect(text.match(/^kenal_shared_total /gm)).toHaveLength(1);
  expect(text.match(/^(?:# TYPE )?kenal_own_total /gm)).toHaveLength(2);
  expect(text.match(/^# TYPE nodejs_version_info/gm)).toHaveLength(1);
});

test('a table lines up, numbers to the right, and is cut at the width of the terminal', () => {
  expect(
    table([
      ['name', 'n'],
      ['Zoë', '7'],
      ['Bo', '1,234'],
    ]),
  ).toBe('name      n\nZoë       7\nBo    1,234\n');
  expect(table([['a'], ['x'.repeat(30)]], 10).split('\n')[1]).toBe(`${'x'.repeat(9)}…`);
});
