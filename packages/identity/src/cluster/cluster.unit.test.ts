import type { Directive, IdentityConfig } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { decodeComponent } from '../evidence/decode.ts';
import { evidenceOf, foldEvidence } from '../evidence/interaction-evidence.ts';
import { mergeEvidence } from '../evidence/merge.ts';
import { createNormaliser } from '../normalise/normalise.ts';
import { replay } from '../replay.ts';
import { compareKeys, rulesOf } from '../rules.ts';
import { directive, interaction, optionsOf, pair, type TestInteraction } from '../test-support.ts';
import { leavesOf, surplusOf } from './leaves.ts';
import { partition } from './partition.ts';

const DEFAULTS: IdentityConfig = { types: [], limits: {}, blocked: [] };
const MODEL = { revokedSources: new Set<string>(), model: 'm1' };

function decideOn(
  events: readonly TestInteraction[],
  directives: readonly Directive[] = [],
  config = DEFAULTS,
  mostIdentifiers = 5_000,
) {
  const { profiles, rejected } = replay(events, { ...optionsOf(config), directives, directed: MODEL, mostIdentifiers });
  const people = [...profiles.values()].map(({ identifiers }) => identifiers.map(({ key }) => key).join(' ')).sort();
  return { people, reasons: rejected.map(({ a, b, reason }) => `${a} ${b} ${reason}`) };
}

const alone = (...keys: string[]) => keys.map((key) => interaction(key));
const links = (...scores: [string, string, number][]) =>
  directive({ kind: 'linkage', model: 'm1', pairs: scores.map(([a, b, weight]) => pair('link', a, b, weight)) });

test('must joins whatever limits say, and makes nothing legal or illegal for others', () => {
  const events = [
    ...alone('user_id:a', 'user_id:b'),
    interaction('user_id:a email:x@x.de'),
    interaction('user_id:c email:x@x.de', { clientAt: 200_000_000 }),
  ];
  const must = directive({ pairs: [pair('must', 'user_id:a', 'user_id:b')] });
  expect(decideOn(events, [must])).toEqual({
    people: ['user_id:a user_id:b email:x@x.de', 'user_id:c'],
    reasons: ['email:x@x.de user_id:c limit:user_id'],
  });
});

test('must makes an identifier known that no event names, and pulls a hub in', () => {
  const hub = ['a', 'b', 'c', 'd'].map((id) => interaction(`user_id:${id} email:all@x.de`));
  const must = directive({
    pairs: [pair('must', 'user_id:a', 'email:all@x.de'), pair('must', 'user_id:a', 'phone:+12015557890')],
  });
  expect(decideOn(hub, [must]).people).toEqual([
    'user_id:a email:all@x.de phone:+12015557890',
    'user_id:b',
    'user_id:c',
    'user_id:d',
  ]);
});

test('cannot holds clusters apart that come together later by others, and says which pair it was', () => {
  const events = [
    interaction('email:a@x.de phone:+12015557890'),
    interaction('email:b@x.de phone:+12015557890', { clientAt: 200_000_000 }),
  ];
  expect(decideOn(events).people).toHaveLength(1);
  const cannot = directive({ kind: 'unlink', pairs: [pair('cannot', 'email:b@x.de', 'email:a@x.de')] });
  expect(decideOn(events, [cannot])).toEqual({
    people: ['email:a@x.de phone:+12015557890', 'email:b@x.de'],
    reasons: ['email:b@x.de phone:+12015557890 cannot:email:a@x.de|email:b@x.de'],
  });
});

test('of a must and a cannot on one pair the last word holds; on two pairs the cannot, and of two musts across it the newer', () => {
  const events = alone('user_id:a', 'user_id:b', 'user_id:c');
  const words = (verb: 'must' | 'cannot', issuedAt: number, a: string, b: string) =>
    directive({ issuedAt, pairs: [pair(verb, `user_id:${a}`, `user_id:${b}`)] });
  expect(decideOn(events, [words('must', 1, 'a', 'b'), words('cannot', 2, 'a', 'b')]).people).toHaveLength(3);
  expect(decideOn(events, [words('must', 3, 'a', 'b'), words('cannot', 2, 'a', 'b')]).people).toHaveLength(2);
  const across = [words('cannot', 9, 'a', 'c'), words('must', 1, 'a', 'b'), words('must', 2, 'b', 'c')];
  expect(decideOn(events, across)).toEqual({
    people: ['user_id:a', 'user_id:b user_id:c'],
    reasons: ['user_id:a user_id:b cannot:user_id:a|user_id:c'],
  });
});

test('probable links join after what was seen, never two user ids, and only where the clusters as a whole fit', () => {
  const events = alone('email:a@x.de', 'email:b@x.de', 'user_id:1', 'user_id:2');
  expect(decideOn(events, [links(['email:a@x.de', 'email:b@x.de', 5])]).people[0]).toBe('email:a@x.de email:b@x.de');
  expect(
    decideOn(events, [links(['user_id:1', 'user_id:2', 50])], { ...DEFAULTS, limits: { user_id: 5 } }).reasons,
  ).toEqual(['user_id:1 user_id:2 conflict:user_id']);
  // a–b and b–c fit, but a–c says no so loudly that c stays out
  const three = alone('email:a@x.de', 'email:b@x.de', 'email:c@x.de');
  const scores = (ac: number) => [
    links(
      ['email:a@x.de', 'email:b@x.de', 9],
      ['email:b@x.de', 'email:c@x.de', 4],
      ['email:a@x.de', 'email:c@x.de', ac],
    ),
  ];
  expect(decideOn(three, scores(-3)).people).toHaveLength(1);
  expect(decideOn(three, scores(-5))).toMatchObject({
    people: ['email:a@x.de email:b@x.de', 'email:c@x.de'],
    reasons: ['email:b@x.de email:c@x.de guard', 'email:a@x.de email:c@x.de guard'].sort((x, y) => (x < y ? -1 : 1)),
  });
  // An unscored pair counts −1
  const chain = (weight: number) => [
    links(['email:a@x.de', 'email:b@x.de', 9], ['email:b@x.de', 'email:c@x.de', weight]),
  ];
  expect(decideOn(three, chain(1)).people).toHaveLength(1);
  expect(decideOn(three, chain(0.5)).people).toHaveLength(2);
});

