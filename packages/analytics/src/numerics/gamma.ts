/** Above this Stirling's series is exact to a double's last digits. */
const LARGE = 10;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * ln Γ(x) for x > 0, by the recurrence up to 10 and Stirling's series there (Abramowitz & Stegun 6.1.15, 6.1.40).
 * Differences of two of them at a large x lose digits: where the distance is an integer take {@link risingTable}.
 */
export function logGamma(x: number): number {
  let [shifted, product] = [x, 1];
  for (; shifted < LARGE; shifted += 1) product *= shifted;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188)))));
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series - Math.log(product);
}

/** ψ(x) = d ln Γ(x)/dx for x > 0 (Abramowitz & Stegun 6.3.5, 6.3.18). */
export function digamma(x: number): number {
  let [shifted, sum] = [x, 0];
  for (; shifted < LARGE; shifted += 1) sum -= 1 / shifted;
  const square = 1 / (shifted * shifted);
  const series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square * (1 / 132)))));
  return sum + Math.log(shifted) - 0.5 / shifted - series;
}

/** ln B(a, b) for a, b > 0. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Beyond it a table would be larger than it is exact. */
const LONGEST_TABLE = 5_000;

/** ln Γ(base + n) − ln Γ(base) and its derivative by `base`, for integers n ≥ 0. */
export interface Rising {
  value(n: number): number;
  slope(n: number): number;
}

/**
 * ln Γ(base + n) − ln Γ(base) = Σ ln(base + i) from tables, i < n: exact where Γ itself would overflow or cancel.
 * @param base > 0
 * @param longest the greatest n that will be asked for; beyond 5,000 ln Γ takes over
 */
export function risingTable(base: number, longest: number): Rising {
  const length = Math.min(longest, LONGEST_TABLE) + 1;
  const [values, slopes] = [new Float64Array(length), new Float64Array(length)];
  for (let n = 1; n < length; n += 1) {
    values[n] = values[n - 1]! + Math.log(base + n - 1);
    slopes[n] = slopes[n - 1]! + 1 / (base + n - 1);
  }
  const isIn = (n: number): boolean => n < length;
  return {
    value: (n) => (isIn(n) ? values[n]! : logGamma(base + n) - logGamma(base)),
    slope: (n) => (isIn(n) ? slopes[n]! : digamma(base + n) - digamma(base)),
  };
}
