/** How well what was predicted came true. */
export interface Holdout {
  /** Sum over customers. */
  readonly actual: number;
  readonly predicted: number;
  /** Mean absolute error of a customer. */
  readonly mae: number;
  /** Pearson's; null where one of the two does not vary. */
  readonly correlation: number | null;
}

/** @returns null where there is nobody to compare */
export function compare(actual: ArrayLike<number>, predicted: ArrayLike<number>): Holdout | null {
  const n = actual.length;
  if (n === 0) return null;
  const [sums, means] = [
    [0, 0],
    [0, 0],
  ] as [[number, number], [number, number]];
  let error = 0;
  for (let i = 0; i < n; i += 1) {
    sums[0] += actual[i]!;
    sums[1] += predicted[i]!;
    error += Math.abs(actual[i]! - predicted[i]!);
  }
  [means[0], means[1]] = [sums[0] / n, sums[1] / n];
  let [both, one, other] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    const [a, p] = [actual[i]! - means[0], predicted[i]! - means[1]];
    both += a * p;
    one += a * a;
    other += p * p;
  }
  const correlation = one > 0 && other > 0 ? both / Math.sqrt(one * other) : null;
  return { actual: sums[0], predicted: sums[1], mae: error / n, correlation };
}
