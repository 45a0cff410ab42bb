import { expect, test } from 'vitest';
import { evidenceOf } from '../evidence/interaction-evidence.ts';
import { createNormaliser } from '../normalise/normalise.ts';
import { interaction } from '../test-support.ts';
import { createWorld } from '../testing/world.ts';
import { decide } from './decide.ts';

test('who is joined to a component that a sweep has passed is told of by the rules in force, though nothing new is said of them', () => {
  const config = { types: [], limits: { user_id: 1 }, blocked: [] };
  const world = createWorld(config);
  world.take([
    interaction('user_id:a email:shared@x.de', { clientAt: 1 }),
    interaction('user_id:a', { clientAt: 2, source: 'app', type: 'identify', traits: '{"city":"Bonn"}' }),
    interaction('user_id:b', { clientAt: 3 }),
  ]);
  // The one of `b` was swept since the source was revoked, the one of `a` is not yet
  const rules = { ...world.rules, revokedSources: new Set(['app']) };
  const event = interaction('user_id:b email:shared@x.de', { clientAt: 4 });
  const evidence = [evidenceOf(event, createNormaliser(config, 'US')(event.identifiers), rules)!];
  const loaded = world.memory.load(evidence[0]!.keys);
  const { commits } = decide({ rules, now: 9_999, newComponent: () => 'new', loaded, evidence });
  const told = commits.flatMap(({ changes }) => changes);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ profileId: rules.profileIdOf('user_id:a'), after: { traits: '{}' } });
});
