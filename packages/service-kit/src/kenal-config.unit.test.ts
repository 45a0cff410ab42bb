import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKenalError } from '@kenal/errors';
import { expect, test } from 'vitest';
import { hashKey, loadKenalConfig } from './kenal-config.ts';

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'kenal-config-')), 'kenal.yaml');
  writeFileSync(path, text);
  return path;
}

const good = `
workspaces:
  - id: shop
    sources:
      - id: web
        keys: [{ key: 'env:WEB_KEY', scope: public }]
`;

// Ten times as much with each line: `b: &b [*a,*a,…]`
const BOMB = [
  'a: &a [x]',
  ...[...'bcdefghi'].map((name, i) => `${name}: &${name} [${tenOf(`*${'abcdefgh'[i]}`)}]`),
].join('\n');

function tenOf(text: string): string {
  return Array.from({ length: 10 }, () => text).join();
}

test('a key named by an environment variable becomes its hash, and defaults are filled in', () => {
  const loaded = loadKenalConfig({ path: file(good), environment: { WEB_KEY: 'abc' } });
  const workspace = loaded?.config.workspaces[0];
  expect(workspace?.sources[0]?.keys[0]).toEqual({ key: hashKey('abc'), scope: 'public' });
  expect(workspace?.retentionDays).toBe(30);
  expect(workspace?.traits).toEqual({});
});

test('keys of stewards become hashes, and the erasure key its bytes, the same at every start', () => {
  const more = "    stewardKeys: ['env:STEWARD']\n    erasureKey: env:FORGET\n";
  const load = (forget: string) =>
    loadKenalConfig({ path: file(good + more), environment: { WEB_KEY: 'x', STEWARD: 'abc', FORGET: forget } });
  const workspace = load('f'.repeat(32))?.config.workspaces[0];
  expect(workspace?.stewardKeys).toEqual([hashKey('abc')]);
  expect(workspace?.erasureKey).toMatch(/^key:[0-9a-f]{64}$/);
  expect(load('f'.repeat(32))?.config.workspaces[0]?.erasureKey).toBe(workspace?.erasureKey);
  expect(load('g'.repeat(32))?.config.workspaces[0]?.erasureKey).not.toBe(workspace?.erasureKey);
  expect(() => load('f'.repeat(31))).toThrow(
    /the erasure key of workspace shop, env:FORGET is shorter than 32 characters; take one from: openssl rand -hex 32/,
  );
});

