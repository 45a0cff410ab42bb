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

test('a key named by an environment variable becomes its hash, and defaults are filled in', () => {
  const loaded = loadKenalConfig({ path: file(good), environment: { WEB_KEY: 'abc' } });
  const workspace = loaded?.config.workspaces[0];
  expect(workspace?.sources[0]?.keys[0]).toEqual({ key: hashKey('abc'), scope: 'public' });
  expect(workspace?.retentionDays).toBe(30);
});

test.each([
  ['a variable that is not set is named', good, {}, /WEB_KEY, which is not set/],
  ['an unknown option is named', good.replace('id: shop', 'id: shop\n    colour: red'), { WEB_KEY: 'x' }, /colour/],
  ['a key in clear text is refused', good.replace('env:WEB_KEY', 'mysecret'), {}, /sha256:<64 hex digits>/],
  [
    'an unknown channel lists the legal ones',
    good.replace('id: web', 'id: web\n        channel: telex'),
    { WEB_KEY: 'x' },
    /"phone"/,
  ],
  [
    'a time zone that is none is named',
    good.replace('id: shop', 'id: shop\n    timezone: Mars'),
    { WEB_KEY: 'x' },
    /timezone: must be an IANA/,
  ],
  [
    'a country that is none is named',
    good.replace('id: shop', 'id: shop\n    region: XX'),
    { WEB_KEY: 'x' },
    /region: must be an ISO 3166/,
  ],
  ['broken YAML says where', 'workspaces: [', {}, /cannot be read/],
])('%s', (_promise, text, environment, message) => {
  try {
    loadKenalConfig({ path: file(text), environment });
    expect.unreachable('the configuration was taken');
  } catch (error) {
    expect(isKenalError(error, 'bad_config')).toBe(true);
    expect((error as Error).message).toMatch(message);
  }
});

test('a file that was asked for and is not there is an error, none at all is a development workspace', () => {
  expect(() => loadKenalConfig({ path: '/nowhere/kenal.yaml', environment: {} })).toThrow(/cannot be read/);
});
