import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBuyingDays } from '../purchases/buying-days.ts';
import { shop } from '../testing/shop.ts';
import { createChurn } from './churn.ts';
import { judgeChurn } from './judge.ts';
import { earlierOrigins, splitsOf } from './origins.ts';
import { rhythmOf } from './rhythm.ts';
import { CHURN_FEATURES } from './snapshot.ts';

const ORIGIN = { day: 300, horizonDays: 60 };

test('who comes back is ranked better than by recency, and chances come true', () => {
  const model = createChurn(shop(700, 11))(ORIGIN);
  const { auc, aucRecency, slope, liftByDecile } = judgeChurn(model);
  expect(model.reason).toBe('');
  expect(auc!).toBeGreaterThan(aucRecency! + 0.02);
  expect(slope!).toBeGreaterThan(0.8);
  expect(slope!).toBeLessThan(1.25);
  expect(liftByDecile![0]!).toBeGreaterThan(3 * liftByDecile![9]!);
  // What was planted is what the breadth of baskets says, all columns of it together
  const breadth = ['lines', 'meanLines', 'lastLines'].map((name) => {
    return model.learned!.regression.coefficients[CHURN_FEATURES.indexOf(name)]!;
  });
  expect(breadth.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0);
});

test('nothing after the origin is looked at: another future gives the same chances', () => {
  const days = shop(150, 3);
  const other = createBuyingDays();
  for (const [c, name] of days.customers.entries())
    for (let at = days.starts[c]!; at < days.starts[c + 1]!; at += 1)
      for (let line = 0; line < days.lines[at]! && days.day[at]! <= ORIGIN.day; line += 1)
        other.add(name, days.day[at]!, days.value[at]! / days.lines[at]!);
  const [one, two] = [createChurn(days)(ORIGIN), createChurn(other.build())(ORIGIN)];
  expect(one.learned).not.toBeNull();
  expect(two.now.bought.includes(1)).toBe(false);
  const far = one.chances.filter((chance, row) => Math.abs(chance - two.chances[row]!) > 1e-9);
  expect([one.chances.length, far.length]).toEqual([two.chances.length, 0]);
});

test('every horizon that is learned from has ended by the origin, and by the split within the past', () => {
  const drawn = fc.record({ past: fc.integer({ min: 0, max: 3_000 }), horizonDays: fc.integer({ min: 1, max: 900 }) });
  fc.assert(
    fc.property(drawn, ({ past, horizonDays }) => {
      const earlier = earlierOrigins(1_000, { day: 1_000 + past, horizonDays });
      expect(earlier.length > 0).toBe(past >= 56);
      for (const { day, horizonDays: own } of earlier) {
        expect(day + own).toBeLessThanOrEqual(1_000 + past);
        expect(day).toBeGreaterThanOrEqual(1_014);
        expect(own).toBeGreaterThan(0);
        expect(own).toBeLessThanOrEqual(horizonDays);
      }
      expect(new Set(earlier.map(({ day }) => day)).size).toBe(earlier.length);
      for (const { train, test: later } of splitsOf(earlier, horizonDays))
        for (const { day, horizonDays: own } of train) {
          expect(own).toBeGreaterThan(0);
          expect(day + own).toBeLessThanOrEqual(later.day);
        }
    }),
  );
});

test('too little past says so, and leaves what models of repeat buying say', () => {
  const young = createChurn(shop(200, 5))({ day: 40, horizonDays: 30 });
  expect([young.learned, young.reason]).toEqual([
    null,
    expect.stringMatching(/^there are \d+ days before the origin, and 56 are needed/),
  ]);
  const few = createChurn(shop(12, 5))(ORIGIN);
  expect(few.learned).toBeNull();
  expect(few.reason).toMatch(/^at earlier origins only \d+ customers (bought|did not buy) within the horizon/);
  for (const { chances } of [young, few]) expect(chances.every((chance) => chance > 0 && chance < 1)).toBe(true);
});

test('any purchases give chances between 0 and 1, never a thing that is no number', () => {
  const bought = fc.tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 500 }),
    fc.constantFrom(0, 0, 5, 1e-300, 1e12, -3),
    fc.constantFrom(1, 1, 0.001, 1e9),
  );
  fc.assert(
    fc.property(
      fc.array(bought, { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 1, max: 900 }),
      (rows, horizonDays) => {
        const builder = createBuyingDays();
        for (const [customer, day, value, pieces] of rows) builder.add(`c${customer}`, day, value, pieces);
        const first = Math.min(...rows.map(([, day]) => day));
        const model = createChurn(builder.build())({ day: Math.max(first, 350), horizonDays });
        expect(model.chances.every((chance) => chance >= 0 && chance <= 1)).toBe(true);
        expect(model.now.features.every((column) => column.every(Number.isFinite))).toBe(true);
        const { liftByDecile, ...figures } = judgeChurn(model);
        for (const figure of [...Object.values(figures), ...(liftByDecile ?? [])])
          expect(figure === null || Number.isFinite(figure)).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
});

test('a rhythm is drawn to that of all where few gaps are known, and tells who is late', () => {
  expect(rhythmOf([], 30, 30)).toEqual({ gap: 30, variation: 1, overdue: 1 });
  const steady = rhythmOf([10, 10, 10, 10], 30, 60);
  expect([steady.gap, steady.overdue]).toEqual([20, 1.5]);
  const weekly = rhythmOf(new Array<number>(99).fill(7), 14, 60);
  expect(weekly.gap).toBeCloseTo(7.53, 2);
  expect(weekly.variation).toBeLessThan(0.2);
});
