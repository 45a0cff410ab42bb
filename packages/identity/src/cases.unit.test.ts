import type { IdentityConfig } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { decide } from './decide/decide.ts';
import type { Loaded } from './decide/pieces.ts';
import { directiveEvidenceOf } from './evidence/directive-evidence.ts';
import { evidenceOf, type InteractionEvidence } from './evidence/interaction-evidence.ts';
import { createNormaliser } from './normalise/normalise.ts';
import { replay } from './replay.ts';
import { directive, interaction, optionsOf, pair, type TestInteraction } from './test-support.ts';
import { plain } from './testing/picture.ts';
import { createWorld } from './testing/world.ts';

const DEFAULTS: IdentityConfig = { types: [], limits: {}, blocked: [] };

/** People as sets of identifiers, in text order. */
function people(events: readonly TestInteraction[], config = DEFAULTS): string[] {
  const { profiles } = replay(events, optionsOf(config));
  return [...profiles.values()].map(({ identifiers }) => identifiers.map(({ key }) => key).join(' ')).sort();
}

const reasons = (events: readonly TestInteraction[]) =>
  new Set(replay(events, optionsOf(DEFAULTS)).rejected.map(({ reason }) => reason));

const person = (given: string, birth: string) => `{"given_name":"${given}","birth_date":"${birth}"}`;

test('a shop’s tablet: what is done on it without signing in stays with the tablet, whoever signs in on it', () => {
  const signedIn = ['a', 'b', 'c', 'd', 'e'].map((id, i) =>
    interaction(`user_id:${id} device_id:tablet`, { clientAt: i }),
  );
  const alone = interaction('device_id:tablet', { clientAt: 9 });
  expect(people([...signedIn, alone])).toEqual([
    'device_id:tablet',
    ...['a', 'b', 'c', 'd', 'e'].map((id) => `user_id:${id}`),
  ]);
});

test('a family’s e-mail address with four accounts is nobody’s; with two it goes with who had it first', () => {
  const family = ['mum', 'dad', 'kid', 'gran'].map((id, i) =>
    interaction(`user_id:${id} email:family@x.de`, { clientAt: i }),
  );
  expect(people(family)).toEqual(['user_id:dad', 'user_id:gran', 'user_id:kid', 'user_id:mum']);
  expect(reasons(family)).toEqual(new Set(['hub:email:family@x.de']));
  expect(people(family.slice(0, 2))).toEqual(['user_id:dad', 'user_id:mum email:family@x.de']);
});

test('however often four people are seen with a telephone, they are four', () => {
  const often = Array.from({ length: 20 }, (_, i) =>
    interaction(`user_id:u${i % 4} phone:+12015557890`, { clientAt: i }),
  );
  expect(people(often)).toEqual(['user_id:u0 phone:+12015557890', 'user_id:u1', 'user_id:u2', 'user_id:u3']);
});

test('a family’s e-mail address without accounts is a hub by the names and birthdays that come under it', () => {
  const said = [
    person('Ann', '1980-01-01'),
    person('Bob', '1979-02-02'),
    person('Cid', '2010-03-03'),
    person('Dot', '2012-04-04'),
  ];
  const events = said.map((traits, i) => interaction('email:family@x.de phone:+12015557890', { traits, clientAt: i }));
  expect(people(events)).toEqual(['email:family@x.de']);
  expect(reasons(events)).toEqual(new Set(['hub:email:family@x.de']));
  // One person who is written in many ways is one
  const spelled = ['Müller', 'muller', 'MÜLLER', 'Mu\u0308ller', 'müller '].map((given) => person(given, '1.1.1980'));
  const ways = spelled.map((traits, i) => interaction('email:m@x.de phone:+12015557890', { traits, clientAt: i }));
  expect(people(ways)).toEqual(['email:m@x.de phone:+12015557890']);
});

test('co-tenants who share an address and a telephone stay apart', () => {
  const tenants = ['a', 'b', 'c', 'd', 'e'].map((id, i) =>
    interaction(`user_id:${id} phone:+12015557890 address:elm-street-1`, { clientAt: i }),
  );
  expect(people(tenants)).toEqual(['a address:elm-street-1', 'b', 'c', 'd', 'e'].map((id) => `user_id:${id}`));
});

