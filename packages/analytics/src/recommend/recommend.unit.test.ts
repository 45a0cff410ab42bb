import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChance } from '../testing/simulate.ts';
import { createVotes } from './alike.ts';
import { createAlsoBought } from './also-bought.ts';
import { evaluateRecommendations } from './evaluate.ts';
import { buyingHistoryOf, laterThan, type OrderLines } from './history.ts';
import { judge } from './judge.ts';
import { createNextBest } from './next-best.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { topOf } from './top.ts';

interface Line {
  readonly customer: number;
  readonly item: number;
  readonly order: number;
  readonly at: number;
}

function linesOf(lines: readonly Line[]): OrderLines {
  const pick = (key: keyof Line): number[] => lines.map((line) => line[key]);
  const count = (key: keyof Line): number => Math.max(-1, ...pick(key)) + 1;
  return {
    ...{ customers: count('customer'), items: count('item'), orders: count('order') },
    ...{ customer: pick('customer'), item: pick('item'), order: pick('order'), at: pick('at') },
  };
}

/** Two kinds of customers, 120 days: each buys of the items of its kind, one that all buy, and reorders one of its own. */
function shop(ofKind = 10): Line[] {
  let seed = 5;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const lines: Line[] = [];
  for (let order = 0; order < 600; order += 1) {
    const customer = Math.floor(random() * 100);
    const kind = (customer % 2) * ofKind;
    const any = (): number => kind + Math.floor(random() * ofKind);
    for (const item of new Set([2 * ofKind, kind + (customer % ofKind), any(), any()]))
      lines.push({ customer, item, order, at: Math.floor(order / 5) + 0.5 });
  }
  return lines;
}

const lineArbitrary = fc.record({
  customer: fc.integer({ min: 0, max: 4 }),
  item: fc.integer({ min: 0, max: 4 }),
  order: fc.integer({ min: 0, max: 3 }),
  at: fc.integer({ min: 0, max: 40 }),
});
// An order is of one customer and one moment
const linesArbitrary = fc
  .array(lineArbitrary, { minLength: 1, maxLength: 25 })
  .map((lines) => lines.map((line) => ({ ...line, order: line.customer * 4 + line.order, at: line.order * 10 })));

