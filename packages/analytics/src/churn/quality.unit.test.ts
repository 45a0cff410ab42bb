import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChance } from '../numerics/chance.ts';
import { aucOf, calibrationOf, chanceOf, liftByDecile, logit } from './quality.ts';

test('AUC is the share of pairs that are ranked right, ties counting half', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 1)), { maxLength: 40 });
  fc.assert(
    fc.property(rows, (drawn) => {
      const [scores, labels] = [drawn.map(([score]) => score), drawn.map(([, label]) => label)];
      const of = (label: number): number[] => scores.filter((_, i) => labels[i] === label);
      const pairs = of(1).flatMap((yes) => of(0).map((no) => (yes > no ? 1 : yes === no ? 0.5 : 0)));
      const share = pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length;
      const auc = aucOf(scores, labels);
      if (pairs.length === 0) expect(auc).toBeNull();
      else expect(auc).toBeCloseTo(share, 12);
    }),
  );
});

test('chances that come true have the slope 1; made too extreme by two, a half; too high, an intercept below 0', () => {
  const chance = createChance(5);
  const odds = Float64Array.from({ length: 20_000 }, () => 4 * chance() - 2);
  const labels = odds.map((one) => (chance() < chanceOf(one) ? 1 : 0));
  const found = calibrationOf(odds.map(chanceOf), labels)!;
  expect(Math.abs(found.slope - 1)).toBeLessThan(2.6 * found.slopeError);
  expect(Math.abs(found.intercept)).toBeLessThan(0.05);
  const extreme = calibrationOf(
    odds.map((one) => chanceOf(2 * one)),
    labels,
  )!;
  expect(extreme.slope).toBeCloseTo(found.slope / 2, 6);
  const high = calibrationOf(
    odds.map((one) => chanceOf(one + 1)),
    labels,
  )!;
  expect(high.intercept).toBeCloseTo(found.intercept - found.slope, 6);
});

test('nothing is said of calibration or lift where everything is alike, or where chances separate the labels', () => {
  expect(calibrationOf([0.1, 0.5, 0.9], [1, 1, 1])).toBeNull();
  expect(calibrationOf([0.4, 0.4, 0.4], [1, 0, 1])).toBeNull();
  expect(calibrationOf([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])).toBeNull();
  expect(calibrationOf([], [])).toBeNull();
  expect(liftByDecile([0.1, 0.2], [0, 0])).toBeNull();
  const alike = liftByDecile(
    Array.from({ length: 100 }, () => 0.3),
    Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  );
  for (const lift of alike!) expect(lift).toBeCloseTo(1, 12);
  expect([logit(1), logit(0)].every(Number.isFinite)).toBe(true);
});

test('lift is the share among the highest tenth over that of all, and so on downwards', () => {
  const scores = Array.from({ length: 40 }, (_, i) => i);
  const labels = scores.map((i) => (i >= 36 || i === 0 ? 1 : 0));
  expect(liftByDecile(scores, labels)).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  expect(liftByDecile([3, 1, 2], [1, 0, 0])).toEqual([3, 0, 0]);
});
