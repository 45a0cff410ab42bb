import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slopesOf } from '../testing/integrate.ts';
import { digamma, logBeta, logGamma, risingTable } from './gamma.ts';
import { eigenvaluesOf, inverseOf } from './linear.ts';
import { minimise } from './minimise.ts';
import { gaussBeta, gaussLegendre } from './quadrature.ts';
import { sumOf } from './sum.ts';

test('ln Γ and ψ have the values of the tables', () => {
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  expect(logGamma(1)).toBeCloseTo(0, 12);
  expect(logGamma(21)).toBeCloseTo(Math.log(2_432_902_008_176_640_000), 12);
  expect(logGamma(1e-3)).toBeCloseTo(6.907178885383853, 12); // Abramowitz & Stegun
  expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 13); // −γ
  expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 13); // −γ − 2 ln 2
  for (const x of [0.01, 0.7, 3, 40, 5000])
    expect(digamma(x) / slopesOf(([at]) => logGamma(at!), [x])[0]!).toBeCloseTo(1, 6);
});

test('a rising table is the difference of two ln Γ, also beyond its end', () => {
  const table = risingTable(0.3, 6_000);
  for (const n of [0, 1, 7, 4_999, 5_000, 5_001, 6_000]) {
    expect(table.value(n) / (logGamma(0.3 + n) - logGamma(0.3) || 1)).toBeCloseTo(n === 0 ? 0 : 1, 11);
    expect(table.slope(n)).toBeCloseTo(digamma(0.3 + n) - digamma(0.3), 9);
  }
});

test('quadrature is exact for polynomials of its degree, whatever the Beta', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -4, max: 3, noNaN: true }),
      fc.double({ min: -4, max: 4, noNaN: true }),
      (logA, logB) => {
        const [a, b] = [10 ** logA, 10 ** logB];
        const { nodes, weights } = gaussBeta(12, a, b);
        for (let power = 0; power < 24; power += 1) {
          const exact = Math.exp(logBeta(a + power, b) - logBeta(a, b));
          const sum = sumOf(nodes.map((node, i) => weights[i]! * node ** power));
          expect(Math.abs(sum - exact)).toBeLessThan(1e-9 * Math.max(exact, 1e-3));
        }
      },
    ),
  );
  expect(sumOf(gaussLegendre(24).weights)).toBeCloseTo(1, 14);
});

test('an inverse inverts, and eigenvalues have the trace and the determinant', () => {
  const matrix = [
    [4, 1, 0.5],
    [1, 3, -0.2],
    [0.5, -0.2, 2],
  ];
  const inverse = inverseOf(matrix)!;
  for (const [i, row] of matrix.entries())
    for (const j of row.keys())
      expect(sumOf(row.map((cell, k) => cell * inverse[k]![j]!))).toBeCloseTo(i === j ? 1 : 0, 12);
  const values = eigenvaluesOf(matrix);
  expect(sumOf(values)).toBeCloseTo(9, 12);
  expect(values.reduce((product, value) => product * value, 1)).toBeCloseTo(20.89, 10);
  expect(
    inverseOf([
      [1, 2],
      [2, 4],
    ]),
  ).toBeNull();
});

test('the minimum of a curved valley is found, and a box is kept to', () => {
  // Rosenbrock 1960
  const valley = (p: Float64Array, g: Float64Array): number => {
    const [x, y] = p as unknown as [number, number];
    g.set([-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]);
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
  };
  const { point, converged } = minimise(valley, [-1.2, 1], { bounds: [-5, 5] });
  expect([converged, ...point].map((one) => Number(one).toFixed(7))).toEqual(['1.0000000', '1.0000000', '1.0000000']);
  const edge = minimise(valley, [-1.2, 1], { bounds: [-2, 0.5] });
  expect(edge.point[0]).toBeCloseTo(0.5, 3);
  expect(edge.point[1]).toBeCloseTo(0.25, 2);
});

test('small terms beside a large one are not lost', () => {
  expect(sumOf([1e16, 1, 1, -1e16])).toBe(2);
});
