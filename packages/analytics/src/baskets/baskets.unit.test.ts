import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquareTail } from '../numerics/chi-square.ts';
import { basketsOf, withoutGiants } from './baskets.ts';
import { frequentItemSets, itemsOfSet } from './item-sets.ts';
import { measuresOf } from './measures.ts';
import { rulesOf } from './rules.ts';

const ITEMS = 6;
const basketsArbitrary = fc.array(fc.array(fc.integer({ min: 0, max: ITEMS - 1 }), { minLength: 1, maxLength: 9 }), {
  minLength: 1,
  maxLength: 14,
});

function gather(baskets: readonly (readonly number[])[]) {
  const lines = baskets.flatMap((items, basket) => items.map((item) => [basket, item] as const));
  return basketsOf({ basket: lines.map(([basket]) => basket), item: lines.map(([, item]) => item) });
}

/** All sets of items as bits, counted by looking at every basket: what the miner must find. */
function countAll(baskets: readonly (readonly number[])[]): number[] {
  const masks = baskets.map((items) => items.reduce((mask, item) => mask | (1 << item), 0));
  return Array.from({ length: 2 ** ITEMS }, (_, set) => masks.filter((mask) => (mask & set) === set).length);
}

const maskOf = (items: readonly number[]): number => items.reduce((mask, item) => mask | (1 << item), 0);

test('item sets and rules are exactly those that looking at every basket finds', () => {
  fc.assert(
    fc.property(
      basketsArbitrary,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0, 0.3, 0.5, 1),
      (all, support, confidence) => {
        const counts = countAll(all);
        const isOften = (set: number): boolean => counts[set]! > 0 && counts[set]! / all.length >= support;
        const sets = frequentItemSets(gather(all), { support });
        const found = new Map(
          Array.from({ length: sets.size }, (_, set) => [maskOf(itemsOfSet(sets, set)), sets.count[set]!]),
        );
        const often = counts.flatMap((count, set) => (set > 0 && isOften(set) ? [[set, count] as const] : []));
        expect(sets.size).toBe(often.length);
        expect(found).toEqual(new Map(often));
        const { rules, found: told, complete } = rulesOf(sets, { confidence });
        const expected = often.flatMap(([set, both]) =>
          Array.from({ length: ITEMS }, (_, item) => 1 << item).filter(
            (bit) => (set & bit) !== 0 && both / counts[set & ~bit]! >= confidence,
          ),
        );
        expect([rules.length, told, complete]).toEqual([expected.length, expected.length, true]);
        for (const rule of rules) {
          const [left, right] = [maskOf(rule.left), 1 << rule.right];
          const counted = {
            baskets: all.length,
            left: counts[left]!,
            right: counts[right]!,
            both: counts[left | right]!,
          };
          expect(rule).toMatchObject({ count: counted.both, ...measuresOf(counted) });
        }
        const certain = rules.map((rule) => rule.confidence);
        expect(certain).toEqual(certain.toSorted((one, other) => other - one));
      },
    ),
  );
});

test('support is inclusive, and a share that binary fractions cannot hold is no trap', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => (i < 7 ? [0, 1] : [1]));
  expect(0.07 * 100).toBeGreaterThan(7);
  expect(frequentItemSets(gather(hundred), { support: 0.07 })).toMatchObject({ least: 7, size: 3 });
  expect(frequentItemSets(gather(hundred), { support: 0.0701 })).toMatchObject({ least: 8, size: 1 });
  expect(frequentItemSets(gather(hundred), { support: 0 })).toMatchObject({ least: 1, size: 3 });
  expect(() => frequentItemSets(gather(hundred), { support: 1.1 })).toThrow(/1\.1 is no share/);
});

describe('what does not fit is left out for all to see', () => {
  const same = Array.from({ length: 5 }, () => Array.from({ length: 12 }, (_, item) => item));

  test('too many sets: all of the sizes that fit, and their rules', () => {
    const sets = frequentItemSets(gather(same), { support: 1, mostSets: 400 });
    expect(sets).toMatchObject({ complete: false, largest: 3, size: 12 + 66 + 220 });
    expect(rulesOf(sets, { confidence: 1 })).toMatchObject({ complete: false, found: 12 + 132 + 660 });
    expect(frequentItemSets(gather(same), { support: 1 })).toMatchObject({ complete: true, size: 4_095 });
  });

  test('too many rules: the most certain ones, and how many there are', () => {
    const sets = frequentItemSets(gather([[0, 1], [0, 1], [0]]), { support: 0.1 });
    const { rules, ...told } = rulesOf(sets, { confidence: 0, mostRules: 2 });
    expect(told).toEqual({ found: 4, complete: false });
    expect(rules.map(({ left, right, confidence }) => [left, right, confidence])).toEqual([
      [[], 0, 1],
      [[1], 0, 1],
    ]);
  });

  test('all that a basket of 8,000 items holds is too much, and not too deep', () => {
    const giant = gather([Array.from({ length: 8_000 }, (_, item) => item), [0, 1]]);
    const sets = frequentItemSets(giant, { support: 0.5, mostSets: 20_000 });
    expect(sets).toMatchObject({ complete: false, largest: 1, size: 8_000 });
  });

  test('giant baskets', () => {
    const { baskets, giants } = withoutGiants(gather([[0, 1], ...same, [1, 1, 1]]), 2);
    expect([giants, baskets.count, [...baskets.items]]).toEqual([5, 2, [0, 1, 1]]);
  });
});

test('measures of a rule that is never wrong, of one that says nothing, and of a right side that all have', () => {
  const never = measuresOf({ baskets: 10, left: 2, right: 5, both: 2 });
  expect(never).toMatchObject({ conviction: null, convictionInfinite: true, confidence: 1, lift: 2, jaccard: 0.4 });
  const nothing = measuresOf({ baskets: 100, left: 20, right: 50, both: 10 });
  expect(nothing).toMatchObject({ lift: 1, leverage: 0, conviction: 1, chiSquare: 0, p: 1 });
  expect(measuresOf({ baskets: 10, left: 4, right: 10, both: 4 })).toMatchObject({
    ...{ conviction: 1, convictionInfinite: false, lift: 1, chiSquare: 0, p: 1 },
  });
});

test('chances of chi-square are those of the tables, in the middle and far out', () => {
  const table = [
    [0.00393214, 0.95],
    [0.454936, 0.5],
    [2.7055435, 0.1],
    [3.8414588, 0.05],
    [10.8275662, 0.001],
  ] as const;
  for (const [x, p] of table) expect(Math.abs(chiSquareTail(x) / p - 1)).toBeLessThan(1e-6);
  // erfc(10), DLMF table 7.23
  expect(chiSquareTail(200) / 2.088487583762545e-45 - 1).toBeCloseTo(0, 10);
  expect([chiSquareTail(0), chiSquareTail(1e4)]).toEqual([1, 0]);
});

test('a rule that was planted is found among chance, and stands out', () => {
  let seed = 3;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const shop = Array.from({ length: 4_000 }, () => {
    const basket = Array.from({ length: 12 }, (_, item) => item).filter(() => random() < 0.1);
    return basket.includes(3) && basket.includes(7) && random() < 0.6 ? [...basket, 11] : basket;
  });
  const { rules } = rulesOf(frequentItemSets(gather(shop), { support: 0.004 }), { confidence: 0.5 });
  expect(rules[0]).toMatchObject({ left: [3, 7], right: 11 });
  expect(rules[0]!.p).toBeLessThan(1e-10);
});
