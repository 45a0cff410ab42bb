import { ALL_VERBS, type KenalConfig } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { hashKey } from '../kenal-config.ts';
import { authenticate } from './credentials.ts';
import { createReadKeys, type KnownKey } from './read-keys.ts';

const DESK = { name: 'desk', key: hashKey('desk-key'), verbs: ['profiles'], fields: ['traits.first_name'] };
const keys = createReadKeys({
  workspaces: [
    { id: 'shop', readKeys: [hashKey('old-key'), hashKey('read+key/=')], stewardKeys: [hashKey('steward')], keys: [] },
    { id: 'bank', readKeys: [hashKey('bank-key'), hashKey('both')], stewardKeys: [hashKey('both')], keys: [DESK] },
  ],
} as unknown as KenalConfig);
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

test.each([
  ['Basic with any user and the key as password', basic('anybody:read+key/='), {}],
  ['Basic with the key as user and no password', basic('read+key/=:'), {}],
  ['Basic without a colon', basic('read+key/='), {}],
  ['Bearer', { authorization: 'Bearer read+key/=' }, {}],
  ['X-Read-Key', { 'x-read-key': 'read+key/=' }, {}],
  ['X-ClickHouse-Key', { 'x-clickhouse-user': 'any', 'x-clickhouse-key': 'read+key/=' }, {}],
  ['the query', {}, { key: 'read+key/=' }],
  ['the password that ClickHouse drivers put into the query', {}, { user: 'any', password: 'read+key/=' }],
])('a read key is found in %s', (_place, headers, query) => {
  expect(authenticate(keys, { headers, query }, 'profiles').workspace).toBe('shop');
});

test('the key decides the workspace, and each of two keys opens it', () => {
  expect(authenticate(keys, { headers: { 'x-read-key': 'bank-key' }, query: {} }, 'sql').workspace).toBe('bank');
  expect(authenticate(keys, { headers: { 'x-read-key': 'old-key' }, query: {} }, 'sql').workspace).toBe('shop');
});

test.each([
  ['no key', {}, {}],
  ['a wrong key', { 'x-read-key': 'nope' }, {}],
  ['the hash instead of the key', { 'x-read-key': hashKey('bank-key') }, {}],
  ['an empty Basic pair', basic(':'), {}],
  ['a list in the query', {}, { key: ['bank-key'] }],
])('%s is refused with unknown_key', (_what, headers, query) => {
  expect(() => authenticate(keys, { headers, query }, null)).toThrow(
    expect.objectContaining({ code: 'unknown_key', status: 401 }),
  );
});

test('a steward key decides and reads; a read key is told which key it takes', () => {
  const steward = { headers: { 'x-steward-key': 'steward' }, query: {} };
  expect(authenticate(keys, steward, 'decide')).toMatchObject({
    workspace: 'shop',
    name: `key ${hashKey('steward').slice('sha256:'.length, 'sha256:'.length + 8)}`,
  });
  expect(authenticate(keys, steward, 'profiles').workspace).toBe('shop');
  expect(authenticate(keys, { headers: { authorization: 'Bearer both' }, query: {} }, 'decide').workspace).toBe('bank');
  expect(() => authenticate(keys, { headers: { 'x-read-key': 'bank-key' }, query: {} }, 'decide')).toThrow(
    expect.objectContaining({
      ...{ code: 'forbidden', status: 403 },
      message: expect.stringMatching(/workspace bank with the verb decide.*workspaces.stewardKeys of kenal.yaml/),
    }),
  );
});

test('a key with a scope of its own does what its verbs say and nothing else', () => {
  const desk = { headers: { 'x-read-key': 'desk-key' }, query: {} };
  expect(authenticate(keys, desk, 'profiles')).toEqual({
    ...{ workspace: 'bank', name: 'key desk', verbs: ['profiles'], fields: ['traits.first_name'] },
  });
  for (const verb of ALL_VERBS.filter((one) => one !== 'profiles'))
    expect(() => authenticate(keys, desk, verb)).toThrow(
      expect.objectContaining({ code: 'forbidden', message: expect.stringContaining('key desk has profiles') }),
    );
});

test('a key that is made while Kenal runs opens at once, and is shut when it is taken back', () => {
  let made: readonly KnownKey[] = [];
  const running = createReadKeys({ workspaces: [] } as unknown as KenalConfig, () => made);
  const asked = { headers: { 'x-read-key': 'later' }, query: {} };
  expect(() => authenticate(running, asked, 'sql')).toThrow(expect.objectContaining({ code: 'unknown_key' }));
  made = [{ hash: hashKey('later'), workspace: 'shop', name: 'key bi', verbs: ['sql'], fields: null }];
  expect(authenticate(running, asked, 'sql')).toMatchObject({ workspace: 'shop', name: 'key bi' });
  made = [];
  expect(() => authenticate(running, asked, 'sql')).toThrow(expect.objectContaining({ code: 'unknown_key' }));
});
