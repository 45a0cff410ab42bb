import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChance } from '../numerics/chance.ts';
import { incompleteGamma } from '../numerics/incomplete-gamma.ts';
import { type CoxData, fitCox } from './cox.ts';
import { kaplanMeier, medianSurvival } from './kaplan-meier.ts';
import { logRank } from './log-rank.ts';

// Weeks of remission of 21 pairs with leukaemia: Freireich et al. 1963, Blood 21; Gehan 1965, Biometrika 52
const PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
const TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23];
const TREATED_CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
const treated = {
  time: [...TREATED, ...TREATED_CENSORED],
  event: [...TREATED.map(() => 1), ...TREATED_CENSORED.map(() => 0)],
};
const all = { time: [...PLACEBO, ...treated.time], event: [...PLACEBO.map(() => 1), ...treated.event] };
const isPlacebo = all.time.map((_, i) => (i < PLACEBO.length ? 1 : 0));
const leukaemia: CoxData = { ...all, covariates: [Float64Array.from(isPlacebo)] };

test('remission of the treated is as published, with the errors of Greenwood', () => {
  // Kalbfleisch & Prentice 2002, section 1.4; Kleinbaum & Klein 2012, ch. 2
  const steps = kaplanMeier(treated);
  expect(steps.map(({ time, atRisk, events }) => [time, atRisk, events])).toEqual([
    [6, 21, 3],
    [7, 17, 1],
    [10, 15, 1],
    [13, 12, 1],
    [16, 11, 1],
    [22, 7, 1],
    [23, 6, 1],
  ]);
  const figures = steps.map(({ survival, error }) => [survival.toFixed(4), error.toFixed(4)]);
  expect(figures).toEqual([
    ['0.8571', '0.0764'],
    ['0.8067', '0.0869'],
    ['0.7529', '0.0963'],
    ['0.6902', '0.1068'],
    ['0.6275', '0.1141'],
    ['0.5378', '0.1282'],
    ['0.4482', '0.1346'],
  ]);
  for (const { survival, interval } of steps) {
    expect(interval[0]).toBeLessThan(survival);
    expect(interval[1]).toBeGreaterThan(survival);
  }
  expect([medianSurvival(steps), medianSurvival(kaplanMeier({ time: PLACEBO, event: PLACEBO.map(() => 1) }))]).toEqual([
    23, 8,
  ]);
});

test('the two groups differ by the published log-rank test', () => {
  const found = logRank(all, isPlacebo)!;
  expect(found.chiSquare).toBeCloseTo(16.793, 3);
  expect(found.observed).toEqual([9, 21]);
  expect(found.expected.map((one) => one.toFixed(2))).toEqual(['19.25', '10.75']);
  expect(found.p).toBeCloseTo(4.17e-5, 7);
  expect(logRank({ time: [1, 2], event: [1, 1] }, [0, 0])).toBeNull();
});

test('χ² has the chances of the table', () => {
  const beyond = (x: number, degrees: number): string => (1 - incompleteGamma(degrees / 2, x / 2)).toFixed(4);
  expect([beyond(3.8415, 1), beyond(5.9915, 2), beyond(18.307, 10), beyond(0.0039, 1)]).toEqual([
    ...['0.0500', '0.0500', '0.0500', '0.9502'],
  ]);
});

/** Efron's partial likelihood as it is written down. */
function partial({ time, event, covariates }: CoxData, coefficients: readonly number[]): number {
  const score = (i: number): number => covariates.reduce((sum, column, j) => sum + coefficients[j]! * column[i]!, 0);
  const rows = Array.from({ length: time.length }, (_, i) => i);
  const risk = (of: readonly number[]): number => of.reduce((sum, i) => sum + Math.exp(score(i)), 0);
  let value = 0;
  for (const at of new Set(rows.filter((i) => event[i] === 1).map((i) => time[i]!))) {
    const dying = rows.filter((i) => event[i] === 1 && time[i] === at);
    const all = risk(rows.filter((i) => time[i]! >= at));
    for (const [l, i] of dying.entries()) value += score(i) - Math.log(all - (l / dying.length) * risk(dying));
  }
  return value;
}

test('the hazard of the untreated is as published, and the greatest of the partial likelihood', () => {
  const fit = fitCox(leukaemia);
  // R, survival: coxph(Surv(time, cens) ~ treat, MASS::gehan), ties of Efron
  expect(fit.coefficients[0]).toBeCloseTo(1.5721, 4);
  expect(fit.standardErrors[0]).toBeCloseTo(0.4124, 4);
  expect(2 * (fit.logLikelihood - fit.nullLogLikelihood)).toBeCloseTo(16.35, 2);
  expect(fit.concordance).toBeCloseTo(0.69, 2);
  const b = fit.coefficients[0]!;
  const at = (by: number): number => partial(leukaemia, [b + by]);
  expect(fit.logLikelihood).toBeCloseTo(at(0), 10);
  expect(Math.abs(at(1e-4) - at(-1e-4)) / 2e-4).toBeLessThan(1e-6);
  expect(1 / Math.sqrt((2 * at(0) - at(1e-3) - at(-1e-3)) / 1e-6)).toBeCloseTo(fit.standardErrors[0]!, 4);
});

