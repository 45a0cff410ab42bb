import type { Change } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidenceOf, foldEvidence } from './evidence/interaction-evidence.ts';
import { mergeEvidence } from './evidence/merge.ts';
import { createNormaliser } from './normalise/normalise.ts';
import { replay } from './replay.ts';
import { rulesOf } from './rules.ts';
import {
  directives,
  interactions,
  optionsOf,
  RULED,
  shuffle,
  type TestInteraction,
  TIGHT,
  TIGHTER,
  tries,
} from './test-support.ts';
import { plain } from './testing/picture.ts';
import { createWorld } from './testing/world.ts';

const options = optionsOf(TIGHT, RULED);
const rules = rulesOf(TIGHT, 'test', { traits: RULED });
const normalise = createNormaliser(TIGHT, 'US');
const runs = tries();
/** Of those that decide event by event. */
const half = tries(1 / 2);
const third = tries(1 / 3);

function fieldsOf(events: readonly TestInteraction[]): ReadonlyMap<string, string> {
  const evidence = foldEvidence(
    events.flatMap((event) => evidenceOf(event, normalise(event.identifiers), rules) ?? []),
  );
  return mergeEvidence(() => undefined, evidence).changed;
}

test('partitions, ids, traits and rejection reasons do not depend on the order of arrival', () => {
  let rejections = 0;
  fc.assert(
    fc.property(interactions, shuffle, (events, { order }) => {
      const one = replay(events, options);
      rejections += one.rejected.length;
      expect(plain(replay(order(events), options))).toEqual(plain(one));
    }),
    runs,
  );
  expect(rejections).toBeGreaterThan(runs.numRuns); // the events are such that limits matter
});

test('interaction by interaction, in any order and any batches, gives what all at once gives', () => {
  fc.assert(
    fc.property(interactions, shuffle, (events, { order, batches }) => {
      const world = createWorld(TIGHT, { traits: RULED });
      for (const batch of batches(order(events))) world.take(batch);
      expect(plain(world.picture())).toEqual(plain(replay(events, options)));
    }),
    half,
  );
});

test('duplicates and a replay of everything change nothing and publish nothing', () => {
  fc.assert(
    fc.property(interactions, shuffle, (events, { order, batches }) => {
      const world = createWorld(TIGHT, { traits: RULED });
      for (const batch of batches(events)) world.take(batch);
      const before = plain(world.picture());
      const published = world.changes.length;
      for (const batch of batches(order(events))) world.take(batch);
      expect(plain(world.picture())).toEqual(before);
      expect(world.changes.length).toBe(published);
    }),
    half,
  );
});

test('merging evidence is commutative, associative and idempotent', () => {
  fc.assert(
    fc.property(interactions, fc.nat(90), fc.nat(90), (events, i, j) => {
      const [a, b, c] = [
        events.slice(0, Math.min(i, j)),
        events.slice(Math.min(i, j), Math.max(i, j)),
        events.slice(Math.max(i, j)),
      ];
      const merge = (left: ReadonlyMap<string, string>, right: readonly TestInteraction[]) => {
        const evidence = foldEvidence(
          right.flatMap((event) => evidenceOf(event, normalise(event.identifiers), rules) ?? []),
        );
        return new Map([...left, ...mergeEvidence((field) => left.get(field), evidence).changed]);
      };
      const whole = fieldsOf(events);
      expect(merge(merge(fieldsOf(a), b), c)).toEqual(whole);
      expect(merge(fieldsOf(c), [...b, ...a])).toEqual(whole);
      expect(merge(whole, events)).toEqual(whole);
    }),
    runs,
  );
});

test('no profile has more identifiers of a type than its limit, and every one owns an interaction', () => {
  fc.assert(
    fc.property(interactions, (events) => {
      const owners = new Set(events.map((event) => normalise(event.identifiers).owner));
      for (const { identifiers } of replay(events, options).profiles.values()) {
        const counts = Map.groupBy(identifiers, ({ type }) => type);
        for (const [type, group] of counts)
          expect(group.length).toBeLessThanOrEqual(createWorld(TIGHT, { traits: RULED }).rules.limitOf(type));
        expect(identifiers.some(({ key }) => owners.has(key))).toBe(true);
      }
    }),
    runs,
  );
});

