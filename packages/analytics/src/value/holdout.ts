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

/**
 * @param weights how many customers each row stands for; 1 without it
 * @returns null where there is nobody to compare
 */
export function compare(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Holdout | null {
  const rows = actual.length;
  if (rows === 0) return null;
  const weightOf = (i: number): number => weights?.[i] ?? 1;
  let [n, error, all, told] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i += 1) {
    const weight = weightOf(i);
    n += weight;
    all += weight * actual[i]!;
    told += weight * predicted[i]!;
    error += weight * Math.abs(actual[i]! - predicted[i]!);
  }
  const means = [all / n, told / n] as const;
  let [both, one, other] = [0, 0, 0];
  for (let i = 0; i < rows; i += 1) {
    const [a, p, weight] = [actual[i]! - means[0], predicted[i]! - means[1], weightOf(i)];
    both += weight * a * p;
    one += weight * a * a;
    other += weight * p * p;
  }
  const correlation = one > 0 && other > 0 ? both / Math.sqrt(one * other) : null;
  return { actual: all, predicted: told, mae: error / n, correlation };
}

/**
 * Root of the mean squared error of a customer, which is least for him who tells the mean: what models of repeat buying tell.
 * @param weights as those of {@link compare}
 */
export function rootMeanSquare(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  let [n, squares] = [0, 0];
  for (let i = 0; i < actual.length; i += 1) {
    n += weights[i]!;
    squares += weights[i]! * (actual[i]! - predicted[i]!) ** 2;
  }
  return Math.sqrt(squares / n);
}
