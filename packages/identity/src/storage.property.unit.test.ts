import type { Directive, IdentityConfig, ParkedLeaf } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { leavesOf } from './cluster/leaves.ts';
import { decodeComponent } from './evidence/decode.ts';
import { partOf } from './evidence/fields.ts';
import { createRuleTrial } from './explain/compare-rules.ts';
import { shelvesIn } from './explain/families.ts';
import { createBlockedKeys } from './normalise/blocked-keys.ts';
import { replay, replayFields } from './replay.ts';
import { rulesOf } from './rules.ts';
import {
  directive,
  directives,
  interactions,
  often,
  optionsOf,
  pair,
  patience,
  shuffle,
  type TestInteraction,
  TIGHT,
  TIGHTER,
  tries,
} from './test-support.ts';
import { directedOf } from './testing/directed.ts';
import { evidenceIn, plain } from './testing/picture.ts';
import { createWorld } from './testing/world.ts';

vi.setConfig({ testTimeout: patience });

/** Each of these takes as long as six of the cheap ones. */
const runs = tries(1 / 6);
const WIDER: IdentityConfig = { ...TIGHT, limits: { email: 4, phone: 2, anonymous_id: 9, device_id: 3, user_id: 2 } };
/** Its blocked values came in before they were blocked. */
const BLOCKING: IdentityConfig = {
  ...TIGHT,
  blocked: ['email:a@x.de', 'anonymous_id:s3'],
  blockedPatterns: ['user_id:u[2-9]'],
};
const truth = (config: IdentityConfig, events: readonly TestInteraction[], said: readonly Directive[] = []) => {
  const { blocked: _, blockedPatterns: __, ...open } = config;
  const directed = { ...directedOf(said), isBlocked: createBlockedKeys(config) };
  return plain(replay(events, { ...optionsOf({ ...open, blocked: [] }), directives: said, directed }));
};

/** Owners with many identifiers that come once or twice: leaves, and leaves no more. */
const stars: fc.Arbitrary<TestInteraction[]> = fc
  .tuple(
    interactions,
    fc.array(
      fc.record({
        owner: fc.constantFrom('user_id:u1', 'user_id:u1', 'user_id:u2', 'user_id:u3', 'email:a@x.de', 'device_id:d1'),
        leaf: fc.oneof(
          fc.nat(25).map((n) => `anonymous_id:s${n}`),
          fc.nat(6).map((n) => `device_id:s${n}`),
        ),
        source: fc.constantFrom('web', 'shop', 'app'),
        at: fc.nat(40),
        alone: fc.boolean(),
      }),
      { minLength: 30, maxLength: 60, size: 'max' },
    ),
  )
  .map(([events, rays]) => [
    ...rays.map(({ owner, leaf, source, at, alone }, i): TestInteraction => {
      const keys = alone && i % 11 === 0 ? [leaf] : [owner, leaf];
      const identifiers = keys.map((key) => ({ type: key.split(':')[0]!, value: key.slice(key.indexOf(':') + 1) }));
      const times = { clientAt: at, receivedAt: at, occurredAt: at };
      return { id: `ray${i}`, source, type: 'track', traits: '{}', ...times, identifiers };
    }),
    ...events.slice(0, 20),
  ]);

test('stars: what is parked, and comes back, is where all at once puts it, and no component keeps a leaf too many', () => {
  let parked = 0;
  fc.assert(
    fc.property(stars, directives, shuffle, (events, said, { order, batches }) => {
      const world = createWorld(TIGHT);
      for (const step of order([...batches(events), ...said]))
        Array.isArray(step) ? world.take(step) : world.direct(step);
      expect(plain(world.picture())).toEqual(truth(TIGHT, events, said));
      for (const { fields } of world.components.values()) {
        const component = decodeComponent(fields, world.rules);
        const counts = Map.groupBy(leavesOf(component, world.rules, component.hubs), (leaf) => leaf.type + leaf.centre);
        for (const leaves of counts.values()) expect(leaves.length).toBeLessThanOrEqual(3);
      }
      parked += world.counts.parked;
    }),
    runs,
  );
  expect(parked).toBeGreaterThan(often(runs));
});

test('where components grow too large, weak links are dropped as a rebuild drops them, in any order', () => {
  let drops = 0;
  fc.assert(
    fc.property(
      stars,
      directives,
      shuffle,
      fc.integer({ min: 4, max: 12 }),
      (events, said, { order, batches }, most) => {
        const world = createWorld(TIGHTER, { mostIdentifiers: most });
        for (const step of order([...batches(events), ...said])) {
          if (Array.isArray(step)) world.take(step);
          else world.direct(step);
        }
        const about = { ...optionsOf(TIGHTER), directives: said, directed: directedOf(said), mostIdentifiers: most };
        const one = plain(replay(events, about));
        expect(plain(world.picture())).toEqual(one);
        drops += one.rejected.filter(({ reason }) => reason === 'oversize').length;
      },
    ),
    runs,
  );
  expect(drops).toBeGreaterThan(often(runs));
});

