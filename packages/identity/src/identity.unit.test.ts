import type { IdentityConfig } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { ghostsOf } from './decide/ghosts.ts';
import { decodeComponent } from './evidence/decode.ts';
import { refusedLinksOf } from './profile/view.ts';
import { replay } from './replay.ts';
import { rulesOf } from './rules.ts';
import { interaction, optionsOf, type TestInteraction } from './test-support.ts';
import { createWorld } from './testing/world.ts';

const DEFAULTS: IdentityConfig = { types: [], limits: {}, blocked: [] };

/** People as sets of identifiers, in text order. */
function people(events: readonly TestInteraction[], config = DEFAULTS): string[] {
  const { profiles } = replay(events, optionsOf(config));
  return [...profiles.values()].map(({ identifiers }) => identifiers.map(({ key }) => key).join(' ')).sort();
}

test('a visitor who signs in later is one person, the visits before included', () => {
  const events = [
    interaction('anonymous_id:n1'),
    interaction('anonymous_id:n1'),
    interaction('user_id:7 anonymous_id:n1'),
  ];
  expect(people(events)).toEqual(['user_id:7 anonymous_id:n1']);
});

test('two customers who share the family’s e-mail stay two: the address goes with whom it was seen first', () => {
  const events = [
    interaction('user_id:mum email:family@x.de', { clientAt: 2 }),
    interaction('user_id:dad email:family@x.de', { clientAt: 1 }),
  ];
  expect(people(events)).toEqual(['user_id:dad email:family@x.de', 'user_id:mum']);
  const { rejected } = replay(events, optionsOf(DEFAULTS));
  expect(rejected).toMatchObject([{ a: 'email:family@x.de', b: 'user_id:mum', reason: 'limit:user_id' }]);
});

test('an alias between two user ids joins nobody, which each of them can be told; a workspace may allow it', () => {
  const events = [interaction('user_id:new user_id:old', { type: 'alias' }), interaction('user_id:old email:o@x.de')];
  expect(people(events)).toEqual(['user_id:new', 'user_id:old email:o@x.de']);
  const world = createWorld(DEFAULTS);
  world.take(events);
  const [{ fields } = { fields: new Map<string, string>() }] = world.components.values();
  const component = decodeComponent(fields);
  const rules = rulesOf(DEFAULTS, 'test');
  const refused = { class: 'deterministic', reason: 'limit:user_id', type: 'user_id', limit: 1 };
  expect(refusedLinksOf(component, rules, ['user_id:new'])).toEqual([
    { own: 'user_id:new', other: 'user_id:old', ...refused },
  ]);
  expect(refusedLinksOf(component, rules, ['user_id:old', 'email:o@x.de'])).toEqual([
    { own: 'user_id:old', other: 'user_id:new', ...refused },
  ]);
  const allowed = { ...DEFAULTS, limits: { user_id: 2 } };
  expect(people(events, allowed)).toEqual(['user_id:new user_id:old email:o@x.de']);
  expect(refusedLinksOf(component, rulesOf(allowed, 'test'), ['user_id:new'])).toEqual([]);
});

test('a shop’s tablet joins none of the customers who sign in on it, and is itself nobody’s', () => {
  const events = Array.from({ length: 30 }, (_, i) => interaction(`user_id:c${i} device_id:tablet`, { clientAt: i }));
  expect(people(events)).toEqual(events.map((_, i) => `user_id:c${i}`).sort());
  const { rejected } = replay(events, optionsOf(DEFAULTS));
  expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(['hub:device_id:tablet']));
});

test('twins at one address with one birthday are two: traits never link', () => {
  const traits = '{"name":"A. Twin","birthday":"2000-01-01","address":"Elm St 1"}';
  expect(people([interaction('user_id:1', { traits }), interaction('user_id:2', { traits })])).toHaveLength(2);
});

test('ids that a broken client sent as null, 0 or undefined join nobody', () => {
  const events = ['null', '0', '"NaN"', 'undefined', ''].flatMap((nobody) => [
    interaction(`email:a@x.de user_id:${nobody}`),
    interaction(`email:b@x.de user_id:${nobody}`),
  ]);
  expect(people(events)).toEqual(['email:a@x.de', 'email:b@x.de']);
});

test('one person writes her Gmail address with dots, a tag and the old domain, and her phone as she likes', () => {
  const events = [
    interaction('email:jane.doe@gmail.com phone:+12015557890', { clientAt: 1 }),
    interaction('email:janedoe+shop@googlemail.com', { clientAt: 2 }),
    interaction('user_id:7 phone:(201)-555-7890', { clientAt: 3 }),
  ];
  const [jane, ...others] = replay(events, optionsOf(DEFAULTS)).profiles.values();
  expect(others).toEqual([]);
  expect(jane?.identifiers.map(({ value }) => value)).toEqual(['7', 'jane.doe@gmail.com', '+12015557890']);
});

