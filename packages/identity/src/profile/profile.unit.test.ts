import type { TraitsConfig } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { decodeComponent } from '../evidence/decode.ts';
import { spanOf } from '../evidence/span.ts';
import { replay } from '../replay.ts';
import { interaction, optionsOf, type TestInteraction } from '../test-support.ts';
import { createWorld } from '../testing/world.ts';
import { qualityOf } from './quality.ts';
import { survivorOf } from './survivorship.ts';
import { traitRulesOf } from './trait-rules.ts';
import { aliasesOf, profileOf, traitHistoryOf } from './view.ts';

const DEFAULTS = { types: [], limits: {}, blocked: [] };
const rule = { freshForDays: 365, required: true };
const ruled = (survivorship: TraitsConfig[string]['survivorship'], sources?: string[]): TraitsConfig => ({
  city: { ...rule, survivorship, ...(sources === undefined ? {} : { sources }) },
});
const say = (city: string | null, clientAt: number, source = 'web', owner = 'user_id:7') =>
  interaction(owner, { id: `e${clientAt}`, traits: JSON.stringify({ city }), clientAt, source });
const city = (traits: TraitsConfig, ...events: TestInteraction[]) =>
  [...replay(events, optionsOf(DEFAULTS, traits)).profiles.values()][0]?.traits.city;

test('oldest: the first value holds, a later one only where null stood before it', () => {
  const oldest = ruled('oldest');
  expect(city(oldest, say('Kiel', 2), say('Bonn', 1), say('Ulm', 3, 'shop'))).toBe('Bonn');
  expect(city(oldest, say(null, 1), say('Kiel', 2), say('Ulm', 3))).toBe('Kiel');
});

test('longest: the value of the most characters holds, of two of one length the newer one; an emoji is one character', () => {
  const longest = ruled('longest');
  expect(city(longest, say('Bonn am Rhein', 2), say('Bonn', 1), say('Köln', 3))).toBe('Bonn am Rhein');
  expect(city(longest, say('Bonn', 2), say('Kiel', 1), say('Ulm', 3))).toBe('Bonn');
  expect(city(longest, say('Ulm', 1), say('😀😀', 2))).toBe('Ulm');
});

test('source priority: the newest word of the first source that has one holds; those not named come last, by newest', () => {
  const trusted = ruled('source_priority', ['crm', 'shop']);
  expect(city(trusted, say('Bonn', 1, 'crm'), say('Kiel', 2, 'crm'), say('Ulm', 9, 'web'))).toBe('Kiel');
  expect(city(trusted, say('Bonn', 1, 'shop'), say('Ulm', 9, 'web'))).toBe('Bonn');
  expect(city(trusted, say('Bonn', 1, 'web'), say('Ulm', 9, 'app'))).toBe('Ulm');
});

test('null as the newest word of all takes the trait away, whatever was first or longest, until somebody says a value', () => {
  for (const rules of [{}, ruled('oldest'), ruled('longest')]) {
    expect(city(rules, say('Bonn', 1), say(null, 2, 'shop'))).toBeUndefined();
    expect(city(rules, say('Bonn', 1), say(null, 2, 'shop'), say('Bonn', 3))).toBe('Bonn');
  }
});

test('by source priority null takes away only what its own source said', () => {
  const trusted = ruled('source_priority', ['crm', 'shop']);
  expect(city(trusted, say('Bonn', 1, 'crm'), say(null, 9, 'web'))).toBe('Bonn');
  expect(city(trusted, say('Bonn', 1, 'web'), say(null, 9, 'crm'))).toBe('Bonn');
  expect(city(trusted, say('Bonn', 1, 'crm'), say(null, 9, 'crm'))).toBeUndefined();
});

test('of one word from two sources the holder does not depend on the order of the registers', () => {
  const span = spanOf(1, 'e1', '"Bonn"');
  const registers = ['web', 'app', 'shop'].map((source) => ({ trait: 'city', source, span }));
  for (const survivorship of ['newest', 'oldest', 'longest', 'source_priority'] as const) {
    const { ruleOf } = traitRulesOf(ruled(survivorship, ['none']));
    const first = survivorOf(registers, ruleOf('city'));
    expect(first?.source).toBe(survivorship === 'oldest' ? 'app' : 'web');
    expect(survivorOf(registers.toReversed(), ruleOf('city'))).toEqual(first);
  }
});

test('a longest value that is neither the first nor the last word is kept, and told when it comes late', () => {
  const world = createWorld(DEFAULTS, { traits: ruled('longest') });
  world.take([say('Bonn', 1)]);
  world.take([say('Ulm', 3)]);
  world.take([say('Bonn am Rhein', 2)]);
  expect(world.changes.map(({ after }) => after?.traits)).toEqual(['{"city":"Bonn"}', '{"city":"Bonn am Rhein"}']);
});