test.each([
  ['a variable that is not set is named', good, {}, /WEB_KEY, which is not set/],
  [
    'an erasure key that stands in the file is refused, and not shown',
    `${good}    erasureKey: hunter2\n`,
    { WEB_KEY: 'x' },
    /line 7, workspaces\[0\]\.erasureKey: must be `env:NAME`/,
  ],
  [
    'an unknown option names the nearest one and all',
    good.replace('id: shop', 'id: shop\n    timezon: UTC'),
    { WEB_KEY: 'x' },
    /line 4, workspaces\[0\]\.timezon: there is no such option, did you mean timezone\?; there are id, timezone, currency/,
  ],
  [
    'an option that is missing says what it takes',
    'workspaces: [{ id: shop }]',
    {},
    /line 1, workspaces\[0\]\.sources: it is missing; wanted: a list of at least 1/,
  ],
  ['an empty file says what it takes', '', {}, /workspaces: it is missing/],
  [
    'a number out of its range says the range',
    good.replace('id: shop', 'id: shop\n    retentionDays: "0"'),
    { WEB_KEY: 'x' },
    /retentionDays: found "0"; wanted: a whole number above 0 \(days that topics keep personal data\)/,
  ],
  [
    'a limit of a type that nobody declares is named',
    `${good}    identity: { limits: { emial: 3 } }\n`,
    { WEB_KEY: 'x' },
    /line 7, workspaces\[0\]\.identity\.limits\.emial: .*must name an identifier type: .*did you mean email\?/,
  ],
  [
    'an unknown rule of survivorship lists the legal ones',
    `${good}    traits: { city: { survivorship: latest } }\n`,
    { WEB_KEY: 'x' },
    /line 7, workspaces\[0\]\.traits\.city\.survivorship: found "latest"; wanted: one of newest, oldest, longest, source_priority/,
  ],
  [
    'a source that a trait trusts and nobody declares is named',
    `${good}    traits: { city: { survivorship: source_priority, sources: [web, crm] } }\n`,
    { WEB_KEY: 'x' },
    /line 7, workspaces\[0\]\.traits\.city\.sources\[1\]: found "crm"; must name a source of the workspace: web/,
  ],
  [
    'a source that a trait trusts twice is named',
    `${good}    traits: { city: { survivorship: source_priority, sources: [web, web] } }\n`,
    { WEB_KEY: 'x' },
    /traits\.city\.sources\[1\]: found "web"; must differ from every other source of the list/,
  ],
  [
    'source priority without sources is refused',
    `${good}    traits: { city: { survivorship: source_priority } }\n`,
    { WEB_KEY: 'x' },
    /traits\.city\.sources: it is missing; must be given with survivorship source_priority/,
  ],
  [
    'sources without source priority are refused',
    `${good}    traits: { city: { sources: [web] } }\n`,
    { WEB_KEY: 'x' },
    /traits\.city\.sources: found a list of 1; must be left out, or survivorship be source_priority/,
  ],
  [
    'an unknown option of a trait names the nearest one',
    `${good}    traits: { city: { freshDays: 3 } }\n`,
    { WEB_KEY: 'x' },
    /traits\.city\.freshDays: there is no such option, did you mean freshForDays\?; there are survivorship, sources, freshForDays, required/,
  ],
  [
    'two workspaces of one id are told apart',
    good + good.replace('workspaces:', ''),
    { WEB_KEY: 'x' },
    /line 9, workspaces\[1\]\.id: found "shop"; must differ/,
  ],
  [
    'one key for two workspaces is refused: it would write into one and read the other',
    good + good.replace('workspaces:', '').replace('id: shop', 'id: bank'),
    { WEB_KEY: 'x' },
    /source web of workspace shop and source web of workspace bank have the same write key; give each its own/,
  ],
  ['a key in clear text is refused', good.replace('env:WEB_KEY', 'mysecret'), {}, /sha256:<64 hex digits>/],
  [
    'an unknown channel lists the legal ones',
    good.replace('id: web', 'id: web\n        channel: telex'),
    { WEB_KEY: 'x' },
    /line 6, workspaces\[0\]\.sources\[0\]\.channel: found "telex"; wanted: one of email, phone, web/,
  ],
  [
    'a time zone that is none is named',
    good.replace('id: shop', 'id: shop\n    timezone: Mars'),
    { WEB_KEY: 'x' },
    /line 4, workspaces\[0\]\.timezone: found "Mars"; must be an IANA/,
  ],
  [
    'a schedule that cannot be kept is named with what is wanted',
    good.replace('id: shop', 'id: shop\n    marts: { schedules: { scores: 99 3 * * * } }'),
    { WEB_KEY: 'x' },
    /line 4, workspaces\[0\]\.marts\.schedules\.scores: found "99 3 \* \* \*"; must be off, or a cron expression of 5/,
  ],
  [
    'a country that is none is named',
    good.replace('id: shop', 'id: shop\n    region: XX'),
    { WEB_KEY: 'x' },
    /region: found "XX"; must be an ISO 3166/,
  ],
  ['broken YAML says where', 'workspaces: [', {}, /line 1: this is no YAML/],
  [
    'a key that stands twice says where',
    `${good}    region: ID\n    region: GB\n`,
    { WEB_KEY: 'x' },
    /line 8: this is no YAML: the key region stands here twice/,
  ],
  ['aliases that fill the memory are a fault', BOMB, {}, /kenal\.yaml: its aliases \(\*name\) cannot be followed: Exc/],
  ['an alias of nothing is a fault', 'workspaces: *nope', {}, /kenal\.yaml: its aliases \(\*name\) cannot .*nope/],
])('%s', (_promise, text, environment, message) => {
  try {
    loadKenalConfig({ path: file(text), environment });
    expect.unreachable('the configuration was taken');
  } catch (error) {
    expect(isKenalError(error, 'bad_config')).toBe(true);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('mysecret');
  }
});

