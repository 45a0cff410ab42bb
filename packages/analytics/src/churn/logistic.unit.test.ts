import { expect, test } from 'vitest';
import { createChance } from '../numerics/chance.ts';
import { fitLogistic, logOddsOf } from './logistic.ts';

const column = (...of: readonly number[]): Float64Array => Float64Array.from(of);

test('a table of four cells gives its log odds ratio, and the errors of the textbook', () => {
  // 30 of 40 with the feature, 10 of 60 without: counted rows
  const data = { features: [column(1, 1, 0, 0)], labels: [1, 0, 1, 0], weights: [30, 10, 10, 50] };
  const { intercept, coefficients, standardErrors, converged, logLikelihood } = fitLogistic(data);
  expect(converged).toBe(true);
  expect(intercept).toBeCloseTo(Math.log(10 / 50), 9);
  expect(coefficients[0]).toBeCloseTo(Math.log((30 * 50) / (10 * 10)), 9);
  expect(standardErrors[0]).toBeCloseTo(Math.sqrt(1 / 10 + 1 / 50), 9);
  expect(standardErrors[1]).toBeCloseTo(Math.sqrt(1 / 30 + 1 / 10 + 1 / 10 + 1 / 50), 9);
  const cells = [30 * Math.log(3 / 4), 10 * Math.log(1 / 4), 10 * Math.log(1 / 6), 50 * Math.log(5 / 6)];
  expect(logLikelihood).toBeCloseTo(
    cells.reduce((sum, cell) => sum + cell, 0),
    9,
  );
});

/** 4,000 rows of known log-odds. */
function simulated(truth: readonly number[], seed: number, size = 1) {
  const chance = createChance(seed);
  const features = truth.slice(1).map(() => Float64Array.from({ length: 4_000 }, () => size * (chance() - 0.3)));
  const labels = Float64Array.from({ length: 4_000 }, (_, row) => {
    const odds = logOddsOf(
      { intercept: truth[0]!, coefficients: truth.slice(1).map((one) => one / size) },
      features,
      row,
    );
    return chance() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
  });
  return { features, labels };
}

test('planted coefficients lie within their intervals, whatever the unit, and none is found where none was planted', () => {
  const truth = [-0.5, 2, 0, -1];
  const [data, large] = [simulated(truth, 7), simulated(truth, 7, 1e9)];
  const [fit, scaled] = [fitLogistic(data), fitLogistic(large)];
  for (const [j, found] of [fit.intercept, ...fit.coefficients].entries())
    expect(Math.abs(found - truth[j]!)).toBeLessThan(2.6 * fit.standardErrors[j]!);
  expect(Math.abs(fit.coefficients[1]!)).toBeLessThan(1.96 * fit.standardErrors[2]!);
  expect(scaled.coefficients[0]! * 1e9).toBeCloseTo(fit.coefficients[0]!, 6);
  expect(scaled.standardErrors[1]! * 1e9).toBeCloseTo(fit.standardErrors[1]!, 6);
});

test('what is known of a row before needs no coefficient, and a penalty draws the others to it', () => {
  const { features, labels } = simulated([-0.5, 2], 3);
  const offset = features[0]!.map((one) => 2 * one - 0.5);
  const fit = fitLogistic({ features, labels, offset });
  expect(Math.abs(fit.coefficients[0]!)).toBeLessThan(2.6 * fit.standardErrors[1]!);
  const [free, held] = [fitLogistic({ features, labels }), fitLogistic({ features, labels }, 1e9)];
  expect(free.coefficients[0]).toBeGreaterThan(1.7);
  expect(Math.abs(held.coefficients[0]!)).toBeLessThan(1e-4);
  const share = labels.reduce((sum, one) => sum + one / labels.length, 0);
  expect(held.intercept).toBeCloseTo(Math.log(share / (1 - share)), 4);
});

test('labels that a feature separates have no coefficient without a penalty, and a finite one with it', () => {
  const data = { features: [column(1, 2, 3, 10, 11, 12)], labels: [0, 0, 0, 1, 1, 1] };
  expect(fitLogistic(data).standardErrors.some((error) => error !== null && error < 100)).toBe(false);
  const held = fitLogistic(data, 1);
  expect(held.converged).toBe(true);
  expect(held.coefficients[0]).toBeGreaterThan(0);
});

test('a feature that does not vary is left out, and nobody to learn from is an error', () => {
  const { coefficients, standardErrors, converged } = fitLogistic({
    features: [column(5, 5, 5, 5), column(1, 2, 3, 4), column(1e300, 1e300, 1e300, 1e300)],
    labels: [0, 1, 0, 1],
  });
  expect([coefficients[0], standardErrors[1], coefficients[2], converged]).toEqual([0, null, 0, true]);
  expect(coefficients[1]).toBeGreaterThan(0);
  expect(() => fitLogistic({ features: [column()], labels: [] })).toThrow(RangeError);
});
