import { logGamma } from '../numerics/gamma.ts';

/** Trapezoids over the logarithm or the logit: for what vanishes at both ends they are exact to many digits. */
const STEPS = 400;

/** Mean of f(λ) where λ is Gamma(shape, rate), by brute force: the oracle of formulas that avoid this integral. */
export function overGamma(shape: number, rate: number, f: (lambda: number) => number): number {
  const constant = shape * Math.log(rate) - logGamma(shape);
  const [low, high] = [-60 / shape - Math.log(rate), Math.log(60 + 4 * shape) - Math.log(rate)];
  return trapezoid(low, high, (u) => Math.exp(constant + shape * u - rate * Math.exp(u)) * f(Math.exp(u)));
}

/** Mean of f(p) where p is Beta(a, b), by brute force over the logit. */
export function overBeta(a: number, b: number, f: (p: number) => number): number {
  const constant = logGamma(a + b) - logGamma(a) - logGamma(b);
  return trapezoid(-60 / a, 60 / b, (u) => {
    const p = 1 / (1 + Math.exp(-u));
    return Math.exp(constant + a * Math.log(p) + b * -Math.log1p(Math.exp(u))) * f(p);
  });
}

/** ∫ f(y) dy from 0 to `weeks`, of what changes within `scale` at first and ever slower: many small steps of ln(y). */
export function overTime(weeks: number, scale: number, f: (y: number) => number): number {
  const nothing = scale * 1e-6;
  const steps = 100 * STEPS;
  return trapezoid(Math.log(nothing), Math.log(weeks + nothing), (u) => f(Math.exp(u) - nothing) * Math.exp(u), steps);
}

function trapezoid(low: number, high: number, f: (u: number) => number, steps = STEPS): number {
  const width = (high - low) / steps;
  let sum = (f(low) + f(high)) / 2;
  for (let i = 1; i < steps; i += 1) sum += f(low + i * width);
  return sum * width;
}

/** Slopes by central differences. */
export function slopesOf(f: (point: Float64Array) => number, point: readonly number[]): number[] {
  return point.map((coordinate, i) => {
    const width = 1e-6 * Math.max(1e-3, coordinate);
    const at = (by: number): number => f(Float64Array.from(point, (one, j) => (i === j ? one + by : one)));
    return (at(width) - at(-width)) / (2 * width);
  });
}
