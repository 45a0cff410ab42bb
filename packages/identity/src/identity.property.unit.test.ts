import type { Change } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evidenceOf, foldEvidence } from './evidence/interaction-evidence.ts';
import { mergeEvidence } from './evidence/merge.ts';
import { createNormaliser } from './normalise/normalise.ts';
import { replay } from './replay.ts';
import { rulesOf } from './rules.ts';
import { interactions, optionsOf, propertyRuns, RULED, shuffle, type TestInteraction, TIGHT } from './test-support.ts';
import { plain } from './testing/picture.ts';
import { createWorld } from './testing/world.ts';

const options = optionsOf(TIGHT, RULED);
const rules = rulesOf(TIGHT, 'test', { traits: RULED });
const normalise = createNormaliser(TIGHT, 'US');
const runs = { numRuns: propertyRuns };

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
  expect(rejections).toBeGreaterThan(propertyRuns); // the events are such that limits matter
});

test('interaction by interaction, in any order and any batches, gives what all at once gives', () => {
  fc.assert(
    fc.property(interactions, shuffle, (events, { order, batches }) => {
      const world = createWorld(TIGHT, { traits: RULED });
      for (const batch of batches(order(events))) world.take(batch);
      expect(plain(world.picture())).toEqual(plain(replay(events, options)));
    }),
    runs,
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
    runs,
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

test('the change feed alone rebuilds the profiles: versions increase, assignments and contents follow', () => {
  fc.assert(
    fc.property(interactions, shuffle, (events, { order, batches }) => {
      const world = createWorld(TIGHT, { traits: RULED });
      for (const batch of batches(order(events))) world.take(batch);
      const versions = new Map<string, number>();
      const assigned = new Map<string, string>();
      const contents = new Map<string, string>();
      for (const change of world.changes) {
        const previous = versions.get(change.profileId) ?? 0;
        expect(change.previousVersion).toBe(previous);
        expect(change.version).toBeGreaterThan(previous);
        versions.set(change.profileId, change.version);
        expect(change.before === null ? undefined : JSON.stringify(change.before)).toBe(contents.get(change.profileId));
        if (change.after === null) contents.delete(change.profileId);
        else contents.set(change.profileId, JSON.stringify(change.after));
        for (const { key, from } of change.assigned) {
          // '' also where a limit had taken the identifier from its profile without giving it to another
          expect([assigned.get(key) ?? '', '']).toContain(from);
          assigned.set(key, change.profileId);
        }
        expect(change.changed.length).toBeGreaterThan(0);
        expect(change.cause.messageId).not.toBe('');
      }
      const { profiles, profileByKey } = world.picture();
      expect([...contents.keys()].sort()).toEqual([...profiles.keys()].sort());
      for (const [id, content] of contents) {
        const { traits, identifiers } = JSON.parse(content);
        const view = profiles.get(id)!;
        expect(JSON.parse(traits)).toEqual(view.traits);
        expect(identifiers).toEqual(view.identifiers.map(({ type, value }) => ({ type, value })));
        expect(view.version).toBe(versions.get(id));
      }
      for (const [key, id] of profileByKey) expect(assigned.get(key)).toBe(id);
    }),
    runs,
  );
});

test('after the state was lost and read again in other batches, the feed names the profiles of today and no others', () => {
  fc.assert(
    fc.property(interactions, shuffle, fc.nat(60), (events, { order, batches }, before) => {
      const world = createWorld(TIGHT, { traits: RULED });
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
      expect(plain(world.picture())).toEqual(plain(replay(events, options)));
    }),
    runs,
  );
});