test('a client that makes a fresh anonymous id for every event of a known user gives one person and no phantoms', () => {
  const events = Array.from({ length: 500 }, (_, i) => interaction(`user_id:7 anonymous_id:n${i}`, { clientAt: i }));
  const [group, ...phantoms] = people([...events, interaction('user_id:7 email:a@x.de', { clientAt: 9_999 })]);
  expect(phantoms).toEqual([]);
  expect(group).toContain('email:a@x.de'); // the e-mail ranks before any anonymous id, however late it comes
  expect(group?.split(' ')).toHaveLength(22);
});

test('a participant’s or an account’s facts are not the person’s: a group’s traits stay out', () => {
  const events = [
    interaction('user_id:7', { type: 'group', traits: '{"name":"Acme"}' }),
    interaction('user_id:7', { traits: '{"name":"Jane"}' }),
  ];
  expect([...replay(events, optionsOf(DEFAULTS)).profiles.values()][0]?.traits).toEqual({ name: 'Jane' });
});

test('the newest word on a trait holds, whoever said it; null takes it away until somebody says it again', () => {
  const say = (traits: string, clientAt: number, source = 'web') =>
    interaction('user_id:7', { traits, clientAt, source });
  const traitsOf = (...events: TestInteraction[]) =>
    [...replay(events, optionsOf(DEFAULTS)).profiles.values()][0]?.traits;
  expect(traitsOf(say('{"city":"Bonn"}', 2), say('{"city":"Kiel"}', 1, 'shop'))).toEqual({ city: 'Bonn' });
  expect(traitsOf(say('{"city":"Bonn"}', 2), say('{"city":null}', 3, 'shop'))).toEqual({});
  expect(traitsOf(say('{"city":"Bonn"}', 4), say('{"city":null}', 3, 'shop'))).toEqual({ city: 'Bonn' });
});

test('a clock that runs ten years ahead does not win for ten years', () => {
  const day = 86_400_000_000;
  const ahead = interaction('user_id:7', {
    traits: '{"city":"Oz"}',
    clientAt: 3650 * day,
    receivedAt: day,
    occurredAt: day,
  });
  const right = interaction('user_id:7', { traits: '{"city":"Bonn"}', clientAt: day + 5 });
  expect([...replay([ahead, right], optionsOf(DEFAULTS)).profiles.values()][0]?.traits).toEqual({ city: 'Bonn' });
});

test('an interaction whose identifiers are all blocked is nobody’s', () => {
  expect(people([interaction('user_id:null email:info@x.de')])).toEqual([]);
});

test('the profile id hangs on the strongest identifier: it survives everything weaker that comes later or earlier', () => {
  const known = interaction('user_id:7 email:a@x.de', { clientAt: 5 });
  const [alone] = replay([known], optionsOf(DEFAULTS)).profiles.keys();
  const more = [
    known,
    interaction('email:a@x.de', { clientAt: 1 }),
    interaction('user_id:7 loyalty_card:1', { clientAt: 2 }),
  ];
  expect([...replay(more, optionsOf(DEFAULTS)).profiles.keys()]).toEqual([alone]);
  expect(alone).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
});

test('a merge says who is gone, into whom, whose event did it, and which identifiers moved', () => {
  const world = createWorld(DEFAULTS);
  world.take([interaction('anonymous_id:n1')]);
  world.take([interaction('user_id:7')]);
  const [visitor, customer] = world.changes.map(({ profileId }) => profileId);
  world.take([interaction('user_id:7 anonymous_id:n1', { id: 'login' })]);
  const [survivor, gone] = world.changes.slice(2);
  expect(survivor).toMatchObject({
    type: 'updated',
    profileId: customer,
    mergedFrom: [visitor],
    changed: ['identifiers'],
    assigned: [{ key: 'anonymous_id:n1', from: visitor }],
    cause: { messageId: 'login', source: 'web', rule: 'link' },
  });
  expect(gone).toMatchObject({ type: 'merged', profileId: visitor, mergedInto: customer, after: null });
  expect(gone?.before?.identifiers).toEqual([{ type: 'anonymous_id', value: 'n1' }]);
});

test('a late event that takes an identifier to another person is told as a split, and the old profile keeps the rest', () => {
  const world = createWorld(DEFAULTS);
  world.take([interaction('user_id:mum email:family@x.de', { clientAt: 10 })]);
  world.take([interaction('user_id:dad', { clientAt: 11 })]);
  const [mum, dad] = world.changes.map(({ profileId }) => profileId);
  world.take([interaction('user_id:dad email:family@x.de', { clientAt: 1, id: 'late' })]);
  const changes = world.changes.slice(2);
  expect(changes.find(({ profileId }) => profileId === mum)).toMatchObject({
    type: 'split',
    splitInto: [dad],
    changed: ['identifiers'],
  });
  expect(changes.find(({ profileId }) => profileId === dad)).toMatchObject({
    type: 'updated',
    assigned: [{ key: 'email:family@x.de', from: mum }],
    cause: { messageId: 'late' },
  });
});

