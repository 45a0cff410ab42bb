import type { Directive } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../test-support.ts';
import { createRegister } from './register.ts';
import { createWorkspaces } from './workspaces.ts';

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
  const { revokedSources, erasures, erasureCuts, ruleset, model } = register;
  const erased = { erasures: [...erasures].sort(), cuts: [...erasureCuts].sort() };
  return { sources: [...revokedSources].sort(), ...erased, ruleset, model };
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

test('an erasure covers what came until it was asked for, though its place among the directives lies ahead', () => {
  const asked = Date.UTC(2026, 10, 29, 20, 15) * 1_000;
  const id = `${Math.floor(asked / 1_000)
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})/, '$1-')}-7abc-8000-000000000000`;
  const ahead = asked + 1_800_000_000;
  const erase: Directive = { ...NOTHING, id, kind: 'erase', issuedAt: ahead, erased: ['email:a@b.c'] };
  const workspace = {
    id: 'w',
    identity: { types: [], limits: {}, blocked: [] },
    traits: {},
    region: 'US',
    sources: [],
  };
  const workspaces = createWorkspaces({ workspaces: [{ ...workspace, erasureKey: 'key:0' }] } as never, {
    rulesetHash: () => '',
    erasureHash: (_, identifier) => identifier,
  });
  workspaces.take(erase);
  const { isErased, isOverruled } = workspaces.of('w');
  const at = (receivedAt: number, clientAt: number | null = null) =>
    isErased(['email:a@b.c'], { clientAt, receivedAt });
  expect([at(asked), at(asked + 999)]).toEqual([true, true]);
  expect([at(asked + 1_000), at(ahead)]).toEqual([false, false]);
  expect(at(ahead, asked)).toBe(true);
  // What was decided of the person before, by the clock that is ahead, goes too
  expect([isOverruled(['email:a@b.c'], ahead - 1), isOverruled(['email:a@b.c'], ahead + 1)]).toEqual([true, false]);
  expect(isOverruled(['email:x@b.c'], 0)).toBe(false);
});