test('twins and Jr and Sr: the same name, home and birthday join nobody', () => {
  const traits = '{"given_name":"John","family_name":"Doe","birth_date":"2000-01-01","address":"Elm St 1"}';
  expect(people([interaction('user_id:jr', { traits }), interaction('user_id:sr', { traits })])).toHaveLength(2);
});

test('a phone number that is given to somebody else: a split leaves each her own, and later events do not undo it', () => {
  const world = createWorld(DEFAULTS);
  const old = interaction('email:old@x.de phone:+12015557890', { clientAt: 1 });
  const later = interaction('email:new@x.de phone:+12015557890', { clientAt: 2 });
  world.take([old, later]);
  expect(world.picture().profiles.size).toBe(1);
  world.direct(directive({ kind: 'unlink', pairs: [pair('cannot', 'email:old@x.de', 'email:new@x.de')] }));
  world.take([later, old, interaction('email:new@x.de phone:+12015557890', { clientAt: 3 })]);
  const { profileByKey } = world.picture();
  expect(profileByKey.get('email:old@x.de')).not.toBe(profileByKey.get('email:new@x.de'));
  // The number stays with who was seen with it first; revoking that link gives it to the other
  expect(profileByKey.get('phone:+12015557890')).toBe(profileByKey.get('email:old@x.de'));
  world.direct(directive({ kind: 'revoke', pairs: [pair('revoke', 'email:old@x.de', 'phone:+12015557890')] }));
  const now = world.picture().profileByKey;
  expect(now.get('phone:+12015557890')).toBe(now.get('email:new@x.de'));
});

test('a support mailbox and ids that a broken client sends for everybody are nobody’s', () => {
  const events = ['support@x.de', 'noreply@x.de'].flatMap((mail) => [
    interaction(`user_id:a email:${mail}`),
    interaction(`user_id:b email:${mail} anonymous_id:undefined`),
  ]);
  expect(people(events)).toEqual(['user_id:a', 'user_id:b']);
});

test('a device that is signed out and in again by another: the visits go with who was first, not with both', () => {
  const events = [
    interaction('anonymous_id:phone', { clientAt: 1 }),
    interaction('user_id:a anonymous_id:phone', { clientAt: 2 }),
    interaction('anonymous_id:phone', { clientAt: 3 }),
    interaction('user_id:b anonymous_id:phone', { clientAt: 4 }),
  ];
  expect(people(events)).toEqual(['user_id:a anonymous_id:phone', 'user_id:b']);
});

test('an anonymous id that is baked into an app burns out: after the fourth person it joins none of them', () => {
  const events = Array.from({ length: 50 }, (_, i) => interaction(`user_id:u${i} anonymous_id:baked`, { clientAt: i }));
  expect(people(events.slice(0, 4))).toContain('user_id:u0 anonymous_id:baked');
  expect(people(events)).toHaveLength(50);
  expect(people(events).join()).not.toContain('baked');
});

test('two people who swap devices keep their accounts, whoever signs in where', () => {
  const events = [
    interaction('user_id:a device_id:one', { clientAt: 1 }),
    interaction('user_id:b device_id:two', { clientAt: 2 }),
    interaction('user_id:a device_id:two', { clientAt: 3 }),
    interaction('user_id:b device_id:one', { clientAt: 4 }),
  ];
  expect(people(events)).toEqual(['user_id:a device_id:one', 'user_id:b device_id:two']);
});

