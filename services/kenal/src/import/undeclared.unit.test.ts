import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { undeclaredTypes } from './undeclared.ts';

test('an identifier type that nobody declared is named with those that are known', () => {
  const config = kenalConfigSchema.parse({
    workspaces: [
      { id: 'w', identity: { types: ['club_card'] }, sources: [{ id: 'web', keys: [{ key: hashKey('key') }] }] },
    ],
  });
  expect(undeclaredTypes(['email', 'club_card'], config)).toBeNull();
  expect(undeclaredTypes(['email', 'club_card'], null)).toContain('the identifier type club_card; known are user_id');
  expect(undeclaredTypes(['bogus_type'], config)).toMatch(/bogus_type; known are .*email.*club_card/);
});
