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

const many = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => prefix + letters(i));
const letters = (n: number): string =>
  (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + 'abcdefghijklmnopqrstuvwxyz'[n % 26];
const ones = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));
const TYPES = many(20_000, 'own_');

test.each<[string, unknown, number]>([
  ['limits of types that nobody declares', { limits: ones(many(20_000, 'x')) }, 20_000],
  ['the same beside as many types', { types: TYPES, limits: ones(many(20_000, 'x')) }, 20_000],
  ['a priority of unknown types', { types: TYPES, priority: many(20_000, 'x') }, 20_000],
  ['options that there are not', ones(many(20_000, 'x')), 20_000],
  ['values that are none', { types: many(20_000, 'X') }, 20_000],
  ['names of any length', { limits: ones(many(30, 'x'.repeat(20_000))) }, 30],
])('of any number of faults the first 20 are told, in an answer of a few pages: %s', (_what, identity, count) => {
  const said = refusal(identity);
  expect(said.split('\n')).toHaveLength(1 + 20 + 1);
  expect(said).toContain(`the body has ${count} faults:\n  ruleset.identity.`);
  expect(said.endsWith(`\n  … and ${count - 20} more`)).toBe(true);
  expect(said.length).toBeLessThan(12_000);
});

test('of many types a fault names the first 20, and the one that was meant from among all', () => {
  const said = refusal({ types: TYPES, caps: { [`${TYPES.at(-1)}x`]: 1 } });
  expect(said).toMatch(/user_id, loyalty_card, .*, own_m … and 19987 more, did you mean own_\w+\?$/);
});

function refusal(identity: unknown): string {
  try {
    rulesetDraft(config, 'shop', identity);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the rules were taken');
}