test('a hub that flips after a thousand stored interactions moves each where a rebuild puts it, and back', () => {
  const world = createWorld(DEFAULTS);
  const events = Array.from({ length: 1_000 }, (_, i) => {
    const keys = [
      `email:busy@x.de anonymous_id:n${i % 300}`,
      `user_id:u${i % 3} email:busy@x.de phone:+1201555${7000 + (i % 25)}`,
      `anonymous_id:n${(i + 298) % 300}`,
    ];
    return interaction(keys[i % 3]!, { clientAt: i });
  });
  for (let i = 0; i < events.length; i += 100) world.take(events.slice(i, i + 100));
  expect(world.picture().profileByKey.has('email:busy@x.de')).toBe(true);
  const all = [...events, ...['x', 'y', 'z'].map((id) => interaction(`user_id:${id} email:busy@x.de`))];
  for (const event of all.slice(events.length)) world.take([event]);
  expect(plain(world.picture())).toEqual(plain(replay(all, optionsOf(DEFAULTS))));
  expect(world.counts.detached).toBeGreaterThan(80);
  // Somebody says that two of them came by mistake
  const mistakes = ['user_id:x', 'user_id:y'].map((user) => pair('revoke', 'email:busy@x.de', user));
  const said = directive({ kind: 'revoke', pairs: mistakes });
  world.direct(said);
  expect(plain(world.picture())).toEqual(plain(replay(all, { ...optionsOf(DEFAULTS), directives: [said] })));
  expect(world.picture().profileByKey.has('email:busy@x.de')).toBe(true);
});

test('who took an address for a hub loses the race against the decision that it is none, and the other way round', () => {
  const hub = 'email:all@x.de';
  const meet = (world: ReturnType<typeof createWorld>) => {
    const { identifiers } = interaction(`user_id:late ${hub}`);
    const evidence = evidenceOf(interaction(`user_id:late ${hub}`), createNormaliser(DEFAULTS, 'US')(identifiers))!;
    return { evidence, keys: evidence.keys, world };
  };
  const said = directive({ kind: 'revoke', pairs: [pair('revoke', hub, 'user_id:a')] });
  const decideLate = (evidence: InteractionEvidence, world: ReturnType<typeof createWorld>, loaded: Loaded) =>
    decide({ rules: world.rules, now: 9_000, newComponent: () => 'late', loaded, evidence: [evidence] }).commits;
  const start = () => {
    const world = createWorld(DEFAULTS);
    for (const id of ['a', 'b', 'c', 'd']) world.take([interaction(`user_id:${id} ${hub}`)]);
    return world;
  };

  const { evidence, keys, world } = meet(start());
  const stale = decideLate(evidence, world, world.memory.load(keys));
  world.direct(said);
  expect(stale.map(({ commit }) => world.memory.commit(commit))).toEqual([false]);

  const other = start();
  const [flip] = directiveEvidenceOf(said);
  const shelves = [{ centre: hub, limit: 99 }];
  const everybody = [hub, ...['a', 'b', 'c', 'd'].map((id) => `user_id:${id}`)];
  const free = decideLate(flip!, other, other.memory.load(everybody, shelves));
  expect(free).toHaveLength(1);
  const [first] = decideLate(evidence, other, other.memory.load(keys));
  expect(other.memory.commit(first!.commit)).toBe(true);
  expect(other.memory.commit(free[0]!.commit)).toBe(false);
});

test('a hub is looked at with few of its neighbours, and of a popular one no component is written', () => {
  const world = createWorld(DEFAULTS);
  for (let i = 0; i < 300; i += 1) world.take([interaction(`user_id:u${i} email:all@x.de`, { clientAt: i })]);
  const hub = world.memory.componentOf('email:all@x.de')!;
  const { version, fields } = world.components.get(hub)!;
  world.take([interaction('user_id:late email:all@x.de')]);
  expect(world.components.get(hub)).toEqual({ id: hub, version, fields });
  expect(world.memory.shelves.get('email:all@x.de')?.size).toBe(301);
  const loads = world.counts.loads;
  world.configure({ ...DEFAULTS, caps: { email: 5 } });
  // One look at each component, and two more for the hub: its shelf, and six of its neighbours
  expect(world.counts.loads - loads).toBeLessThanOrEqual(world.components.size + 3);
});

