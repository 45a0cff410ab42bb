import { expect, test } from 'vitest';
import { kenalConfigSchema } from './config.ts';

test('caps, priority and persons name identifier types that there are; a type of one’s own is declared first', () => {
  const check = (identity: object) => {
    const sources = [{ id: 'web', keys: [{ key: 'env:KEY' }] }];
    const result = kenalConfigSchema.safeParse({ workspaces: [{ id: 'shop', sources, identity }] });
    return result.success ? [] : result.error.issues.map(({ path }) => path.slice(2).join('.'));
  };
  const unknown = { caps: { emial: 2 }, priority: ['email', 'till_id'], persons: ['user_id', 'till_id'] };
  expect(check(unknown)).toEqual(['identity.caps.emial', 'identity.priority.1', 'identity.persons.1']);
  expect(check({ ...unknown, caps: { till_id: 2 }, types: ['till_id'] })).toEqual([]);
  expect(check({ caps: { email: 0 } })).toEqual(['identity.caps.email']);
});
