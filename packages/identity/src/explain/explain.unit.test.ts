import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { rulesOf } from '../rules.ts';
import {
  directive,
  directives,
  interaction,
  interactions,
  pair,
  patience,
  shuffle,
  TIGHTER,
  tries,
} from '../test-support.ts';
import { createWorld } from '../testing/world.ts';
import { createRuleTrial } from './compare-rules.ts';
import { type Explanation, explain } from './explain.ts';
import { areLinked } from './linked.ts';

vi.setConfig({ testTimeout: patience });

const DEFAULTS = { types: [], limits: {}, blocked: [] };

function explainIn(world: ReturnType<typeof createWorld>, one: string, other: string): Explanation {
  const { components, parked } = world.memory.load([one, other]);
  return explain({ components: [...components.values()].map(({ fields }) => fields), parked }, world.rules, one, other);
}

test('every pair of one person has a way of accepted links, every pair of two has none, and nothing is thrown', () => {
  fc.assert(
    fc.property(interactions, directives, shuffle, (events, said, { batches }) => {
      const world = createWorld(TIGHTER);
      for (const step of [...batches(events), ...said]) {
        if (Array.isArray(step)) world.take(step);
        else world.direct(step);
      }
      const { profileByKey, rejected } = world.picture();
      const refused = new Set(rejected.map(({ a, b }) => `${a} ${b}`));
      const keys = [...world.pointers.keys(), 'email:nobody@x.de'];
      for (const one of keys) {
        for (const other of keys.slice(0, 6)) {
          const { isOnePerson, path } = explainIn(world, one, other);
          const same = profileByKey.has(one) && profileByKey.get(one) === profileByKey.get(other);
          if (profileByKey.has(one) || profileByKey.has(other)) expect(isOnePerson).toBe(same || one === other);
          let at = one;
          for (const { a, b } of path) {
            expect(a).toBe(at);
            at = b;
            expect(refused.has(a < b ? `${a} ${b}` : `${b} ${a}`)).toBe(false);
          }
          expect(at).toBe(isOnePerson ? other : one);
        }
      }
    }),
    tries(1 / 10),
  );
});

test('a way names for each link what it is made of: rule, class, first and last event, sources, weight', () => {
  const world = createWorld(DEFAULTS);
  world.take([
    interaction('user_id:7 email:a@x.de', { id: 'second', clientAt: 2 }),
    interaction('user_id:7 email:a@x.de', { id: 'first', source: 'shop', clientAt: 1 }),
    interaction('phone:+12015557890'),
    interaction('loyalty_card:1'),
  ]);
  world.direct(directive({ kind: 'model', document: '{"version":"m1"}' }));
  world.direct(
    directive({ id: 'said', issuedAt: 9, pairs: [pair('must', 'email:a@x.de', 'phone:+12015557890')] }),
    directive({
      id: 'run',
      issuedAt: 8,
      kind: 'linkage',
      model: 'm1',
      pairs: [pair('link', 'phone:+12015557890', 'loyalty_card:1', 7)],
    }),
  );
  const { isOnePerson, path } = explainIn(world, 'user_id:7', 'loyalty_card:1');
  expect(isOnePerson).toBe(true);
  expect(path).toEqual([
    {
      ...{ a: 'user_id:7', b: 'email:a@x.de', class: 'deterministic', rule: 'link', weight: null, detail: '' },
      ...{ first: { at: 1, messageId: 'first' }, last: { at: 2, messageId: 'second' } },
      sources: expect.arrayContaining(['web', 'shop']),
    },
    {
      ...{
        a: 'email:a@x.de',
        b: 'phone:+12015557890',
        class: 'must',
        rule: 'must',
        weight: null,
        detail: '',
        sources: [],
      },
      ...{ first: { at: 9, messageId: 'said' }, last: { at: 9, messageId: 'said' } },
    },
    {
      ...{
        a: 'phone:+12015557890',
        b: 'loyalty_card:1',
        class: 'probabilistic',
        rule: 'linkage',
        weight: 7,
        sources: [],
      },
      ...{ detail: '{"name":3}', first: { at: 8, messageId: 'run' }, last: { at: 8, messageId: 'run' } },
    },
  ]);
});

test('where there is no way, what stands between the two is told with its reason, for parked leaves as well', () => {
  const world = createWorld({ ...DEFAULTS, limits: { anonymous_id: 1 } });
  world.take([
    interaction('user_id:a email:x@x.de', { clientAt: 1 }),
    interaction('user_id:b email:x@x.de', { clientAt: 2 }),
    interaction('user_id:a anonymous_id:n1', { clientAt: 3 }),
    interaction('user_id:a anonymous_id:n2', { clientAt: 4 }),
  ]);
  const reasons = (one: string, other: string) =>
    explainIn(world, one, other).rejected.map(({ a, b, reason }) => `${a} ${b} ${reason}`);
  expect(reasons('user_id:a', 'user_id:b')).toEqual(['email:x@x.de user_id:b limit:user_id']);
  expect(reasons('user_id:a', 'anonymous_id:n2')).toEqual(['anonymous_id:n2 user_id:a limit:anonymous_id']);
  // Nothing stands between these, so what stands around them
  expect(reasons('anonymous_id:n2', 'user_id:b')).toHaveLength(2);
  expect(explainIn(world, 'user_id:never', 'user_id:b')).toMatchObject({ isOnePerson: false, path: [] });
});