test('a star of five thousand: twenty leaves stay with the person, the others cost nothing, and one that turns up elsewhere is back', () => {
  const world = createWorld(DEFAULTS);
  for (let i = 0; i < 5_000; i += 250)
    world.take(
      Array.from({ length: 250 }, (_, j) => interaction(`user_id:7 anonymous_id:n${i + j}`, { clientAt: i + j })),
    );
  const [component] = world.components.values();
  expect(component!.fields.size).toBeLessThan(60);
  expect(world.memory.shelves.get('user_id:7')?.size).toBe(4_980);
  world.take([interaction('user_id:8 anonymous_id:n3', { clientAt: 1 })]); // n3 goes to 8, n20 takes its place
  const { profileByKey, rejected } = world.picture();
  expect(profileByKey.get('anonymous_id:n3')).toBe(profileByKey.get('user_id:8'));
  expect(profileByKey.get('anonymous_id:n20')).toBe(profileByKey.get('user_id:7'));
  expect(profileByKey.has('anonymous_id:n21')).toBe(false);
  expect(rejected).toHaveLength(4_980);
});

test('all that came from a bad import counts as never seen, and an owner of nothing else has no profile until it is cleared', () => {
  const world = createWorld(DEFAULTS);
  world.take([interaction('user_id:a email:a@x.de', { traits: '{"city":"Bonn"}', clientAt: 1 })]);
  const bad = { source: 'import-1', traits: '{"city":"Oz"}' };
  world.take([
    interaction('user_id:b email:b@x.de', { ...bad, clientAt: 0 }),
    interaction('user_id:a phone:+12015557890', { ...bad, clientAt: 2 }),
  ]);
  const before = world.changes.length;
  world.direct(directive({ kind: 'revoke', source: 'import-1' }));
  const { profiles } = world.picture();
  expect([...profiles.values()].map(({ traits, identifiers }) => [traits, identifiers.map(({ key }) => key)])).toEqual([
    [{ city: 'Bonn' }, ['user_id:a', 'email:a@x.de']],
  ]);
  const told = world.changes.slice(before);
  expect(told.map(({ type }) => type).sort()).toEqual(['erased', 'updated']);
  expect(told.find(({ type }) => type === 'erased')).toMatchObject({
    mergedInto: null,
    after: null,
    released: ['user_id:b', 'email:b@x.de'],
  });
  expect(told.find(({ type }) => type === 'updated')?.released).toEqual(['phone:+12015557890']);
  world.direct(directive({ kind: 'clear', source: 'import-1' }));
  expect(world.picture().profiles.size).toBe(2);
});

test('consent: the last word on a purpose holds, whoever said it and under whichever identifier, and is told as a change', () => {
  const world = createWorld(DEFAULTS);
  world.take([interaction('anonymous_id:n1', { consent: { ads: true, mail: true }, clientAt: 5 })]);
  world.take([interaction('user_id:7 anonymous_id:n1', { consent: { ads: false }, clientAt: 6, source: 'shop' })]);
  const consent = () => [...world.picture().profiles.values()].map((profile) => profile.consent);
  expect(consent()).toEqual([{ ads: false, mail: true }]);
  world.direct(directive({ kind: 'consent', consent: { owner: 'user_id:7', purpose: 'mail', granted: false } }));
  expect(consent()).toEqual([{ ads: false, mail: false }]);
  const last = world.changes.at(-1);
  expect(last).toMatchObject({ changed: ['consent'], cause: { rule: 'consent' } });
  expect(last?.after?.consent).toBe('{"ads":false,"mail":false}');
  world.take([interaction('user_id:7', { consent: { mail: true }, clientAt: 7 })]); // older than what was said by hand
  expect(consent()).toEqual([{ ads: false, mail: false }]);
});

test('consent of an identifier that was parked beside a hub stands with it once it is somebody’s again', () => {
  const world = createWorld({ ...DEFAULTS, caps: { device_id: 1 } });
  world.take([
    interaction('user_id:7 device_id:tablet', { clientAt: 1 }),
    interaction('user_id:8 device_id:tablet', { clientAt: 2 }),
    interaction('user_id:7 phone:+12015557890', { clientAt: 3, source: 'shop' }),
  ]);
  world.direct(
    directive({ kind: 'consent', consent: { owner: 'phone:+12015557890', purpose: 'ads', granted: false } }),
    directive({ kind: 'revoke', source: 'shop' }), // nothing joins the telephone any more
    directive({ pairs: [pair('must', 'user_id:7', 'phone:+12015557890')] }),
  );
  const consents = [...world.picture().profiles.values()].map(({ consent }) => JSON.stringify(consent));
  expect(consents.sort()).toEqual(['{"ads":false}', '{}']);
});

