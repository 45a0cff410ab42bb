import type { Directive } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../test-support.ts';
import { createRegister } from './register.ts';

const NOTHING = {
  workspace: 'w',
  actor: 'a',
  reason: 'r',
  pairs: [],
  source: null,
  profileId: null,
  erased: [],
  consent: null,
  document: null,
  base: null,
  model: null,
};

const directives: fc.Arbitrary<Directive[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('revoke', 'clear', 'erase', 'ruleset', 'model', 'must'),
      issuedAt: fc.integer({ min: 1, max: 5 }),
      value: fc.constantFrom('shop', 'till', 'web'),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((all) =>
    all.map(({ kind, issuedAt, value }, i) => {
      const one = { ...NOTHING, id: `d${i % 7}-${kind}-${value}`, issuedAt, kind } as Directive;
      if (kind === 'erase') return { ...one, erased: [value] };
      if (kind === 'ruleset' || kind === 'model') return { ...one, document: `{"x":"${value}"}`, base: 'b' };
      return { ...one, source: value };
    }),
  );

function plain(all: readonly Directive[]) {
  const register = createRegister();
  for (const one of all) register.take(one);
  const { revokedSources, erasures, ruleset, model } = register;
  return { sources: [...revokedSources].sort(), erasures: [...erasures].sort(), ruleset, model };
}

test('the same directives in any order, and any of them twice, give the same register', () => {
  fc.assert(
    fc.property(directives, fc.array(fc.nat()), (all, order) => {
      const shuffled = all
        .map((one, i) => ({ one, at: order[i % (order.length || 1)] ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      expect(plain([...shuffled, ...all.slice(0, 5)])).toEqual(plain(all));
    }),
    { numRuns: propertyRuns },
  );
});

test('a source that was revoked and cleared is as before, and says so when its state turns', () => {
  const register = createRegister();
  const word = (kind: 'revoke' | 'clear', issuedAt: number): Directive => ({
    ...NOTHING,
    id: `${issuedAt}`,
    kind,
    issuedAt,
    source: 'bad',
  });
  expect(register.take(word('revoke', 2))).toBe(true);
  expect(register.take(word('clear', 1))).toBe(false);
  expect([...register.revokedSources]).toEqual(['bad']);
  expect(register.take(word('clear', 3))).toBe(true);
  expect(register.revokedSources.size).toBe(0);
});

test('of two erasures of one identifier the later counts', () => {
  const register = createRegister();
  for (const issuedAt of [5, 9, 7])
    register.take({ ...NOTHING, id: `${issuedAt}`, kind: 'erase', issuedAt, erased: ['h'] });
  expect(register.erasures.get('h')).toBe(9);
});
