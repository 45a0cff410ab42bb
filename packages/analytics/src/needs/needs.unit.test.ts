import { expect, test } from 'vitest';
import { createChance } from '../numerics/chance.ts';
import { adjustedRand, bestJaccards } from './agreement.ts';
import { needPlacesOf, needSegmentsOf } from './segments.ts';
import { type Spending, sharesOf } from './shares.ts';

/** Customers of some groups, each of which spends by its own shares; what everybody belongs to stands beside. */
function planted(
  seed: number,
  customers: number,
  groups: readonly (readonly number[])[],
): Spending & { truth: number[] } {
  const chance = createChance(seed);
  const categories = groups[0]!.length;
  const [spent, orders] = [new Float64Array(customers * categories), new Float64Array(customers * categories)];
  const bounds = groups.map((shares) =>
    shares.slice(1).map((_, j) => shares.slice(0, j + 1).reduce((a, b) => a + b, 0)),
  );
  const truth = Array.from({ length: customers }, (_, i) => {
    const group = Math.floor(chance() * groups.length);
    const level = Math.exp(3 * chance());
    for (let left = 3 + Math.floor(chance() * 14); left > 0; left -= 1) {
      const drawn = chance();
      const category = categories - 1 - bounds[group]!.filter((bound) => drawn < bound).length;
      spent[i * categories + category]! += level * (1 + 4 * chance());
      orders[i * categories + category]! += 1;
    }
    return group;
  });
  return { categories, spent, orders, truth };
}

const TEA_AND_TOOLS = [
  [0.55, 0.35, 0.05, 0.05],
  [0.05, 0.05, 0.35, 0.55],
];

test('two groups that were planted are found, with the right people in them', () => {
  for (let seed = 1; seed <= 2; seed += 1) {
    const data = planted(seed, 240, TEA_AND_TOOLS);
    const found = needSegmentsOf(data, { seed: 1 });
    if (found.model === null) throw new Error(found.why);
    expect(found.model.stabilities).toHaveLength(2);
    expect(Math.min(found.model.stability, ...found.model.stabilities)).toBeGreaterThan(0.9);
    const { segment, distance } = needPlacesOf(found.model, data);
    expect(adjustedRand(segment, Int32Array.from(data.truth))).toBeGreaterThan(0.8);
    expect(segment.filter((one) => one === 0).length).toBeGreaterThanOrEqual(120);
    expect(Math.max(...distance)).toBeLessThan(1);
    expect(needSegmentsOf(data, { seed: 1 })).toEqual(found);
  }
});

test('where everybody has the same needs no groups are found, whatever the chances of a hundred shops', () => {
  const found = Array.from({ length: 100 }, (_, i) =>
    needSegmentsOf(planted(i + 1, 120, [[0.4, 0.3, 0.2, 0.1]]), { seed: i, most: 4 }),
  );
  for (const one of found) expect(one).toMatchObject({ model: null, why: expect.stringMatching(/^no structure/) });
});

test('too little to tell says so, and who bought too little is in no segment', () => {
  const few = planted(1, 60, TEA_AND_TOOLS);
  const why = '60 customers have 3 purchases or more, at least 100 are needed';
  expect(needSegmentsOf(few, { seed: 1 })).toMatchObject({ model: null, why });
  expect(needSegmentsOf({ ...few, categories: 1 }, { seed: 1 })).toMatchObject({
    why: 'there are 1 categories, at least 2 are needed',
  });
  const data = planted(2, 200, TEA_AND_TOOLS);
  data.orders.fill(0, 0, 4);
  data.spent.fill(0, 0, 4);
  const { model } = needSegmentsOf(data, { seed: 1 });
  const { segment, distance } = needPlacesOf(model!, data);
  expect([segment[0], distance[0], segment.includes(-1, 1)]).toEqual([-1, Number.NaN, false]);
  expect(sharesOf(data).shares.slice(0, 4)).toEqual(new Float64Array(4));
});

test('agreement of groups is that of the literature', () => {
  const ints = (...labels: number[]): Int32Array => Int32Array.from(labels);
  // scikit-learn's own example of adjusted_rand_score
  expect(adjustedRand(ints(0, 0, 1, 2), ints(0, 0, 1, 1))).toBeCloseTo(0.571_428_571, 9);
  expect(adjustedRand(ints(0, 0, 1, 1), ints(1, 1, 0, 0))).toBe(1);
  expect(bestJaccards(ints(0, 0, 1, 2), ints(0, 0, 1, 1))).toEqual([1, 0.5, 0.5]);
});