test('a profile that comes back after it was merged away goes on above its old version', () => {
  const world = createWorld({ ...DEFAULTS, limits: { email: 1 } });
  // The e-mail a joins the visitor, until an earlier e-mail takes its place and it is on its own again
  world.take([interaction('email:a@x.de', { clientAt: 50 })]);
  const [alone] = world.changes.map(({ profileId }) => profileId);
  world.take([interaction('user_id:7 email:a@x.de', { clientAt: 60 })]);
  world.take([interaction('user_id:7 email:b@x.de', { clientAt: 1 })]);
  const story = world.changes.filter(({ profileId }) => profileId === alone);
  expect(story.map(({ type }) => type)).toEqual(['created', 'merged', 'created']);
  expect(story[2]!.previousVersion).toBe(story[1]!.version);
  expect(story[2]!.version).toBeGreaterThan(story[1]!.version);
});

test('an event that says nothing new about a known person writes one sighting and publishes nothing', () => {
  const world = createWorld(DEFAULTS);
  world.take([interaction('user_id:7 email:a@x.de', { traits: '{"city":"Bonn"}', clientAt: 1 })]);
  const fields = [...world.components.values()][0]!.fields.size;
  world.take([interaction('user_id:7', { type: 'track', clientAt: 2 })]);
  world.take([interaction('user_id:7', { traits: '{"city":"Bonn"}', clientAt: 3 })]);
  expect(world.changes).toHaveLength(1);
  expect([...world.components.values()][0]!.fields.size).toBe(fields);
});

test('more than a thousand identifiers are counted, hashed whole, and cut in what is published', () => {
  const world = createWorld({ ...DEFAULTS, limits: { anonymous_id: 2_000 } });
  world.take(Array.from({ length: 1_200 }, (_, i) => interaction(`user_id:7 anonymous_id:n${i}`)));
  expect(world.changes[0]?.after).toMatchObject({ identifierCount: 1_201 });
  expect(world.changes[0]?.after?.identifiers).toHaveLength(1_000);
  world.take([interaction('user_id:7 anonymous_id:zzz')]);
  expect(world.changes[1]?.after?.identifierCount).toBe(1_202);
});

test('a star of 5,000 leaves costs milliseconds an event, not seconds', () => {
  const world = createWorld(DEFAULTS);
  world.take(Array.from({ length: 5_000 }, (_, i) => interaction(`user_id:7 anonymous_id:n${i}`, { clientAt: i })));
  const clock = (globalThis as unknown as { performance: { now(): number } }).performance;
  const began = clock.now();
  for (let i = 0; i < 10; i += 1) world.take([interaction(`user_id:7 anonymous_id:late${i}`, { clientAt: 9_000 + i })]);
  expect((clock.now() - began) / 10).toBeLessThan(400); // 15 ms on an idle machine
  expect(world.changes.at(-1)?.after?.identifierCount).toBe(21);
});

test('of anonymous ids alone, the one that was seen first gives the profile its id, however its value sorts', () => {
  const [alone] = replay([interaction('anonymous_id:z', { clientAt: 1 })], optionsOf(DEFAULTS)).profiles.keys();
  const later = interaction('anonymous_id:a anonymous_id:z', { clientAt: 2 });
  const both = replay([later, interaction('anonymous_id:z', { clientAt: 1 })], optionsOf(DEFAULTS));
  expect([...both.profiles.keys()]).toEqual([alone]);
});

test('a visitor that a lost state had published is told to be gone, even where reading it again finds nothing new', () => {
  const world = createWorld(DEFAULTS);
  const visit = interaction('anonymous_id:n1', { clientAt: 1 });
  world.take([visit]);
  const visitor = world.changes[0]!.profileId;
  world.flush();
  // A copy of the visit and the login came after the loss, before the log was read again
  world.take([visit, interaction('user_id:7 anonymous_id:n1', { clientAt: 2 })]);
  expect(world.changes.filter(({ profileId }) => profileId === visitor).map(({ type }) => type)).toEqual(['created']);
  world.take([visit], true);
  const last = world.changes.findLast(({ profileId }) => profileId === visitor);
  expect(last).toMatchObject({ type: 'merged', mergedInto: world.changes[1]!.profileId, cause: { rule: 'recovery' } });
  const told = world.changes.length;
  world.take([visit], true);
  expect(world.changes.length).toBe(told);
});

test('an identifier that gets its profile only through what is read again of others is made good as well', () => {
  const { rules } = createWorld(DEFAULTS);
  const cluster = { profileId: 'p', anchor: 'user_id:7', members: ['user_id:7', 'email:a@x.de', 'anonymous_id:n1'] };
  const content = {
    content: { traits: '{}', identifiers: [], identifierCount: 3, consent: '{}', computed: '{}' },
    traits: new Map(),
    computed: new Map(),
    names: '',
    hash: '',
  };
  const moved = [{ key: 'email:a@x.de', from: '' }];
  const step = { cluster, now: content, previous: null, moved, lostTo: [], released: [] };
  const diff = { version: 1, steps: [step], gone: [], released: [], ghosts: [] };
  const after = decodeComponent(new Map());
  const ghosts = ghostsOf(after, { clusters: [cluster] }, diff, new Set(['user_id:7']), rules);
  expect(ghosts.map(({ anchor }) => anchor)).toEqual(['user_id:7', 'email:a@x.de']);
});