test('a rule that was changed shows at once, by what registers know, and is published when next something is said', () => {
  const before = createWorld(DEFAULTS);
  before.take([say('Bonn', 1), say('Bonn am Rhein', 2), say('Ulm', 3)]);
  const after = createWorld(DEFAULTS, { traits: ruled('longest') });
  for (const [key, id] of before.pointers) after.pointers.set(key, id);
  for (const [id, component] of before.components) after.components.set(id, component);
  // The one between the first and the last word was not kept
  expect([...after.picture().profiles.values()][0]?.traits).toEqual({ city: 'Bonn' });
  after.take([interaction('user_id:7', { type: 'track', clientAt: 4 })]);
  expect(after.changes).toEqual([]);
  after.take([say('Ulm', 5)]);
  expect(after.changes.map((change) => change.after?.traits)).toEqual(['{"city":"Bonn"}']);
});

test('history: every value that registers hold, newest first, by source, with its first and last time', () => {
  const world = createWorld(DEFAULTS, { traits: ruled('oldest') });
  world.take([say('Bonn', 1), say('Bonn', 2), say('Kiel', 3), say(null, 4), say('Bonn', 5, 'shop')]);
  const [{ fields } = { fields: new Map<string, string>() }] = world.components.values();
  const component = decodeComponent(fields);
  const { id } = profileOf(component, world.rules, 'user_id:7')!;
  expect(traitHistoryOf(component, world.rules, id)).toEqual([
    { trait: 'city', value: 'Bonn', source: 'shop', firstAt: 5, lastAt: 5, messageId: 'e5', holds: false },
    { trait: 'city', value: null, source: 'web', firstAt: 4, lastAt: 4, messageId: 'e4', holds: false },
    { trait: 'city', value: 'Bonn', source: 'web', firstAt: 1, lastAt: 1, messageId: 'e1', holds: true },
  ]);
});

test('aliases are the ids that lead to the profile today: those of visitors who signed in, no longer those of who split off', () => {
  const world = createWorld({ ...DEFAULTS, limits: { email: 1 } });
  world.take([interaction('email:a@x.de', { clientAt: 50 })]);
  world.take([interaction('anonymous_id:n1', { clientAt: 51 })]);
  const [a, n1] = world.changes.map(({ profileId }) => profileId);
  const aliases = (): readonly string[] => {
    const component = decodeComponent(world.components.get(world.memory.componentOf('user_id:7')!)!.fields);
    return aliasesOf(component, profileOf(component, world.rules, 'user_id:7')!.id);
  };
  world.take([interaction('user_id:7 email:a@x.de anonymous_id:n1', { clientAt: 60 })]);
  expect(aliases()).toEqual([a, n1].sort());
  world.take([interaction('user_id:7 email:b@x.de', { clientAt: 1 })]); // takes the place of a
  expect(aliases()).toEqual([n1]);
});

const DAY = 86_400_000_000;
const quality = (traits: TraitsConfig, now: number, ...events: TestInteraction[]) => {
  const options = optionsOf(DEFAULTS, traits);
  const [profile] = replay(events, options).profiles.values();
  return qualityOf(profile!, traitRulesOf(traits).wanted, now);
};

test('quality: what is declared and required is wanted, by trait or by identifier, and fresh for its own days', () => {
  const wanted: TraitsConfig = {
    email: { ...rule, survivorship: 'newest' },
    city: { ...rule, survivorship: 'oldest', freshForDays: 10 },
    name: { ...rule, survivorship: 'newest' },
    bio: { ...rule, survivorship: 'longest', required: false },
  };
  const events = [
    say('Bonn', 0),
    interaction('user_id:7 email:a@x.de', { clientAt: 0, traits: '{"name":"  ","bio":"x"}' }),
  ];
  const fresh = { completeness: 0.667, freshness: 1, missing: ['name'], stale: [] };
  expect(quality(wanted, 10 * DAY, ...events)).toEqual(fresh);
  expect(quality(wanted, 10 * DAY + 1, ...events)).toEqual({ ...fresh, freshness: 0.5, stale: ['city'] });
  // Said again, it is fresh again, though by its rule the first word still is the one that holds
  expect(quality(wanted, 10 * DAY + 1, ...events, say('Bonn', DAY))).toEqual(fresh);
  expect(quality(wanted, 365 * DAY + 1, ...events).stale).toEqual(['email', 'city']);
});

test('quality: where nothing is declared, name, email, phone, address and birthday are wanted, under the names they have', () => {
  const all = '{"firstName":"Ann","birth_date":"2000-01-01","address":{"city":"Bonn"}}';
  const known = interaction('user_id:7 email:a@x.de phone:+12015557890', { traits: all, clientAt: 0 });
  expect(quality({}, 0, known)).toEqual({ completeness: 1, freshness: 1, missing: [], stale: [] });
  // A birthday does not age
  expect(quality({}, 366 * DAY, known).stale).toEqual(['name', 'email', 'phone', 'address']);
  const unknown = interaction('user_id:7', { traits: '{"address":{},"name":""}' });
  const missing = ['name', 'email', 'phone', 'address', 'birthday'];
  expect(quality({}, 0, unknown)).toEqual({ completeness: 0, freshness: null, missing, stale: [] });
});