describe('against the formulas, written out', () => {
  const UNTIL = 30;
  const ageOf = (line: Line): number => UNTIL + 1 - line.at;
  const least = (all: readonly number[]): number => Math.min(...all);

  test('votes of customers alike', () => {
    fc.assert(
      fc.property(linesArbitrary, (lines) => {
        const history = buyingHistoryOf(linesOf(lines), UNTIL);
        const settings = { halfLifeDays: 7, sharpness: 2, size: 0.8 };
        const vote = createVotes(history, settings);
        const itemsOf = (who: number) => [...new Set(lines.filter((l) => l.customer === who).map((l) => l.item))];
        const worth = (items: readonly number[]): number =>
          items.reduce(
            (sum, i) => sum + Math.sqrt(new Set(lines.filter((l) => l.item === i).map((l) => l.customer)).size),
            0,
          );
        for (let u = 0; u < history.customers; u += 1) {
          const expected = Array.from({ length: history.items }, () => 0);
          for (let v = 0; v < history.customers; v += 1) {
            const both = itemsOf(u).filter((item) => itemsOf(v).includes(item));
            if (u === v || both.length === 0) continue;
            const likeness = (worth(both) / worth(itemsOf(v)) ** 0.8) ** 2;
            for (const item of itemsOf(v)) {
              const days = least(lines.filter((l) => l.customer === v && l.item === item).map(ageOf));
              expected[item]! += likeness * 2 ** (-days / 7);
            }
          }
          const votes = new Float64Array(history.items);
          expect(vote(u, votes)).toBeCloseTo(
            expected.reduce((sum, one) => sum + one, 0),
            9,
          );
          for (const [item, one] of expected.entries()) expect(votes[item]).toBeCloseTo(one, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('what is also bought', () => {
    fc.assert(
      fc.property(linesArbitrary, (lines) => {
        const all = linesOf(lines);
        const options = { until: UNTIL, halfLifeDays: 20, shrinkage: 2, least: 1 };
        const { companions } = createAlsoBought(all, options);
        const cosine = (key: 'order' | 'customer', i: number, j: number): number => {
          const weight = (group: number, item: number): number => {
            const days = lines.filter((l) => l[key] === group && l.item === item).map(ageOf);
            return days.length === 0 ? 0 : 2 ** (-least(days) / 20);
          };
          const groups = [...new Set(lines.map((l) => l[key]))];
          const sum = (of: (group: number) => number): number => groups.reduce((total, group) => total + of(group), 0);
          const length = Math.sqrt(sum((g) => weight(g, i)) * sum((g) => weight(g, j)));
          return sum((g) => Math.sqrt(weight(g, i) * weight(g, j))) / (length + 2);
        };
        for (let i = 0; i < all.items; i += 1) {
          const found = companions(i);
          for (let j = 0; j < all.items; j += 1) {
            const [basket, customer] = i === j ? [0, 0] : [cosine('order', i, j), cosine('customer', i, j)];
            const related = found.find(({ item }) => item === j);
            expect(related?.basket ?? 0).toBeCloseTo(basket, 9);
            expect(related?.customer ?? 0).toBeCloseTo(customer, 9);
          }
          expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a));
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('companions are those of two orders or customers; an order of everything says nothing, and of a long history the newest counts', () => {
  const order = (number: number, customer: number, items: readonly number[]): Line[] =>
    items.map((item) => ({ customer, item, order: number, at: number }));
  const all = linesOf([
    ...order(0, 0, [0, 1]),
    ...order(1, 0, [0, 1]),
    ...order(2, 1, [2]),
    ...order(3, 1, [3]),
    ...order(4, 2, [2, 3]),
    ...order(5, 3, [0, 2]),
    ...order(6, 4, [0, 1, 2, 3, 4]),
    ...order(7, 5, [0, 1, 2, 3, 4]),
  ]);
  const options = { until: 10, mostItems: 4, mostHistory: 2 };
  const { companions, giants, shortened } = createAlsoBought(all, options);
  expect([giants, shortened]).toEqual([2, 2]);
  // Of the two who bought everything 0 and 1 are left
  const named = [0, 1, 2, 3, 4].map((item) => companions(item).map(({ item: other }) => other));
  expect(named).toEqual([[1], [0], [3], [2], []]);
  expect(createAlsoBought(all, { ...options, mostItems: 5 }).companions(4)).toHaveLength(4);
});

describe('a shop of two kinds of customers', () => {
  const lines = shop();
  const all = linesOf(lines);

  test('each is offered what its own kind buys, with an item of its own as the reason', () => {
    const nextBest = createNextBest(all, 100, DEFAULT_SETTINGS);
    const history = buyingHistoryOf(all, 100);
    for (const customer of [0, 1, 34, 57]) {
      const had = new Set(history.item.subarray(history.starts[customer], history.starts[customer + 1]));
      const { new: fresh, reorder } = nextBest(customer);
      const ofKind = [...Array(10).keys()].map((i) => (customer % 2) * 10 + i).filter((item) => !had.has(item));
      expect(
        fresh
          .slice(0, ofKind.length)
          .map(({ item }) => item)
          .sort((a, b) => a - b),
      ).toEqual(ofKind);
      for (const { item, because } of fresh.slice(0, ofKind.length)) {
        expect(had.has(item)).toBe(false);
        expect(had.has(because!)).toBe(true);
      }
      expect(
        reorder
          .slice(0, 2)
          .map(({ item }) => item)
          .sort((a, b) => a - b),
      ).toEqual([(customer % 2) * 10 + (customer % 10), 20]);
      for (const { item, orders, days } of reorder) {
        const own = lines.filter((line) => line.customer === customer && line.item === item && line.at < 101);
        expect([orders, days]).toEqual([own.length, Math.floor(101 - own.at(-1)!.at)]);
      }
    }
  });

  test('they beat what is the same for everybody', () => {
    const { new: fresh, reorder, chosenOn } = evaluateRecommendations(linesOf(shop(40)), 100);
    expect(fresh.hitRate10).toBeGreaterThan(fresh.popularity * 1.3);
    expect(fresh.hitRate10).toBeGreaterThan(fresh.recentPopularity * 1.3);
    expect(reorder.hitRate10).toBeGreaterThan(0.95);
    expect(chosenOn.new).toBeGreaterThan(30);
  });

  test('where all buy alike, they are offered what most buy', () => {
    const chance = createChance(3);
    const alike = Array.from({ length: 6_000 }, (_, row): Line => {
      const order = Math.floor(row / 3);
      return { customer: (order * 7) % 401, item: Math.floor(chance() ** 1.3 * 300), order, at: order / 10 };
    });
    const { new: fresh, settings } = evaluateRecommendations(linesOf(alike), 160);
    expect(settings.new.popularDays).toBeGreaterThan(0);
    expect(fresh.hitRate10).toBe(settings.new.popularDays > 60 ? fresh.popularity : fresh.recentPopularity);
  });

  test('nothing that comes later is looked at, and the order of lines is nothing', () => {
    const past = lines.filter((line) => line.at < 101);
    const other = past.concat(
      past.slice(0, 200).map((line) => ({ ...line, item: 19, at: 110.5, order: line.order + 600 })),
    );
    const { settings, chosenOn } = evaluateRecommendations(all, 100);
    expect(evaluateRecommendations(linesOf(other), 100)).toMatchObject({ settings, chosenOn });
    expect(evaluateRecommendations(linesOf(lines.toReversed()), 100)).toEqual(evaluateRecommendations(all, 100));
  });
});

test('where too few customers are there to choose on, that is said', () => {
  const few = shop().filter(({ customer }) => customer < 8);
  expect(evaluateRecommendations(linesOf(few), 100)).toMatchObject({
    settings: DEFAULT_SETTINGS,
    chosenOn: { new: null, reorder: null },
  });
});

test('a hit at the third place of a list, of two items that were bought', () => {
  const lines = linesOf([
    { customer: 0, item: 0, order: 0, at: 0 },
    ...[1, 2, 3, 4].map((item) => ({ customer: 1, item, order: 1, at: 1 })),
    { customer: 0, item: 3, order: 2, at: 10 },
    { customer: 0, item: 0, order: 2, at: 10 },
    // Nobody knew item 5, and nobody customer 2
    { customer: 1, item: 5, order: 3, at: 10 },
    { customer: 2, item: 1, order: 4, at: 10 },
  ]);
  const history = buyingHistoryOf(lines, 5);
  const later = (onlyNew: boolean) => laterThan(lines, history, { from: 5, to: 20, onlyNew });
  expect(later(true).customers).toEqual([0]);
  const score = (_: number, [scores]: readonly Float64Array[]) => scores!.set([9, 4, 5, 3, 2, 8]);
  expect(judge(history, later(true), true, 1, score)).toEqual([{ customers: 1, hitRate10: 1, ndcg10: 0.5 }]);
  const [both] = judge(history, later(false), false, 1, score);
  expect(both!.ndcg10).toBeCloseTo((1 + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)), 12);
});

test('the top of equal scores are the lower numbers', () => {
  const scores = Float64Array.from([1, 2, 2, 3, 2]);
  expect(topOf(scores, 3, () => false)).toEqual([3, 1, 2]);
  expect(topOf(scores, 3, (item) => item === 3)).toEqual([1, 2, 4]);
});
