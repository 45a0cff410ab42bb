import { kenalConfigSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { erasureHash } from './erasure.ts';
import { hashKey } from './kenal-config.ts';
import { rulesetHash } from './ruleset-hash.ts';
import { readWorkspaceKey } from './workspace-key.ts';

test('an erased identifier is known again by the key alone', () => {
  const key = readWorkspaceKey('s'.repeat(32), 'here');
  const hash = erasureHash(key, 'email:ann@example.com');
  // HMAC-SHA-256 under the SHA-256 of 32 times s, as any other program computes it:
  // printf %s email:ann@example.com | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf 's%.0s' {1..32} | sha256sum | cut -c1-64)
  expect(hash).toBe('c930024a2cc2b410b9265147cf014ea6547c3a830da306f7e8ae2688f00f05c2');
  expect(erasureHash(key, 'email:bob@example.com')).not.toBe(hash);
  expect(erasureHash(readWorkspaceKey('t'.repeat(32), 'here'), 'email:ann@example.com')).not.toBe(hash);
});

test('rules have one name however they are written, and another for other rules', () => {
  const identityOf = (identity: object) =>
    kenalConfigSchema.parse({
      workspaces: [{ id: 'w', sources: [{ id: 's', keys: [{ key: hashKey('k') }] }], identity }],
    }).workspaces[0]!.identity;
  const hash = rulesetHash(identityOf({ limits: { email: 2, phone: 3 }, types: ['crm_id', 'card'] }));
  expect(rulesetHash(identityOf({ types: ['crm_id', 'card'], limits: { phone: 3, email: 2 }, blocked: [] }))).toBe(
    hash,
  );
  expect(rulesetHash(identityOf({ limits: { email: 2, phone: 4 }, types: ['crm_id', 'card'] }))).not.toBe(hash);
  expect(rulesetHash(identityOf({ limits: { email: 2, phone: 3 }, types: ['card', 'crm_id'] }))).not.toBe(hash);
});
