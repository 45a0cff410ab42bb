import { describe, expect, test } from 'vitest';
import { cellsOf, thinned } from '../purchases/cells.ts';
import { simulateBg, simulatePareto, simulateSpend } from '../testing/simulate.ts';
import { fitBgBb } from './bg-bb.ts';
import { type BgKind, fitBg } from './bg-nbd.ts';
import type { Fit } from './fit.ts';
import { fitGammaGamma } from './gamma-gamma.ts';
import { fitNbd } from './nbd.ts';
import { fitPareto } from './pareto-nbd.ts';
import { fitSbg } from './sbg.ts';

const BG = { r: 0.9, alpha: 12, a: 0.8, b: 2.5 };
const PARETO = { r: 0.9, alpha: 14, s: 0.8, beta: 10 };
const SPEND = { p: 6.25, q: 3.74, v: 15.4 };

/** How many standard errors a fit is away from the truth, at most. */
function distance<Name extends string>(found: Fit<Name>, truth: Readonly<Record<Name, number>>): number {
  const names = Object.keys(truth) as Name[];
  return Math.max(
    ...names.map((name) => Math.abs(found.parameters[name] - truth[name]) / (found.standardErrors[name] ?? 0)),
  );
}

describe('customers who live as a model says are given the parameters that they have', () => {
  test.each<BgKind>(['bg-nbd', 'mbg-nbd'])('%s', (kind) => {
    const found = fitBg(kind, cellsOf(simulateBg(kind, BG, 6_000, 7)));
    expect(found).toMatchObject({ converged: true, ridge: false, customers: 6_000 });
    expect(distance(found, BG)).toBeLessThan(3);
  });

  test('pareto-nbd', () => {
    const found = fitPareto(cellsOf(simulatePareto(PARETO, 4_000, 7)));
    expect(found).toMatchObject({ converged: true, ridge: false });
    expect(distance(found, PARETO)).toBeLessThan(3);
  });

  test('gamma-gamma, from so many that the start is looked for among a part', () => {
    const x = Int32Array.from({ length: 50_000 }, (_, i) => 1 + (i % 7));
    const found = fitGammaGamma({ x, mean: simulateSpend(SPEND, x, 7).mean });
    expect(found).toMatchObject({ converged: true, ridge: false, customers: 50_000 });
    expect(distance(found, SPEND)).toBeLessThan(3);
  });
});

test('a part of the cells stands for all: customers and purchases are about as many', () => {
  const cells = cellsOf(simulateBg('bg-nbd', BG, 30_000, 3));
  const part = thinned(cells, 2_000);
  const sum = (of: ArrayLike<number>, by: Float64Array): number => by.reduce((total, w, i) => total + w * of[i]!, 0);
  expect(part.x.length).toBeLessThan(cells.x.length / 4);
  expect(sum(part.x, part.weight) / sum(cells.x, cells.weight)).toBeCloseTo(1, 1);
  expect(part.weight.reduce((total, w) => total + w, 0) / 30_000).toBeCloseTo(1, 1);
});

test('where nobody leaves, the two parameters of leaving cannot be told apart, and that is said', () => {
  const x = Int32Array.from({ length: 400 }, (_, i) => 10 + (i % 9));
  const recency = x.map((count) => 250 + (count % 4));
  const found = fitBg('bg-nbd', cellsOf({ x, recency, age: x.map(() => 254) }));
  expect(found.ridge).toBe(true);
  expect(Object.values(found.standardErrors)).toEqual([null, null, null, null]);
  expect(found.parameters.a / (found.parameters.a + found.parameters.b)).toBeLessThan(0.01);
});

test('an error above its parameter is a ridge too, of the limit model as well', () => {
  const everyWeek = Int32Array.from({ length: 300 }, (_, i) => 9 + (i % 3));
  const sameRate = fitNbd(cellsOf({ x: everyWeek, recency: everyWeek.map(() => 80), age: everyWeek.map(() => 84) }));
  const noneLeaves = fitSbg([{ began: 1_000, survivors: [1_000, 1_000] }]);
  const allGive = fitBgBb([{ x: 6, recency: 6, periods: 6, weight: 1_000 }]);
  expect([sameRate.ridge, noneLeaves.ridge, allGive.ridge]).toEqual([true, true, true]);
  const { alpha } = noneLeaves.standardErrors;
  expect(alpha! / noneLeaves.parameters.alpha).toBeGreaterThan(1);
  expect(allGive.logLikelihood).toBeLessThanOrEqual(0);
});

test('cohorts that are published are none', () => {
  const high = fitSbg([{ began: 1_000, survivors: [869, 743, 653, 593, 551, 517, 491] }]);
  const regular = fitSbg([{ began: 1_000, survivors: [631, 468, 382, 326, 289, 262, 241] }]);
  expect([high.ridge, regular.ridge]).toEqual([false, false]);
});