test('a lost state tells that a profile is gone also where its anchor owned nothing and is nobody’s now', () => {
  const world = createWorld({ ...DEFAULTS, limits: { anonymous_id: 3 } });
  const before = [
    interaction('user_id:7 email:a@x.de', { clientAt: 0 }),
    interaction('email:a@x.de anonymous_id:n6', { clientAt: 0 }),
    interaction('user_id:7 anonymous_id:n3 anonymous_id:n4', { clientAt: 0 }),
    interaction('anonymous_id:n6 anonymous_id:n1', { clientAt: 1 }),
    interaction('user_id:7 anonymous_id:n5', { clientAt: 0 }),
  ];
  for (const event of before) world.take([event]);
  const anchoredByLeaf = world.rules.profileIdOf('anonymous_id:n6');
  expect([...world.picture().profiles.keys()]).toContain(anchoredByLeaf);
  world.flush();
  world.take([interaction('user_id:7 anonymous_id:n1', { clientAt: 0 })]); // there is no room for n6 with anybody
  const [first, ...rest] = before;
  world.take([first!], true);
  world.take(rest, true);
  expect([...world.picture().profiles.keys()]).toEqual([world.rules.profileIdOf('user_id:7')]);
  const last = world.changes.findLast(({ profileId }) => profileId === anchoredByLeaf);
  expect(last).toMatchObject({ type: 'erased', after: null, cause: { rule: 'recovery' } });
});

test('a value that is blocked later joins nobody from then on, and all is as before once it is blocked no more', () => {
  const world = createWorld(DEFAULTS);
  world.take([
    interaction('anonymous_id:till1 email:walk-in@x.de', { traits: '{"city":"Bonn"}', clientAt: 1 }),
    interaction('anonymous_id:till2 email:walk-in@x.de', { clientAt: 2 }),
    interaction('anonymous_id:till1', { clientAt: 3 }),
    interaction('anonymous_id:till2', { clientAt: 4 }),
  ]);
  const before = plain(world.picture());
  expect(world.picture().profiles.size).toBe(1);
  world.configure({ ...DEFAULTS, blocked: ['email:walk-in@x.de'] });
  const { profiles, rejected } = world.picture();
  expect([...profiles.values()].map(({ traits, identifiers }) => [traits, identifiers.map(({ key }) => key)])).toEqual([
    [{}, ['anonymous_id:till1']],
    [{}, ['anonymous_id:till2']],
  ]);
  expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(['blocked:email:walk-in@x.de']));
  expect(world.changes.flatMap(({ released }) => released)).toEqual(['email:walk-in@x.de']);
  world.configure(DEFAULTS);
  expect(plain(world.picture())).toEqual(before);
});

test('a person who is forgotten is told with no more than the names to forget, and once', () => {
  const world = createWorld(DEFAULTS);
  world.take([
    interaction('user_id:7 email:a@x.de', { traits: '{"city":"Bonn"}' }),
    interaction('user_id:8 email:a@x.de'),
  ]);
  world.erase(['user_id:7', 'email:a@x.de']);
  const { profileId: _, id: __, version: ___, ...told } = world.changes.at(-1)!;
  expect(told).toMatchObject({
    type: 'erased',
    before: null,
    after: null,
    cause: { rule: 'erase' },
    released: ['user_id:7', 'email:a@x.de'],
    assigned: [],
  });
  expect([...world.picture().profileByKey.keys()]).toEqual(['user_id:8']);
  expect(JSON.stringify([...world.components.values()].map(({ fields }) => [...fields]))).not.toMatch(
    /user_id:7|a@x.de|Bonn/,
  );
  const known = world.changes.length;
  world.erase(['user_id:7', 'email:a@x.de']);
  expect(world.changes.length).toBe(known);
});
