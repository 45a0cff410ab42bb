import type { Directive } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { replay } from './replay.ts';
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
  TIGHTER,
  tries,
} from './test-support.ts';
import { directedOf } from './testing/directed.ts';
import { plain } from './testing/picture.ts';
import { createWorld } from './testing/world.ts';

vi.setConfig({ testTimeout: patience });

/** Each of these takes as long as four of the cheap ones. */
const runs = tries(1 / 4);
const options = optionsOf(TIGHTER);
const truth = (events: readonly TestInteraction[], said: readonly Directive[]) =>
  plain(replay(events, { ...options, directives: said, directed: directedOf(said) }));

test('with decisions of all kinds, who is who does not depend on the order of events and decisions', () => {
  const reasons = new Map<string, number>();
  fc.assert(
    fc.property(interactions, directives, shuffle, (events, said, { order }) => {
      const one = truth(events, said);
      for (const { reason } of one.rejected) {
        const kind = reason.split(':')[0]!;
        reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
      }
      expect(truth(order(events), order(said))).toEqual(one);
    }),
    runs,
  );
  for (const kind of ['limit', 'hub', 'cannot']) expect(reasons.get(kind) ?? 0).toBeGreaterThan(often(runs));
});

test('events and decisions as they come, in any order and any batches, give what all at once gives', () => {
  const counts = { wants: 0, detached: 0, parked: 0 };
  fc.assert(
    fc.property(interactions, directives, shuffle, (events, said, { order, batches }) => {
      const world = createWorld(TIGHTER);
      const steps = order([...batches(events), ...said]);
      for (const step of steps) {
        if (Array.isArray(step)) world.take(step);
        else world.direct(step);
      }
      expect(plain(world.picture())).toEqual(truth(events, said));
      counts.wants += world.counts.wants;
      counts.detached += world.counts.detached;
      counts.parked += world.counts.parked;
    }),
    runs,
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(often(runs));
});

test('a source that is revoked was never seen, and is back exactly when that is cleared', () => {
  fc.assert(
    fc.property(interactions, shuffle, (events, { batches }) => {
      const world = createWorld(TIGHTER);
      for (const batch of batches(events)) world.take(batch);
      const before = plain(world.picture());
      world.direct(directive({ kind: 'revoke', source: 'web' }));
      expect(plain(world.picture())).toEqual(
        truth(
          events.filter(({ source }) => source !== 'web'),
          [],
        ),
      );
      world.direct(directive({ kind: 'clear', source: 'web' }));
      expect(plain(world.picture())).toEqual(before);
    }),
    runs,
  );
});

test('a pair that is taken apart stays so under a replay of everything, and is one again when that is cleared', () => {
  fc.assert(
    fc.property(interactions, shuffle, fc.nat(), (events, { order, batches }, at) => {
      const world = createWorld(TIGHTER);
      for (const batch of batches(events)) world.take(batch);
      const before = plain(world.picture());
      const [a, b] = before.byKey.flatMap(([key, id], i) => {
        const other = before.byKey.find(([, same], j) => j > i && same === id);
        return other === undefined ? [] : [[key, other[0]] as const];
      })[at % 3] ?? ['email:a@x.de', 'user_id:u1'];
      world.direct(directive({ kind: 'unlink', pairs: [pair('cannot', a, b)] }));
      for (const batch of batches(order(events))) world.take(batch);
      const { profileByKey } = world.picture();
      if (profileByKey.has(a)) expect(profileByKey.get(a)).not.toBe(profileByKey.get(b));
      world.direct(directive({ kind: 'clear', pairs: [pair('clear', a, b)] }));
      expect(plain(world.picture())).toEqual(before);
    }),
    runs,
  );
});
