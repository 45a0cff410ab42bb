import { logBeta } from './gamma.ts';

const TINY = 1e-300;

/**
 * I_x(a, b), the chance that a Beta(a, b) is at most x: continued fraction (Abramowitz & Stegun 26.5.8), evaluated by
 * Lentz's method on the side where it converges fast.
 * @param beta ln B(a, b), where it was asked for before
 */
export function incompleteBeta(x: number, a: number, b: number, beta = logBeta(a, b)): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - beta);
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
  return 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  const safe = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let upper = 1;
  let lower = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let product = lower;
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    lower = 1 / safe(1 + even * lower);
    upper = safe(1 + even / upper);
    product *= lower * upper;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    lower = 1 / safe(1 + odd * lower);
    upper = safe(1 + odd / upper);
    product *= lower * upper;
    if (Math.abs(lower * upper - 1) < 1e-14) break;
  }
  return product;
}