test('a late copy of an interaction changes nothing, whatever its send and arrival times', () => {
  fc.assert(
    fc.property(interactions, fc.nat(), fc.integer({ min: 1, max: 1_000 }), (all, at, later) => {
      const events = all.filter((event) => event.clientAt !== null);
      fc.pre(events.length > 0);
      const event = events[at % events.length]!;
      const copy = { ...event, receivedAt: event.receivedAt + later, occurredAt: event.occurredAt - later };
      expect(plain(replay([...events, copy], options))).toEqual(plain(replay(events, options)));
    }),
    runs,
  );
});

/** Who has what, as somebody knows it who reads the changes and nothing else. */
function followFeed(changes: readonly Change[], beforeMayBeMissing: boolean) {
  const versions = new Map<string, number>();
  const assigned = new Map<string, string>();
  const contents = new Map<string, string>();
  for (const change of changes) {
    const { profileId, before, after } = change;
    expect(change.previousVersion).toBe(versions.get(profileId) ?? 0);
    expect(change.version).toBeGreaterThan(change.previousVersion);
    versions.set(profileId, change.version);
    // Under other rules what was published cannot be told again
    if (before !== null || !beforeMayBeMissing)
      expect(before === null ? undefined : JSON.stringify(before)).toBe(contents.get(profileId));
    if (after === null) contents.delete(profileId);
    else contents.set(profileId, JSON.stringify(after));
    for (const key of change.released) {
      expect(assigned.get(key)).toBe(profileId);
      assigned.delete(key);
    }
    for (const { key, from } of change.assigned) {
      expect(assigned.get(key) ?? '').toBe(from);
      assigned.set(key, profileId);
    }
    expect(change.changed.length + (before === null ? 1 : 0)).toBeGreaterThan(0);
    expect(change.cause.messageId).not.toBe('');
  }
  return { versions, assigned, contents };
}

function expectFeed(world: ReturnType<typeof createWorld>, beforeMayBeMissing: boolean): void {
  const { versions, assigned, contents } = followFeed(world.changes, beforeMayBeMissing);
  const { profiles, profileByKey } = world.picture();
  expect([...contents.keys()].sort()).toEqual([...profiles.keys()].sort());
  for (const [id, content] of contents) {
    const { traits, identifiers, consent } = JSON.parse(content);
    const view = profiles.get(id)!;
    expect(JSON.parse(traits)).toEqual(view.traits);
    expect(JSON.parse(consent)).toEqual(view.consent);
    expect(identifiers).toEqual(view.identifiers.map(({ type, value }) => ({ type, value })));
    expect(view.version).toBe(versions.get(id));
  }
  expect([...assigned].sort()).toEqual([...profileByKey].sort());
}

test('the change feed alone rebuilds the profiles: versions increase, assignments, releases and contents follow', () => {
  fc.assert(
    fc.property(interactions, shuffle, (events, { order, batches }) => {
      const world = createWorld(TIGHT, { traits: RULED });
      for (const batch of batches(order(events))) world.take(batch);
      expectFeed(world, false);
    }),
    half,
  );
});

test('so it does where people are decided about, sources are revoked, and hubs come and go', () => {
  fc.assert(
    fc.property(interactions, directives, shuffle, (events, said, { order, batches }) => {
      const world = createWorld(TIGHTER);
      for (const step of order([...batches(events), ...said])) {
        if (Array.isArray(step)) world.take(step);
        else world.direct(step);
      }
      expectFeed(world, true);
    }),
    third,
  );
});

test('after the state was lost and read again in other batches, the feed names the profiles of today and no others', () => {
  fc.assert(
    fc.property(interactions, shuffle, fc.nat(60), (events, { order, batches }, before) => {
      const world = createWorld(TIGHTER, { traits: RULED });
      for (const batch of batches(events.slice(0, before))) world.take(batch);
      world.flush();
      // Events that come after the loss, before what was there is read again, and after it
      world.take(events.slice(before, before + 5));
      for (const batch of batches(order(events.slice(0, before)))) world.take(batch, true);
      for (const batch of batches(events.slice(before + 5))) world.take(batch);
      const last = new Map<string, Change>();
      for (const change of world.changes) {
        expect(change.version).toBeGreaterThan(last.get(change.profileId)?.version ?? 0);
        last.set(change.profileId, change);
      }
      const shown = [...last.values()].filter(({ after }) => after !== null).map(({ profileId }) => profileId);
      expect(shown.sort()).toEqual([...world.picture().profiles.keys()].sort());
      expect(plain(world.picture())).toEqual(plain(replay(events, optionsOf(TIGHTER, RULED))));
    }),
    third,
  );
});
