import type { KenalConfig } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { authenticate } from './credentials.ts';
import { createReadKeys } from './read-keys.ts';

const keys = createReadKeys({
  workspaces: [
    { id: 'shop', readKeys: [hashKey('old-key'), hashKey('read+key/=')] },
    { id: 'bank', readKeys: [hashKey('bank-key')] },
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
