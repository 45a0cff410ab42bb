import { expect, test } from 'vitest';
import { decideInParts } from './decide/decide.ts';
import { evidenceOf } from './evidence/interaction-evidence.ts';
import { createNormaliser } from './normalise/normalise.ts';
import { A_PART, eachInParts, entriesInParts, type Paused } from './pauses.ts';
import { interaction, TIGHT } from './test-support.ts';
import { createWorld } from './testing/world.ts';

function pausesOf(work: Paused<unknown>): number {
  let pauses = 0;
  while (!work.next().done) pauses += 1;
  return pauses;
}

function* drawn(pass: Iterable<void>): Paused<void> {
  yield* pass;
}

const many = Array.from({ length: 3 * A_PART + 1 }, (_, n) => n);

test('a pass over many pauses after each part and leaves nothing out, of an array, a map or what else can be gone through', () => {
  const passes = {
    array: (each: (n: number) => void) => eachInParts(many, each),
    set: (each: (n: number) => void) => eachInParts(new Set(many), each),
    map: (each: (n: number) => void) => entriesInParts(new Map(many.map((n) => [`key ${n}`, n])), each),
  };
  for (const pass of Object.values(passes)) {
    const seen: number[] = [];
    expect(pausesOf(drawn(pass((n) => seen.push(n))))).toBe(3);
    expect(seen).toEqual(many);
  }
});

test('who is decided in a moment is decided without a pause', () => {
  const normalise = createNormaliser(TIGHT, 'US');
  const said = ['user_id:u anonymous_id:a', 'user_id:u anonymous_id:b'].map((keys) => {
    const one = interaction(keys);
    return evidenceOf(one, normalise(one.identifiers))!;
  });
  const { memory, rules } = createWorld(TIGHT);
  const loaded = memory.load(said.flatMap(({ keys }) => keys));
  const work = decideInParts({ rules, now: 1, newComponent: () => 'new', loaded, evidence: said });
  expect(pausesOf(work)).toBe(0);
});
