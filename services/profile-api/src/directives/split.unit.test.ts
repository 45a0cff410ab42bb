import type { PairVerb } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { pairName } from './pairs.ts';
import { type Member, splitPairs } from './split.ts';
import type { StandingPair } from './standing.ts';

/** The same numbers at every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

const TYPES = ['user_id', 'email', 'device_id'];
const VERBS: readonly PairVerb[] = ['must', 'cannot', 'clear', 'revoke'];

test('the last words on all pairs ask for exactly the groups, whatever was decided before', () => {
  let cleared = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const below = numbers(seed);
    const members: Member[] = Array.from({ length: 4 + below(8) }, (_, n) => {
      const type = TYPES[below(TYPES.length)]!;
      return { key: `${type}:${n}`, type, firstSeen: below(50) };
    }).sort((a, b) => TYPES.indexOf(a.type) - TYPES.indexOf(b.type));
    const groups = members.slice(0, 2 + below(2)).map(({ key }) => [key]);
    for (const { key } of members.slice(groups.length)) groups[below(groups.length + 1)]?.push(key); // or nowhere
    const everybody = [...members.map(({ key }) => key), 'email:stranger'];
    const standing = new Map<string, StandingPair>();
    for (let n = 0; n < 10; n++) {
      const [a, b] = [everybody[below(everybody.length)]!, everybody[below(everybody.length)]!].sort();
      if (a !== b) standing.set(pairName(a!, b!), { a: a!, b: b!, verb: VERBS[below(VERBS.length)]! });
    }

    const pairs = splitPairs(members, groups, standing.values());
    cleared += pairs.filter(({ verb }) => verb === 'clear').length;
    expect(new Set(pairs.map(({ a, b }) => pairName(a, b))).size).toBe(pairs.length);
    const words = new Map([...standing, ...pairs.map((pair) => [pairName(pair.a, pair.b), pair] as const)]);
    const groupOf = (key: string): number => groups.findIndex((group) => group.includes(key));
    const tied = new Map(everybody.map((key) => [key, new Set([key])]));
    const apart = new Set<string>();
    for (const { a, b, verb } of words.values()) {
      const [one, other] = [groupOf(a), groupOf(b)];
      if (one < 0 || other < 0) continue;
      if (verb === 'must') {
        expect(one, `${seed}: ${a} ${b}`).toBe(other);
        const both = new Set([...tied.get(a)!, ...tied.get(b)!]);
        for (const key of both) tied.set(key, both);
      } else if (verb === 'cannot') {
        expect(one, `${seed}: ${a} ${b}`).not.toBe(other);
        apart.add([one, other].sort().join());
      }
    }
    for (const group of groups) expect([...tied.get(group[0]!)!].sort(), `${seed}`).toEqual(group.toSorted());
    expect(apart.size).toBe((groups.length * (groups.length - 1)) / 2);
  }
  expect(cleared).toBeGreaterThan(100);
});

test('an anchor is the one of the strongest type that was seen first, as it is of a profile', () => {
  const members = [
    { key: 'user_id:late', type: 'user_id', firstSeen: 9 },
    { key: 'user_id:early', type: 'user_id', firstSeen: 3 },
    { key: 'email:first', type: 'email', firstSeen: 1 },
    { key: 'email:other', type: 'email', firstSeen: 2 },
  ];
  const pairs = splitPairs(members, [['email:first', 'user_id:late', 'user_id:early'], ['email:other']], []);
  expect(pairs.map(({ a, b, verb }) => `${verb} ${a} ${b}`).sort()).toEqual([
    'cannot email:other user_id:early',
    'must email:first user_id:early',
    'must user_id:early user_id:late',
  ]);
});

test('a split of thousands is refused before it fills the log', () => {
  const members = Array.from({ length: 6_000 }, (_, n) => ({ key: `device_id:${n}`, type: 'device_id', firstSeen: n }));
  expect(() => splitPairs(members, [['device_id:7'], 'rest'], [])).toThrow('5999 pairs, at most 5000 go');
});
