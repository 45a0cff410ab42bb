import { describe, expect, test } from 'vitest';
import { type Cell, cellsFrom } from '../purchases/cells.ts';
import type { Standing } from '../purchases/history.ts';
import { overBeta, overGamma, overTime, slopesOf } from '../testing/integrate.ts';
import { bgBbAlive, bgBbExpectation, bgBbLogLikelihood, fitBgBb } from './bg-bb.ts';
import { type BgKind, bgAlive, bgLogLikelihood, fitBg } from './bg-nbd.ts';
import type { LogLikelihood } from './fit.ts';
import { expectedSpend, fitGammaGamma, gammaGammaLogLikelihood } from './gamma-gamma.ts';
import { fitPareto, paretoAlive, paretoLogLikelihood } from './pareto-nbd.ts';
import { bgOutlook, paretoOutlook } from './repeat.ts';
import { fitSbg, sbgLogLikelihood, sbgRetention, sbgSurvival } from './sbg.ts';

const WEEKS = 7;
const CELLS: readonly Cell[] = [
  { x: 0, recency: 0, age: 100, weight: 5 },
  { x: 0, recency: 0, age: 0, weight: 1 },
  { x: 1, recency: 3, age: 270, weight: 2 },
  { x: 4, recency: 250, age: 266, weight: 1 },
  { x: 29, recency: 200, age: 210, weight: 1.5 },
];
const BG = { r: 0.6, alpha: 5.5, a: 0.8, b: 2.4 };
const PARETO = { r: 0.6, alpha: 9, s: 0.7, beta: 11 };
const STANDINGS: readonly Standing[] = [
  { x: 0, recency: 0, age: 12 },
  { x: 1, recency: 2, age: 30 },
  { x: 6, recency: 28, age: 30 },
];

/** What a log-likelihood says at parameters in their order. */
const saidBy = (of: LogLikelihood, parameters: readonly number[]): number =>
  of(Float64Array.from(parameters), new Float64Array(parameters.length));

