import { logGamma } from './gamma.ts';

const MOST_TERMS = 10_000;

/**
 * P(a, x), the chance that a Gamma(a, 1) is at most x: series below a + 1, continued fraction by Lentz's method above it
 * (Abramowitz & Stegun 6.5.29, 6.5.31). χ² with k degrees: P(k/2, χ²/2).
 */
export function incompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? (front * series(a, x)) / a : 1 - front * fraction(a, x);
}

function series(a: number, x: number): number {
  let [sum, term] = [1, 1];
  for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  let below = x + 1 - a;
  let [upper, lower] = [Number.POSITIVE_INFINITY, 1 / below];
  let product = lower;
  for (let n = 1; n < MOST_TERMS; n += 1) {
    const numerator = n * (a - n);
    below += 2;
    lower = 1 / (numerator * lower + below);
    upper = below + numerator / upper;
    product *= lower * upper;
    if (Math.abs(lower * upper - 1) < 1e-15) break;
  }
  return product;
}
