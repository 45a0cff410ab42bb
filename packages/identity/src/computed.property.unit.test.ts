import type { Computed, IdentifierKey } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { adopt } from './decide/adopt.ts';
import { replay } from './replay.ts';
import {
  directives,
  interaction,
  interactions,
  often,
  optionsOf,
  patience,
  shuffle,
  TIGHTER,
  tries,
} from './test-support.ts';
import { directedOf } from './testing/directed.ts';
import { plain } from './testing/picture.ts';
import { createWorld } from './testing/world.ts';

vi.setConfig({ testTimeout: patience });

const runs = tries(1 / 6);
const ANCHORS = ['user_id:u1', 'user_id:u2', 'email:a@x.de', 'email:b@x.de', 'phone:+12015557890', 'anonymous_id:n1'];

/** Few names and instants, so that the same is said twice and out of order; of one instant only one thing is computed. */
const said: fc.Arbitrary<readonly [Computed, IdentifierKey]> = fc
  .record({
    anchor: fc.constantFrom(...ANCHORS),
    name: fc.constantFrom('tier', 'churn.band', 'segment.v|p%'),
    at: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ anchor, name, at }) => {
    const value = at % 4 === 0 ? null : JSON.stringify(at % 4 === 1 ? { a: '|%' } : at % 4);
    const about = { workspace: 'test', profileId: '', kind: 'score', fitId: `f${at}`, reason: 'so | so' } as const;
    return [{ ...about, name, value, computedAt: at * 1_000_000 }, anchor];
  });

/** The newest word on each attribute. */
function newest(all: readonly Computed[]) {
  const held = new Map<string, Computed>();
  for (const one of all) if (one.computedAt > (held.get(one.name)?.computedAt ?? 0)) held.set(one.name, one);
  const shown = [...held.values()].flatMap(({ name, value, kind, fitId, reason, computedAt }) => {
    const seconds = String(computedAt / 1_000_000).padStart(2, '0');
    const at = `1970-01-01T00:00:${seconds}.000Z`;
    return value === null ? [] : [[name, { value: JSON.parse(value), kind, fitId, reason, computedAt: at }] as const];
  });
  return Object.fromEntries(shown);
}

test('computed attributes stand with their own profile, the newest holds, and who is who does not hang on them', () => {
  const counts = { kept: 0, shown: 0, told: 0 };
  fc.assert(
    fc.property(
      interactions,
      directives,
      fc.array(said, { minLength: 10, maxLength: 40, size: 'max' }),
      shuffle,
      (events, decisions, computed, { order, batches }) => {
        const world = createWorld(TIGHTER);
        const kept: (readonly [Computed, IdentifierKey])[] = [];
        const steps = order([...batches(events), ...decisions, ...computed.map((one) => ({ one }))]);
        for (const step of steps) {
          if (Array.isArray(step)) world.take(step);
          else if ('one' in step) kept.push(...world.compute([step.one]));
          else world.direct(step);
        }
        kept.push(...world.compute(kept)); // read again from the topic
        const picture = plain(world.picture());
        const without = picture.profiles.map((profile) => ({ ...profile, computed: {} }));
        const truth = replay(events, {
          ...optionsOf(TIGHTER),
          directives: decisions,
          directed: directedOf(decisions),
        });
        expect({ ...picture, profiles: without }).toEqual(plain(truth));

        const ofAnchor = Map.groupBy(kept, ([, anchor]) => world.rules.profileIdOf(anchor));
        const feed = new Map(world.changes.map((change) => [change.profileId, change.after?.computed ?? null]));
        for (const { id, computed: shown } of picture.profiles) {
          expect(shown).toEqual(newest((ofAnchor.get(id) ?? []).map(([one]) => one)));
          const values = (all: object) => Object.entries(all).map(([name, { value }]) => [name, value]);
          expect(values(JSON.parse(feed.get(id)!))).toEqual(values(shown));
          counts.shown += Object.keys(shown).length;
        }
        counts.kept += kept.length;
        counts.told += world.changes.filter(({ cause }) => cause.rule === 'computed').length;
      },
    ),
    runs,
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(often(runs));
});

test('nothing that was computed of somebody is left once she is forgotten', () => {
  fc.assert(
    fc.property(interactions, fc.array(said, { minLength: 20 }), shuffle, (events, computed, { batches }) => {
      const world = createWorld(TIGHTER);
      for (const batch of batches(events)) world.take(batch);
      const kept = world.compute(computed);
      fc.pre(kept.length > 0);
      const [first] = kept;
      const profile = world.picture().profileByKey.get(first![1]);
      const keys = [...world.picture().profileByKey].flatMap(([key, id]) => (id === profile ? [key] : []));
      world.erase([...keys, first![1]]);
      const left = [...world.components.values()].flatMap(({ fields }) => [...fields.keys()]);
      expect(left.filter((field) => field.startsWith(`s|${first![1]}|`))).toEqual([]);
      expect(world.compute(kept.filter(([, anchor]) => anchor === first![1]))).toEqual([]);
    }),
    runs,
  );
});

test('a change that something was computed says what, and by which fit', () => {
  const world = createWorld(TIGHTER);
  world.take([
    {
      id: 'm',
      source: 'web',
      type: 'track',
      clientAt: 1,
      receivedAt: 1,
      occurredAt: 1,
      traits: '{}',
      identifiers: [{ type: 'user_id', value: 'u1' }],
    },
  ]);
  const about = {
    workspace: 'test',
    profileId: '',
    name: 'churn.band',
    kind: 'score',
    computedAt: 2,
    reason: '',
  } as const;
  const band = (value: string, fitId: string) => ({
    ...about,
    value: JSON.stringify(value),
    fitId,
    computedAt: Number(fitId),
  });
  world.compute([[band('low', '1'), 'user_id:u1']]);
  world.compute([[band('high', '2'), 'user_id:u1']]);
  world.compute([[band('low', '1'), 'user_id:u1']]);
  world.compute([[band('high', '3'), 'user_id:u1']]);
  const [, , last, ...more] = world.changes;
  expect(more).toEqual([]);
  expect(last).toMatchObject({
    ...{ type: 'updated', changed: ['computed.churn.band'], cause: { messageId: '2', source: '', rule: 'computed' } },
    before: { computed: expect.stringContaining('"low"') },
    after: { computed: expect.stringContaining('"high"') },
  });
});

test('a state that is made anew from evidence takes over what was computed from what was published, and tells nothing', () => {
  const event = interaction('user_id:u1');
  const world = createWorld(TIGHTER);
  world.take([event]);
  const about = { workspace: 'test', profileId: '', kind: 'segment', fitId: 'f1', reason: 'so | so' } as const;
  world.compute([[{ ...about, name: 'segment.vip', value: 'true', computedAt: 7_000_000 }, 'user_id:u1']]);
  const { profileId, version, after: content } = world.changes.at(-1)!;

  const fresh = createWorld(TIGHTER);
  fresh.take([event]);
  const [component] = fresh.components.values();
  const profiles = [{ profileId, version, content, anchor: 'user_id:u1' }];
  const isSame = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);
  const commit = adopt({ rules: fresh.rules, component: component!, profiles, assigned: new Map(), isSame });
  expect(fresh.memory.commit(commit!)).toBe(true);
  const told = fresh.changes.length;
  fresh.sweep();
  expect(fresh.changes.length).toBe(told);
  expect(plain(fresh.picture())).toEqual(plain(world.picture()));
});