test('variables that are not set are named all at once, what vendors sign with only where all is served from here', () => {
  const more = `${good}      - { id: pay, kind: stripe, secrets: ['env:PAY', 'env:NEXT'] }
      - { id: chat, kind: whatsapp, secrets: ['env:CHAT'], verifyToken: env:SHOWN }
      - { id: off, kind: stripe, secrets: ['env:OFF'], enabled: false }
    readKeys: [env:READER]
    erasureKey: env:FORGET
`;
  const missing = (withSecrets: boolean): string[] => {
    try {
      loadKenalConfig({ path: file(more), environment: { NEXT: 'x', FORGET: '' }, withSecrets });
      return [];
    } catch (error) {
      return (error as Error).message.split('\n  ').slice(1);
    }
  };
  const keys = ['FORGET: the erasure key of workspace shop', 'READER: read key 1 of workspace shop'];
  expect(missing(false)).toEqual([...keys, 'WEB_KEY: a key of source web in workspace shop']);
  expect(missing(true)).toEqual([
    ...[...keys, 'WEB_KEY: a key of source web in workspace shop'],
    'PAY: a secret of source pay in workspace shop',
    'CHAT: a secret of source chat in workspace shop',
    'SHOWN: the verify token of source chat in workspace shop',
  ]);
});

test('every fault of a file has a line of its own, in the order of the file', () => {
  const text = good.replace('id: shop', 'id: Shop\n    colour: red').replace('scope: public', 'scope: browser');
  expect(() => loadKenalConfig({ path: file(text), environment: { WEB_KEY: 'x' } })).toThrow(
    /kenal\.yaml has 3 faults:\n {2}line 3, .*\n {2}line 4, .*\n {2}line 7, .*one of public, secret, development/,
  );
});

test('of more than 20 faults the first 20 are told, each with its line, and how many there are', () => {
  const wrong = Array.from({ length: 2_000 }, (_, i) => `        x${i}: 1`);
  const text = `${good}    identity:\n      limits:\n${wrong.join('\n')}\n`;
  expect(() => loadKenalConfig({ path: file(text), environment: { WEB_KEY: 'x' } })).toThrow(
    /kenal\.yaml has 2000 faults:\n {2}line 9, .*limits\.x0: .*(\n {2}line \d+, .*){18}\n {2}line 28, .*\n {2}… and 1980 more$/,
  );
});

test('a file that was asked for and is not there is an error, none at all is a development workspace', () => {
  expect(() => loadKenalConfig({ path: '/nowhere/kenal.yaml', environment: {} })).toThrow(/there is no file \/nowhere/);
});

const withHook = (url: string, more = '') =>
  `${good}    webhooks: [{ name: crm, url: '${url}', secrets: ['env:S'] }]\n${more}`;
const withExport = (what: string) => `${good}    exports:\n      - { name: daily, what: ${what} }\n`;

test.each([
  [
    'a webhook on this machine, which `webhooks add` refuses as well, with the option that allows it',
    withHook('http://127.0.0.1:9240/yaml'),
    /line 7, workspaces\[0\]\.webhooks\[0\]\.url: .*must begin with https:\/\/; for tests, `dangerouslyAllowLoopbackWebhooks: true`/,
  ],
  [
    'a webhook in a private network, which no option allows',
    withHook('https://10.0.0.1/'),
    /url: .*is an address of a private network or of a machine itself \(/,
  ],
  [
    'a webhook by http elsewhere, whatever is open here',
    withHook('http://crm.example.com/', '    dangerouslyAllowLoopbackWebhooks: true\n'),
    /url: .*must begin with https:\/\/ \(/,
  ],
  [
    'an export of a view that is none, with the name that was meant',
    withExport('ordes'),
    /line 8, workspaces\[0\]\.exports\[0\]\.what: found "ordes"; must be profiles, or the name of a view or mart.*did you mean orders\?/,
  ],
])('what can never work is refused at the start: %s', (_what, text, expected) => {
  const load = () => loadKenalConfig({ path: file(text), environment: { WEB_KEY: 'x' }, views: new Set(['orders']) });
  expect(load).toThrow(expected);
});

test('a webhook on this machine is taken where that is allowed, and exports of views and of profiles are', () => {
  const views = new Set(['orders']);
  const environment = { WEB_KEY: 'x', S: `whsec_${'A'.repeat(43)}=` };
  const open = withHook('http://127.0.0.1:9240/yaml', '    dangerouslyAllowLoopbackWebhooks: true\n');
  for (const text of [open, withExport('orders'), withExport('profiles')])
    expect(loadKenalConfig({ path: file(text), environment, views })).not.toBeNull();
});