test.each<[string, LogLikelihood, readonly number[]]>([
  ['bg-nbd', bgLogLikelihood('bg-nbd', cellsFrom(CELLS)), Object.values(BG)],
  ['mbg-nbd', bgLogLikelihood('mbg-nbd', cellsFrom(CELLS)), Object.values(BG)],
  ['pareto-nbd', paretoLogLikelihood(cellsFrom(CELLS)), Object.values(PARETO)],
  ['gamma-gamma', gammaGammaLogLikelihood({ x: [3, 1, 3, 40], mean: [12.5, 80, 33, 20] }), [6, 3.7, 15]],
  [
    'bg-bb',
    bgBbLogLikelihood([
      { x: 2, recency: 4, periods: 6, weight: 3 },
      { x: 0, recency: 0, periods: 5, weight: 1 },
    ]),
    [1.2, 0.7, 0.6, 2.8],
  ],
  ['sbg', sbgLogLikelihood([{ began: 100, survivors: [80, 70, 66] }]), [0.7, 3.8]],
])('the slopes of %s are those of its likelihood', (_name, of, parameters) => {
  const gradient = new Float64Array(parameters.length);
  of(Float64Array.from(parameters), gradient);
  const differences = slopesOf((point) => of(point, new Float64Array(point.length)), parameters);
  for (const [i, slope] of gradient.entries())
    expect(Math.abs(slope - differences[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
});

describe.each<BgKind>(['bg-nbd', 'mbg-nbd'])('%s against the story it tells, integrated by brute force', (kind) => {
  const extra = kind === 'bg-nbd' ? 0 : 1;
  /** A customer with this rate and this chance of leaving: who is there, and who left after the last purchase. */
  const there = ({ x, age }: Standing, lambda: number, p: number) =>
    lambda ** x * (1 - p) ** (x + extra) * Math.exp(-lambda * age);
  const gone = ({ x, recency }: Standing, lambda: number, p: number) =>
    x + extra === 0 ? 0 : p * (1 - p) ** (x + extra - 1) * lambda ** x * Math.exp(-lambda * recency);
  const mean = (f: (lambda: number, p: number) => number): number =>
    overBeta(BG.a, BG.b, (p) => overGamma(BG.r, BG.alpha, (lambda) => f(lambda, p)));

  test.each(STANDINGS)('likelihood, chances and expectation of %o', (standing) => {
    const likelihood = mean((lambda, p) => there(standing, lambda, p) + gone(standing, lambda, p));
    const cell = { x: standing.x, recency: standing.recency * WEEKS, age: standing.age * WEEKS, weight: 1 };
    expect(saidBy(bgLogLikelihood(kind, cellsFrom([cell])), Object.values(BG))).toBeCloseTo(Math.log(likelihood), 8);
    const share = (f: (lambda: number, p: number) => number): number =>
      mean((lambda, p) => there(standing, lambda, p) * f(lambda, p)) / likelihood;
    expect(bgAlive(kind, BG, standing)).toBeCloseTo(
      share(() => 1),
      8,
    );
    expect(bgOutlook(kind, BG).active(standing, 20)).toBeCloseTo(
      share((lambda) => -Math.expm1(-lambda * 20)),
      8,
    );
    expect(bgOutlook(kind, BG).expected(standing, 20)).toBeCloseTo(
      share((lambda, p) => -Math.expm1(-lambda * p * 20) / p),
      7,
    );
  });
});

describe('pareto-nbd against the story it tells, integrated by brute force', () => {
  const mean = (f: (lambda: number, mu: number) => number): number =>
    overGamma(PARETO.s, PARETO.beta, (mu) => overGamma(PARETO.r, PARETO.alpha, (lambda) => f(lambda, mu)));
  const there = ({ x, age }: Standing, lambda: number, mu: number) => lambda ** x * Math.exp(-(lambda + mu) * age);
  const gone = ({ x, recency, age }: Standing, lambda: number, mu: number) => {
    const rate = lambda + mu;
    return lambda ** x * (mu / rate) * (Math.exp(-rate * recency) - Math.exp(-rate * age));
  };

  test.each(STANDINGS)('likelihood, chances and expectation of %o', (standing) => {
    const likelihood = mean((lambda, mu) => there(standing, lambda, mu) + gone(standing, lambda, mu));
    const cell = { x: standing.x, recency: standing.recency * WEEKS, age: standing.age * WEEKS, weight: 1 };
    expect(saidBy(paretoLogLikelihood(cellsFrom([cell])), Object.values(PARETO))).toBeCloseTo(Math.log(likelihood), 8);
    const share = (f: (lambda: number, mu: number) => number): number =>
      mean((lambda, mu) => there(standing, lambda, mu) * f(lambda, mu)) / likelihood;
    expect(paretoAlive(PARETO, standing)).toBeCloseTo(
      share(() => 1),
      8,
    );
    const active = share((lambda, mu) => (lambda / (lambda + mu)) * -Math.expm1(-(lambda + mu) * 20));
    expect(paretoOutlook(PARETO).active(standing, 20)).toBeCloseTo(active, 7);
    expect(paretoOutlook(PARETO).expected(standing, 20)).toBeCloseTo(
      share((lambda, mu) => (lambda * -Math.expm1(-mu * 20)) / mu),
      7,
    );
  });
});

test('the expected spend is the mean of what the customer may be, given what was seen', () => {
  const [p, q, v] = [6.2, 3.7, 15.4];
  const seen = { x: 3, mean: 42 };
  // Mean of a purchase p/ν, ν ~ Gamma(q, v), given that 3 purchases, Gamma(3p, 3ν) on average, brought 42 on average
  const density = (nu: number) => nu ** (p * seen.x) * Math.exp(-nu * seen.x * seen.mean);
  const weight = overGamma(q, v, density);
  expect(expectedSpend({ p, q, v }, seen.x, seen.mean)).toBeCloseTo(
    overGamma(q, v, (nu) => density(nu) * (p / nu)) / weight,
    6,
  );
  expect(expectedSpend({ p, q, v }, 0, 0)).toBeCloseTo((p * v) / (q - 1), 10);
  expect(expectedSpend({ p, q: 0.9, v }, 0, 0)).toBeNaN();
});

// Fader, Hardie & Shang 2010, table 2: recency, occasions taken of six, donors of 1995
const DONORS = [
  [6, 6, 1203],
  [5, 6, 728],
  [4, 6, 512],
  [3, 6, 357],
  [2, 6, 234],
  [1, 6, 129],
  [5, 5, 335],
  [4, 5, 284],
  [3, 5, 225],
  [2, 5, 173],
  [1, 5, 119],
  [4, 4, 240],
  [3, 4, 181],
  [2, 4, 155],
  [1, 4, 78],
  [3, 3, 322],
  [2, 3, 255],
  [1, 3, 129],
  [2, 2, 613],
  [1, 2, 277],
  [1, 1, 1091],
  [0, 0, 3464],
].map(([x, recency, weight]) => ({ x: x!, recency: recency!, periods: 6, weight: weight! }));

test('bg-bb has the published figures of the donors', () => {
  const { parameters, logLikelihood, customers, ridge } = fitBgBb(DONORS);
  expect([customers, ridge]).toEqual([11_104, false]);
  expect(logLikelihood).toBeCloseTo(-33_225.581275, 4);
  for (const [name, value] of Object.entries({ alpha: 1.203527, beta: 0.749721, gamma: 0.656777, delta: 2.783793 }))
    expect(parameters[name as 'alpha'] / value).toBeCloseTo(1, 3);
  const expected = DONORS.reduce((sum, row) => sum + row.weight * bgBbExpectation(parameters, row, 5), 0);
  expect(expected).toBeCloseTo(12_884, 0);
  const alive = DONORS.map((row) => bgBbAlive(parameters, row));
  expect(Math.max(...alive)).toBe(alive[0]); // gave each time
  expect(Math.min(...alive)).toBeGreaterThan(0);
});

// Fader & Hardie 2007, "How to project customer retention", table 1: survivors of 1,000
test.each([
  ['high end', [869, 743, 653, 593, 551, 517, 491], 0.66809, 3.80609, -1611.158],
  ['regular', [631, 468, 382, 326, 289, 262, 241], 0.70408, 1.18204, -1680.265],
])('sbg has the published figures of the cohort %s', (_name, survivors, alpha, beta, logLikelihood) => {
  const found = fitSbg([{ began: 1000, survivors }]);
  expect(found.parameters.alpha).toBeCloseTo(alpha, 4);
  expect(found.parameters.beta).toBeCloseTo(beta, 4);
  expect(found.logLikelihood).toBeCloseTo(logLikelihood, 3);
  const product = [1, 2, 3].reduce((share, renewal) => share * sbgRetention(found.parameters, renewal), 1);
  expect(sbgSurvival(found.parameters, 3)).toBeCloseTo(product, 12);
});

// Alike leave alike: s and β grow together (a ridge), or one of α and β is far below the other
test.each([
  [
    { r: 0.15, alpha: 0.03, s: 209, beta: 3926 },
    { x: 0, recency: 0, age: 52 },
  ],
  [
    { r: 5, alpha: 2.1, s: 140, beta: 1190 },
    { x: 1, recency: 25, age: 59 },
  ],
  [
    { r: 151, alpha: 135, s: 92, beta: 0.12 },
    { x: 0, recency: 0, age: 37 },
  ],
  [
    { r: 0.09, alpha: 159, s: 325, beta: 0.68 },
    { x: 5, recency: 27, age: 67 },
  ],
  [
    { r: 0.02, alpha: 7, s: 24, beta: 1.3 },
    { x: 0, recency: 0, age: 49 },
  ],
])('pareto-nbd agrees with brute force where its integrand is steep: %j', (parameters, of) => {
  const { r, alpha, s, beta } = parameters;
  const [power, ofAlpha, ofBeta, weeks] = [r + of.x, alpha + of.recency, beta + of.recency, of.age - of.recency];
  const thereFor = (y: number): number => Math.exp(-power * Math.log1p(y / ofAlpha) - s * Math.log1p(y / ofBeta));
  const gone = s * overTime(weeks, Math.min(ofAlpha / power, ofBeta / s), (y) => thereFor(y) / (ofBeta + y));
  const alive = thereFor(weeks);
  expect(paretoAlive(parameters, of)).toBeCloseTo(alive / (alive + gone), 9);
  const rising = Array.from({ length: of.x }, (_, i) => Math.log(r + i)).reduce((sum, one) => sum + one, 0);
  const shared = r * Math.log(alpha) + s * Math.log(beta) - power * Math.log(ofAlpha) - s * Math.log(ofBeta);
  const one = { x: of.x, recency: of.recency * WEEKS, age: of.age * WEEKS, weight: 1 };
  const said = paretoLogLikelihood(cellsFrom([one]));
  expect(saidBy(said, Object.values(parameters))).toBeCloseTo(rising + shared + Math.log(alive + gone), 8);
  const slopes = new Float64Array(4);
  const point = Object.values(parameters);
  said(Float64Array.from(point), slopes);
  for (const [i, slope] of slopesOf((at) => saidBy(said, [...at]), point).entries())
    expect(slopes[i]).toBeCloseTo(slope, 4);
  const active = overTime(30, Math.min((alpha + of.age) / power, (beta + of.age) / s), (y) => {
    const still = s * Math.log1p(y / (beta + of.age));
    return (power / (alpha + of.age + y)) * Math.exp(-power * Math.log1p(y / (alpha + of.age)) - still);
  });
  expect(paretoOutlook(parameters).ifThere.active(of.x, of.age, 30)).toBeCloseTo(active, 9);
});

test('who has nothing to learn from is told so', () => {
  expect(() => fitBg('bg-nbd', cellsFrom([]))).toThrow('nobody to learn from');
  expect(() => fitPareto(cellsFrom([]))).toThrow('nobody to learn from');
  expect(() => fitGammaGamma({ x: [1], mean: [-3] })).toThrow('row 0 has spent -3');
  expect(() => fitBgBb([{ x: 3, recency: 2, periods: 6, weight: 1 }])).toThrow('row 0 is no record');
  expect(() => fitSbg([{ began: 10, survivors: [11] }])).toThrow('has 11 after renewal 1');
});
