import type { KenalConfig } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { hashKey } from '../kenal-config.ts';
import { authenticate, authenticateSteward } from './credentials.ts';
import { createReadKeys } from './read-keys.ts';

const keys = createReadKeys({
  workspaces: [
    { id: 'shop', readKeys: [hashKey('old-key'), hashKey('read+key/=')], stewardKeys: [hashKey('steward')] },
    { id: 'bank', readKeys: [hashKey('bank-key'), hashKey('both')], stewardKeys: [hashKey('both')] },
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
  expect(authenticate(keys, { headers, query })).toBe('shop');
});

test('the key decides the workspace, and each of two keys opens it', () => {
  expect(authenticate(keys, { headers: { 'x-read-key': 'bank-key' }, query: {} })).toBe('bank');
  expect(authenticate(keys, { headers: { 'x-read-key': 'old-key' }, query: {} })).toBe('shop');
});

test.each([
  ['no key', {}, {}],
  ['a wrong key', { 'x-read-key': 'nope' }, {}],
  ['the hash instead of the key', { 'x-read-key': hashKey('bank-key') }, {}],
  ['an empty Basic pair', basic(':'), {}],
  ['a list in the query', {}, { key: ['bank-key'] }],
])('%s is refused with unknown_key', (_what, headers, query) => {
  expect(() => authenticate(keys, { headers, query })).toThrow(
    expect.objectContaining({ code: 'unknown_key', status: 401 }),
  );
});

test('a steward key decides and reads; a read key is told which key it takes', () => {
  const steward = { headers: { 'x-steward-key': 'steward' }, query: {} };
  expect(authenticateSteward(keys, steward)).toEqual({
    workspace: 'shop',
    name: `key ${hashKey('steward').slice('sha256:'.length, 'sha256:'.length + 8)}`,
  });
  expect(authenticate(keys, steward)).toBe('shop');
  expect(authenticateSteward(keys, { headers: { authorization: 'Bearer both' }, query: {} }).workspace).toBe('bank');
  expect(() => authenticateSteward(keys, { headers: { 'x-read-key': 'bank-key' }, query: {} })).toThrow(
    expect.objectContaining({
      ...{ code: 'forbidden', status: 403 },
      message: expect.stringMatching(/a steward key of workspace bank: workspaces.stewardKeys of kenal.yaml/),
    }),
  );
  expect(() => authenticateSteward(keys, { headers: {}, query: {} })).toThrow(
    expect.objectContaining({ code: 'unknown_key' }),
  );
});