test('other limits, caps and blocked values, any number of times while events come: a sweep puts all where a rebuild does', () => {
  const counts = { wants: 0, detached: 0 };
  fc.assert(
    fc.property(
      stars,
      shuffle,
      fc.array(fc.constantFrom(TIGHT, TIGHTER, WIDER, BLOCKING), { minLength: 2, maxLength: 4 }),
      (events, { order, batches }, configs) => {
        const world = createWorld(TIGHT);
        const steps = batches(order(events));
        const every = Math.ceil(steps.length / configs.length);
        steps.forEach((step, i) => {
          world.take(step);
          if ((i + 1) % every === 0) world.configure(configs[Math.floor(i / every)]!);
        });
        const last = configs.at(-1)!;
        world.configure(last);
        expect(plain(world.picture())).toEqual(truth(last, events));
        const published = world.changes.length;
        world.sweep();
        expect(world.changes.length).toBe(published);
        counts.wants += world.counts.wants;
        counts.detached += world.counts.detached;
      },
    ),
    runs,
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(often(runs));
});

test('workers that load at the same time and write one after the other leave what one alone leaves', () => {
  let races = 0;
  fc.assert(
    fc.property(stars, shuffle, (events, { order, batches }) => {
      const world = createWorld(TIGHTER);
      const steps = batches(order(events));
      for (let i = 0; i < steps.length; i += 2) world.race(steps[i]!, steps[i + 1] ?? []);
      expect(plain(world.picture())).toEqual(truth(TIGHTER, events));
      races += world.counts.races;
    }),
    runs,
  );
  expect(races).toBeGreaterThan(often(runs));
});

test('the short cuts for known people, and for components in which nothing stands in the way of a link, decide what the long way does', () => {
  fc.assert(
    fc.property(stars, directives, shuffle, (events, said, { order, batches }) => {
      const worlds = [createWorld(TIGHTER), createWorld(TIGHTER, { slow: true })] as const;
      for (const step of order([...batches(events), ...said]))
        for (const world of worlds) Array.isArray(step) ? world.take(step) : world.direct(step);
      const [fast, slow] = worlds.map((world) => ({
        fields: [...world.components.values()].map(({ fields }) => [...fields].sort()).sort(),
        changes: world.changes.map(({ id, type, after }) => ({ id, type, after })),
        pointers: [...world.pointers].sort(),
      }));
      expect(fast).toEqual(slow);
    }),
    runs,
  );
});

test('a person who is forgotten leaves what was there without all that names her, and nothing that names her', () => {
  fc.assert(
    fc.property(stars, directives, shuffle, fc.nat(), (events, said, { batches }, at) => {
      const world = createWorld(TIGHTER);
      for (const step of [...batches(events), ...said]) Array.isArray(step) ? world.take(step) : world.direct(step);
      const profiles = [...world.picture().profiles.values()];
      fc.pre(profiles.length > 0);
      const keys = profiles[at % profiles.length]!.identifiers.map(({ key }) => key);
      const names = (field: string): boolean =>
        keys.includes(partOf(field, 1)) || ('ldwx'.includes(field[0]!) && keys.includes(partOf(field, 2)));
      const rest = new Map([...evidenceIn(world.memory)].filter(([field]) => !names(field)));
      const published = world.changes.length;
      world.erase(keys);
      // Whoever shows rows of hers hides them by these
      const released = world.changes
        .slice(published)
        .flatMap((change) => change.released.filter((key) => keys.includes(key)));
      expect(released.sort()).toEqual(keys.toSorted());
      expect(plain(world.picture())).toEqual(plain(replayFields(rest, world.rules)));
      for (const { fields } of world.components.values())
        for (const field of fields.keys()) expect(names(field)).toBe(false);
      for (const key of keys) expect(world.pointers.has(key)).toBe(false);
      for (const [centre, entries] of world.memory.shelves)
        for (const key of keys) expect(centre === key || entries.has(key)).toBe(false);
    }),
    runs,
  );
});

test('a split by decisions makes exactly the groups that were asked for, whatever was decided before', () => {
  fc.assert(
    fc.property(
      stars,
      directives,
      shuffle,
      fc.array(fc.nat(2), { minLength: 40, maxLength: 40 }),
      (events, said, { batches }, lot) => {
        const world = createWorld(TIGHT);
        for (const step of [...batches(events), ...said]) Array.isArray(step) ? world.take(step) : world.direct(step);
        const { profiles } = world.picture();
        const largest = [...profiles.values()].sort((a, b) => b.identifiers.length - a.identifiers.length)[0];
        fc.pre(largest !== undefined && largest.identifiers.length > 2);
        const groups = [...Map.groupBy(largest!.identifiers, (_, i) => lot[i % 40]).values()];
        const anchors = groups.map(([first]) => first!.key);
        const word = said.flatMap(({ pairs }) => pairs);
        const groupOf = (key: string) => groups.findIndex((group) => group.some((one) => one.key === key));
        const clears = word
          .filter(({ a, b }) => groupOf(a) >= 0 && groupOf(b) >= 0)
          .map(({ a, b }) => pair('clear', a, b));
        const pairs = [
          ...groups.flatMap(([first, ...others]) => others.map(({ key }) => pair('must', first!.key, key))),
          ...anchors.flatMap((a, i) => anchors.slice(i + 1).map((b) => pair('cannot', a, b))),
        ];
        world.direct(directive({ kind: 'clear', pairs: clears }));
        world.direct(directive({ kind: 'split', pairs, issuedAt: 400_000_000 }));
        const { profileByKey } = world.picture();
        for (const group of groups)
          for (const other of groups)
            for (const { key } of group)
              for (const { key: another } of other) {
                const one = profileByKey.get(key);
                if (one !== undefined && profileByKey.has(another))
                  expect(one === profileByKey.get(another)).toBe(group === other);
              }
      },
    ),
    runs,
  );
});

test('a dry run of other rules on live evidence tells what a rebuild under them is, and what becomes of each person', () => {
  const counts = { gained: 0, lost: 0, orphans: 0, hubs: 0, parked: 0 };
  const [narrow, wide] = [TIGHTER, { ...WIDER, caps: { email: 9, phone: 9, anonymous_id: 1, device_id: 9 } }];
  fc.assert(
    fc.property(stars, directives, shuffle, fc.boolean(), (events, said, { order, batches }, isWider) => {
      const [today, then] = isWider ? [narrow, wide] : [wide, { ...narrow, blocked: BLOCKING.blocked }];
      const world = createWorld(today);
      for (const step of [...batches(events), ...said]) Array.isArray(step) ? world.take(step) : world.direct(step);
      const before = world.picture();
      const trial = createRuleTrial(
        world.rules,
        rulesOf(then, 'test', { ...directedOf(said), isBlocked: createBlockedKeys(then) }),
      );
      for (const { fields } of order([...world.components.values()])) {
        const shelves = world.memory.load(
          [],
          shelvesIn(fields).map((centre) => ({ centre, limit: 1_000 })),
        ).shelves;
        const parked = new Map<string, ParkedLeaf>();
        for (const [centre, { entries }] of shelves)
          for (const { leaf, text } of entries) if (text !== null) parked.set(leaf, { centre, text });
        trial.take(fields, parked);
        counts.parked += parked.size;
        counts.hubs += [...fields.keys()].filter((field) => field[0] === 'h').length;
      }
      const told = trial.end();
      world.configure(then);
      const after = world.picture();
      expect([told.profilesBefore, told.profilesAfter]).toEqual([before.profiles.size, after.profiles.size]);
      const sizes = Array.from(Map.groupBy(after.profileByKey.values(), (id) => id).values(), ({ length }) => length);
      expect(told.largest.map(({ size }) => size)).toEqual(sizes.sort((a, b) => b - a).slice(0, 20));
      expect(told.mergesGained).toBe(joins(after.profileByKey, before.profileByKey));
      expect(told.mergesLost).toBe(joins(before.profileByKey, after.profileByKey));
      const left = [...before.profileByKey].filter(([key]) => !after.profileByKey.has(key));
      expect(told.orphans).toEqual({
        identifiers: left.length,
        people: new Set(left.map(([, profile]) => profile)).size,
        sample: left
          .map(([key]) => key)
          .sort()
          .slice(0, 20),
      });
      for (const [pairs, apart] of [
        [told.gained, before],
        [told.lost, after],
      ] as const)
        for (const { a, b } of pairs) expect(apart.profileByKey.get(a)).not.toBe(apart.profileByKey.get(b));
      counts.gained += told.mergesGained;
      counts.lost += told.mergesLost;
      counts.orphans += left.filter(([key]) => BLOCKING.blocked.includes(key)).length;
    }),
    runs,
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(runs.numRuns / 10);
});

/** How many people of the one are joined to others in the other, by the profiles of their identifiers. */
function joins(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): number {
  const people = new Map<string, Set<string>>();
  for (const [key, profile] of one) {
    const known = people.get(profile) ?? new Set();
    people.set(profile, known);
    if (other.has(key)) known.add(other.get(key)!);
  }
  return [...people.values()].reduce((sum, { size }) => sum + Math.max(0, size - 1), 0);
}