test('of the links that joined nobody, those of the two themselves are told first', () => {
  const world = createWorld({ ...DEFAULTS, limits: { email: 1 } });
  world.take([
    interaction('user_id:a email:a@x.de', { clientAt: 1 }),
    interaction('user_id:a device_id:d', { clientAt: 2 }),
    interaction('email:b@x.de device_id:e', { clientAt: 3 }),
    interaction('email:b@x.de user_id:a', { clientAt: 4 }),
    interaction('device_id:e device_id:d', { clientAt: 5 }),
  ]);
  const between = (one: string, other: string) =>
    explainIn(world, one, other).rejected.map(({ a, b }) => [a, b].sort());
  const links = [
    ['email:b@x.de', 'user_id:a'],
    ['device_id:d', 'device_id:e'],
  ];
  expect(between('user_id:a', 'email:b@x.de')).toEqual(links);
  expect(between('device_id:d', 'device_id:e')).toEqual(links.toReversed());
});

test('sources that are revoked are named where they saw one of the two, and a link is one that something said', () => {
  const world = createWorld(DEFAULTS);
  world.take([
    interaction('user_id:a email:a@x.de', { source: 'bad', clientAt: 1 }),
    interaction('user_id:a anonymous_id:n', { source: 'web', clientAt: 2 }),
    interaction('user_id:b', { source: 'worse', clientAt: 3 }),
  ]);
  const linked = (one: string, other: string): boolean => {
    const { components, parked } = world.memory.load([one, other]);
    const fields = [...components.values()].map((component) => component.fields);
    return areLinked({ components: fields, parked }, world.rules, one, other);
  };
  expect([linked('user_id:a', 'email:a@x.de'), linked('email:a@x.de', 'anonymous_id:n')]).toEqual([true, false]);
  expect(explainIn(world, 'user_id:a', 'email:a@x.de').revokedSources).toEqual([]);
  world.direct(...['bad', 'worse'].map((source, i) => directive({ id: source, issuedAt: i, kind: 'revoke', source })));
  expect([linked('user_id:a', 'email:a@x.de'), linked('anonymous_id:n', 'user_id:a')]).toEqual([false, true]);
  expect(explainIn(world, 'anonymous_id:n', 'email:a@x.de')).toMatchObject({
    isOnePerson: false,
    revokedSources: ['bad'],
  });
  world.direct(directive({ id: 'said', issuedAt: 9, pairs: [pair('must', 'user_id:a', 'email:a@x.de')] }));
  expect(linked('user_id:a', 'email:a@x.de')).toBe(false);
});

test('a dry run names who would be one and who would come apart, with the reason of today or of then', () => {
  const world = createWorld(DEFAULTS);
  world.take([
    interaction('user_id:a email:x@x.de', { clientAt: 1 }),
    interaction('user_id:b email:x@x.de', { clientAt: 2 }),
    interaction('email:y@x.de phone:+12015557890', { clientAt: 3 }),
    interaction('email:z@x.de phone:+12015557890', { clientAt: 4 }),
  ]);
  const trial = createRuleTrial(world.rules, rulesOf({ ...DEFAULTS, limits: { user_id: 2, email: 1 } }, 'test'));
  for (const { fields } of world.components.values()) trial.take(fields);
  expect(trial.end()).toEqual({
    ...{ identifiers: 6, profilesBefore: 3, profilesAfter: 3, mergesGained: 1, mergesLost: 1 },
    orphans: { identifiers: 0, people: 0, sample: [] },
    gained: [{ a: 'user_id:a', b: 'user_id:b', reason: 'limit:user_id' }],
    lost: [{ a: 'email:y@x.de', b: 'email:z@x.de', reason: 'limit:email' }],
    largest: expect.arrayContaining([{ anchor: 'user_id:a', size: 3, people: 2 }]),
  });
});

test('people whom nothing but a hub of then would part are told so, though no link is between them', () => {
  const world = createWorld({ ...DEFAULTS, limits: { user_id: 3 } });
  world.take(['a', 'b', 'c'].map((id, i) => interaction(`user_id:${id} email:x@x.de`, { clientAt: i })));
  const trial = createRuleTrial(world.rules, rulesOf({ ...DEFAULTS, caps: { email: 2 } }, 'test'));
  for (const { fields } of world.components.values()) trial.take(fields);
  expect(trial.end()).toMatchObject({
    ...{ profilesBefore: 1, profilesAfter: 3, mergesLost: 2 },
    lost: [
      { a: 'user_id:a', b: 'user_id:b', reason: 'hub:email:x@x.de' },
      { a: 'user_id:a', b: 'user_id:c', reason: 'hub:email:x@x.de' },
    ],
  });
});

test('whether an address is a hub then is told by the names that came under it as well', () => {
  const world = createWorld(DEFAULTS);
  const named = (name: string) => ({ traits: `{"given_name":"${name}","birth_date":"1990-01-01"}` });
  world.take(['Ann', 'Bob', 'Cem'].map((name) => interaction('email:x@x.de', named(name))));
  world.take([interaction('email:x@x.de phone:+12015557890'), interaction('phone:+12015557890')]);
  const trial = createRuleTrial(world.rules, rulesOf({ ...DEFAULTS, caps: { email: 2 } }, 'test'));
  for (const { fields } of world.components.values()) trial.take(fields);
  expect(trial.end()).toMatchObject({ profilesBefore: 1, profilesAfter: 2, mergesLost: 1 });
});
