import { describe, expect, test } from 'vitest';
import { fitRepeat, REPEAT_MODELS } from '../models/repeat.ts';
import { incompleteBeta } from '../numerics/incomplete-beta.ts';
import { cellsOf } from '../purchases/cells.ts';
import { simulateBg, simulatePareto, simulateSpend } from '../testing/simulate.ts';
import { createSpendIfAny, discountedShare, type SpendQuantile, spendQuantile } from './lifetime.ts';
import { createPredictor } from './predict.ts';

const BG = { r: 0.9, alpha: 12, a: 0.8, b: 2.5 };
const SPEND = { p: 6.25, q: 3.74, v: 15.4 };
const WEEKS = 39;
const LEVELS = [0.1, 0.5, 0.9];

const quantileBy = (counts: readonly number[], spend: { p: number; q: number }, x: number): SpendQuantile =>
  spendQuantile(createSpendIfAny(counts, spend, x), counts[0]!);

/** Customers as a model tells, their past and what came in as long again. */
const STORIES = {
  'bg-nbd': simulateBg('bg-nbd', BG, 4_000, 11),
  'mbg-nbd': simulateBg('mbg-nbd', BG, 4_000, 12),
  'pareto-nbd': simulatePareto({ r: 0.9, alpha: 14, s: 0.8, beta: 10 }, 4_000, 13),
};

describe.each(REPEAT_MODELS)('%s', (name) => {
  const people = STORIES[name];
  const model = fitRepeat(name, cellsOf(people));
  const rows = Array.from(people.x, (x, i) => ({ x, recency: people.recency[i]! / 7, age: people.age[i]! / 7 }));

  test('chances of counts sum to 1, have the mean that is expected, and none at all is not being active', () => {
    for (const { x, age } of rows.slice(0, 60)) {
      const counts = model.ifThere.counts(x, age, WEEKS);
      expect(counts.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 6);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
      const mean = counts.reduce((sum, chance, n) => sum + n * chance, 0);
      expect(mean).toBeCloseTo(model.ifThere.expected(x, age, WEEKS), 5);
      expect(1 - counts[0]!).toBeCloseTo(model.ifThere.active(x, age, WEEKS), 6);
    }
  });

  test('what comes is as likely as was said: who buys at all, how much in all, and below what quantile of its money', () => {
    const [active, bought] = [rows.map((row) => model.active(row, WEEKS)), Array.from(people.later)];
    const total = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0);
    const buyers = bought.filter((count) => count > 0).length;
    expect(Math.abs(total(active) - buyers)).toBeLessThan(4 * Math.sqrt(buyers));
    expect(Math.abs(total(rows.map((row) => model.expected(row, WEEKS))) / total(bought) - 1)).toBeLessThan(0.1);
    const { mean, laterSum } = simulateSpend(SPEND, people.x, 14, people.later);
    const known = new Map<string, SpendQuantile>();
    const quantileOf = (x: number, age: number): SpendQuantile => {
      const found = known.get(`${x} ${age}`) ?? quantileBy(model.ifThere.counts(x, age, WEEKS), SPEND, x);
      known.set(`${x} ${age}`, found);
      return found;
    };
    const held = LEVELS.map(() => ({ asked: 0, within: 0 }));
    for (const [i, row] of rows.entries()) {
      const quantile = quantileOf(row.x, row.age);
      const scale = SPEND.v + row.x * mean[i]!;
      const quantiles = LEVELS.map((level) => scale * quantile(model.alive(row), level));
      for (const [at, most] of quantiles.entries()) {
        if (most === 0) continue; // more than that share buy nothing at all
        held[at]!.asked += 1;
        if (laterSum[i]! <= most) held[at]!.within += 1;
      }
    }
    for (const [at, { asked, within }] of held.entries()) {
      expect(asked).toBeGreaterThan(15);
      const level = LEVELS[at]!;
      expect(Math.abs(within / asked - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / asked));
    }
  });
});

test('a prediction tells quantiles of its age, though they are laid out at some ages only', () => {
  const model = fitRepeat('pareto-nbd', cellsOf(STORIES['pareto-nbd']));
  for (const weeks of [13, 156]) {
    const predict = createPredictor(model, { weeks, discount: 0, spend: SPEND });
    for (const [x, recency, age] of [
      [0, 0, 0],
      [0, 0, 33],
      [1, 90, 400],
      [4, 300, 303],
      [30, 800, 811],
    ] as const) {
      const column = (one: number): Int32Array => Int32Array.of(one);
      const days = { customer: column(0), first: column(0), x: column(x), recency: column(recency), age: column(age) };
      const spend = Float64Array.of(x > 0 ? 25 : 0);
      const told = predict({ ...days, spend, later: column(0), laterSpend: Float64Array.of(0) }, 0);
      const exact = quantileBy(model.ifThere.counts(x, age / 7, weeks), SPEND, x);
      const scale = SPEND.v + x * spend[0]!;
      for (const [at, level] of LEVELS.entries()) {
        const one = scale * exact(told.pAlive, level);
        expect(Math.abs(told.money!.quantiles[at]! - one)).toBeLessThanOrEqual(5e-4 * one);
      }
    }
  }
});

test('I_x(a, b) has known values', () => {
  expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 12);
  expect(incompleteBeta(0.3, 2, 3)).toBeCloseTo(0.3483, 12); // Σ of a binomial of 4
  expect(incompleteBeta(0.5, 0.5, 0.5)).toBeCloseTo(0.5, 13);
  expect(incompleteBeta(0.9, 600, 40)).toBeCloseTo(1 - incompleteBeta(0.1, 40, 600), 12);
});

test('quantiles of one purchase are those of its distribution, and who may be gone brings nothing sooner', () => {
  // p = q = 1: P(S ≤ s) = s/(s + 1)
  const of = quantileBy([0.2, 0.8], { p: 1, q: 1 }, 0);
  const below = (alive: number, level: number): number => {
    const s = of(alive, level);
    return 1 - alive + alive * (0.2 + (0.8 * s) / (s + 1));
  };
  expect([of(1, 0.1), of(1, 0.2), of(0.5, 0.6)]).toEqual([0, 0, 0]);
  for (const [alive, level] of [
    [1, 0.3],
    [1, 0.6],
    [1, 0.92],
    [1, 0.99],
    [0.7, 0.5],
    [0.7, 0.9],
    [0.2, 0.9],
  ] as const)
    expect(Math.abs(below(alive, level) - level)).toBeLessThan(1e-4);
});

test('money that comes evenly over a year at 10 % is worth what the integral says', () => {
  const rate = Math.log(1.1);
  const year = 365.25 / 7;
  expect(discountedShare((weeks) => weeks, year, 0.1)).toBeCloseTo((1 - Math.exp(-rate)) / rate, 10);
  expect(discountedShare((weeks) => weeks, year, 0)).toBe(1);
  expect(discountedShare(() => 0, year, 0.1)).toBe(1);
});