test('links of another model than the one in force count for nothing', () => {
  const other = directive({ kind: 'linkage', model: 'm2', pairs: [pair('link', 'email:a@x.de', 'email:b@x.de', 9)] });
  expect(decideOn(alone('email:a@x.de', 'email:b@x.de'), [other]).people).toHaveLength(2);
});

test('where too many hang together the links of weak identifiers with each other go first, those with a user id stay', () => {
  const limits = { email: 99, phone: 99, user_id: 99 };
  const chain = Array.from({ length: 12 }, (_, i) => [
    interaction(`user_id:u${i} email:e${i}@x.de`),
    interaction(`email:e${i}@x.de phone:+1201555${7000 + i}`),
    interaction(`email:e${i + 1}@x.de phone:+1201555${7000 + i}`),
  ]).flat();
  expect(decideOn(chain, [], { ...DEFAULTS, limits }).people).toHaveLength(1);
  const { people, reasons } = decideOn(chain, [], { ...DEFAULTS, limits }, 20);
  expect(people.filter((one) => one.startsWith('user_id'))).toHaveLength(12);
  expect(people).toContain('user_id:u0 email:e0@x.de');
  expect(reasons).toHaveLength(24);
  expect(reasons.every((reason) => reason.endsWith(' oversize'))).toBe(true);
});

test('leaves that can never be accepted do not make a component too large', () => {
  const star = Array.from({ length: 100 }, (_, i) => interaction(`email:a@x.de anonymous_id:n${i}`, { clientAt: i }));
  expect(decideOn(star, [], DEFAULTS, 30).people[0]?.split(' ')).toHaveLength(21);
});

test('surplus leaves are exactly those that joining one by one refuses', () => {
  const rules = rulesOf({ ...DEFAULTS, limits: { anonymous_id: 4 } }, 'test');
  const normalise = createNormaliser(DEFAULTS, 'US');
  const events = Array.from({ length: 12 }, (_, i) =>
    interaction(`user_id:7 anonymous_id:n${i}`, { clientAt: (i * 7) % 5 }),
  );
  const evidence = foldEvidence(events.map((event) => evidenceOf(event, normalise(event.identifiers))!));
  const { changed } = mergeEvidence(() => undefined, evidence);
  const component = decodeComponent(changed, rules);
  const surplus = surplusOf(leavesOf(component, rules, new Set()), rules).map(({ key }) => key);
  // One that owns something is no leaf and is tried
  for (const { key } of leavesOf(component, rules, new Set())) component.core.add(key);
  const { rejected } = partition(component, rules);
  expect(rejected.map(({ a }) => a).sort()).toEqual(surplus.sort());
  expect(surplus).toHaveLength(8);
});

test('a type that the workspace calls a person’s counts against caps and is never a hub itself', () => {
  const config = { ...DEFAULTS, types: ['till_id'], persons: ['user_id', 'till_id'], caps: { phone: 1 } };
  const events = [interaction('till_id:1 phone:+12015557890'), interaction('user_id:2 phone:+12015557890')];
  expect(decideOn(events, [], config).reasons).toEqual([
    'phone:+12015557890 till_id:1 hub:phone:+12015557890',
    'phone:+12015557890 user_id:2 hub:phone:+12015557890',
  ]);
});

test('the order of types is the workspace’s own: who is strongest gives the profile its id', () => {
  const events = [interaction('email:a@x.de user_id:1')];
  const [usual] = replay(events, optionsOf(DEFAULTS)).profiles.values();
  const [own] = replay(events, optionsOf({ ...DEFAULTS, priority: ['email'] })).profiles.values();
  expect(usual?.identifiers[0]?.key).toBe('user_id:1');
  expect(own?.identifiers[0]?.key).toBe('email:a@x.de');
  expect(own?.id).not.toBe(usual?.id);
});

test('ties are broken by code point, as every store sorts the bytes of UTF-8', () => {
  const names = ['a\u{10000}', 'a\uffff', 'a\ue000', 'a', 'b', 'a\u{10ffff}', 'aa'];
  const encoder = new (
    globalThis as unknown as { TextEncoder: new () => { encode(text: string): Uint8Array } }
  ).TextEncoder();
  const bytes = (text: string) => [...encoder.encode(text)].map((byte) => String(byte).padStart(3, '0')).join();
  expect([...names].sort(compareKeys)).toEqual([...names].sort((x, y) => (bytes(x) < bytes(y) ? -1 : 1)));
});

test('rules have a version that tells them apart', () => {
  const versions = [
    rulesOf(DEFAULTS, 'a'),
    rulesOf({ ...DEFAULTS, limits: { email: 6 } }, 'a'),
    rulesOf({ ...DEFAULTS, caps: { email: 6 } }, 'a'),
    rulesOf(DEFAULTS, 'a', { revokedSources: new Set(['x']) }),
    rulesOf(DEFAULTS, 'a', { model: 'm1' }),
  ].map(({ version }) => version);
  expect(new Set(versions).size).toBe(5);
  expect(rulesOf({ ...DEFAULTS, limits: { email: 5 } }, 'b').version).toBe(versions[0]);
});