test('any rows give the greatest of the partial likelihood and the share of pairs, by brute force', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 1), fc.integer({ min: -3, max: 3 }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 4, maxLength: 25 }), (rows) => {
      const [time, event] = [rows.map(([t]) => t), rows.map(([, e]) => e)];
      const data = { time, event, covariates: [Float64Array.from(rows, ([, , z]) => z)] };
      if (!event.includes(1)) {
        expect(() => fitCox(data)).toThrow(RangeError);
        return;
      }
      const fit = fitCox(data);
      const b = fit.coefficients[0]!;
      expect(Number.isFinite(b) && Number.isFinite(fit.logLikelihood)).toBe(true);
      if (fit.converged)
        for (const by of [-0.05, 0.05]) expect(partial(data, [b + by])).toBeLessThanOrEqual(fit.logLikelihood + 1e-9);
      const pairs = rows.flatMap(([t, e, z]) =>
        rows
          .filter(([u, f]) => e === 1 && (u > t || (u === t && f === 0)))
          .map(([, , y]) => {
            return z * b > y * b ? 1 : z * b === y * b ? 0.5 : 0;
          }),
      );
      if (pairs.length === 0) expect(fit.concordance).toBeNull();
      else expect(fit.concordance).toBeCloseTo(pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length, 9);
    }),
    { numRuns: 200 },
  );
});

/** 400 customers: products held lower the hazard, bad service raises it, and the weather does nothing. */
const TRUTH = [-0.4, 0.8, 0];
function customers(seed: number, truth: readonly number[]): CoxData {
  const chance = createChance(seed);
  const column = (of: () => number): Float64Array => Float64Array.from({ length: 400 }, of);
  const covariates = [
    column(() => Math.floor(chance() * 5)),
    column(() => (chance() < 0.3 ? 1 : 0)),
    column(() => 20 * chance()),
  ];
  const lives = column(() => -Math.log1p(-chance())).map(
    (life, i) => (30 * life) / Math.exp(covariates.reduce((sum, one, j) => sum + truth[j]! * one[i]!, 0)),
  );
  const watched = column(() => 5 + 60 * chance());
  const time = lives.map((life, i) => Math.ceil(Math.min(life, watched[i]!)));
  return { time, event: lives.map((life, i) => (life <= watched[i]! ? 1 : 0)), covariates };
}

test('planted drivers are found with intervals that cover them, and nothing where nothing was planted', () => {
  const runs = 60;
  const [covered, found] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  let [falsely, differing] = [0, 0];
  for (let seed = 1; seed <= runs; seed += 1) {
    const fit = fitCox(customers(seed, TRUTH));
    for (const [j, truth] of TRUTH.entries()) {
      const [b, error] = [fit.coefficients[j]!, fit.standardErrors[j]!];
      if (Math.abs(b - truth) < 1.96 * error) covered[j]! += 1;
      if (Math.abs(b) > 1.96 * error) found[j]! += 1;
    }
    const nothing = customers(seed, [0, 0, 0]);
    const alone = fitCox(nothing);
    if (Math.abs(alone.coefficients[1]! / alone.standardErrors[1]!) > 1.96) falsely += 1;
    if (logRank(nothing, nothing.covariates[1]!)!.p < 0.05) differing += 1;
  }
  // 95 % of 60 is 57; fewer than 51 would be a chance of 1 in 500
  expect(Math.min(...covered)).toBeGreaterThanOrEqual(51);
  expect([found[0], found[1]]).toEqual([runs, runs]);
  expect(Math.max(found[2]!, falsely, differing)).toBeLessThanOrEqual(9);
});

test('groups beyond two are compared at once, and drivers that cannot be told are not told', () => {
  const time = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const found = logRank({ time, event: time.map(() => 1) }, [0, 0, 0, 1, 1, 1, 2, 2, 2])!;
  expect([found.degrees, found.observed]).toEqual([2, [3, 3, 3]]);
  expect(found.p).toBeLessThan(0.01);
  const separated = fitCox({
    time,
    event: time.map(() => 1),
    covariates: [Float64Array.from(time), new Float64Array(9)],
  });
  expect(separated.standardErrors[1]).toBeNull();
  expect(separated.coefficients[1]).toBe(0);
  expect(separated.concordance).toBe(1);
  for (const broken of [
    { time: [-1], event: [1] },
    { time: [1], event: [2] },
    { time: [1, 2], event: [1] },
  ])
    expect(() => kaplanMeier(broken)).toThrow(RangeError);
});
