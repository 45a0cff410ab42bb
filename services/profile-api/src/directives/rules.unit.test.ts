import { kenalConfigSchema } from '@kenal/contracts';
import { rulesetHash } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { rulesetDraft } from './rules.ts';

const config = kenalConfigSchema.parse({
  workspaces: [{ id: 'shop', sources: [{ id: 'web', keys: [{ key: 'env:KEY' }] }] }],
});

test('a ruleset carries its rules, and the hash of those of kenal.yaml that it takes the place of', () => {
  const { kind, document, base } = rulesetDraft(config, 'shop', { limits: { email: 9 } });
  expect(kind).toBe('ruleset');
  expect(JSON.parse(document!)).toEqual({ types: [], limits: { email: 9 }, blocked: [] });
  expect(base).toBe(rulesetHash(config.workspaces[0]!.identity));
});

test.each([
  [{ limits: { emial: 9 } }, /ruleset\.identity\.limits\.emial: .*did you mean email\?/],
  [{ blockedPatterns: ['('] }, /ruleset\.identity\.blockedPatterns: `\(` is no regular expression/],
])('rules by which nobody could be told apart are refused before they are in force: %j', (identity, says) => {
  expect(() => rulesetDraft(config, 'shop', identity)).toThrow(says);
});
