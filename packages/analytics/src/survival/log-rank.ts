import { incompleteGamma } from '../numerics/incomplete-gamma.ts';
import { inverseOf } from '../numerics/linear.ts';
import { momentsOf, type Observed } from './observed.ts';

/** Whether groups live equally long. */
export interface LogRank {
  /** In the order of the groups. */
  readonly observed: readonly number[];
  /** Events that each would have had if all were alike. */
  readonly expected: readonly number[];
  readonly chiSquare: number;
  readonly degrees: number;
  /** Chance of a difference as great where there is none. */
  readonly p: number;
}

/**
 * Log-rank test (Mantel 1966, Cancer Chemotherapy Reports 50; k groups: Peto & Peto 1972): Σ (O − E) over the times with events,
 * with its hypergeometric covariance, is χ² with k − 1 degrees.
 * @param group of each row, 0 … k − 1
 * @returns null where there are not two groups with somebody at risk when an event came
 * @throws RangeError as {@link momentsOf}
 */
export function logRank(of: Observed, group: ArrayLike<number>): LogRank | null {
  const groups = Array.from({ length: of.time.length }, (_, i) => group[i]!).reduce(
    (most, one) => Math.max(most, one + 1),
    0,
  );
  const [left, observed, expected] = [counts(groups), counts(groups), counts(groups)];
  for (let i = 0; i < of.time.length; i += 1) left[group[i]!]! += 1;
  const covariance = observed.map(() => counts(groups));
  for (const { events, censored, atRisk } of momentsOf(of)) {
    const [d, n] = [events.length, atRisk];
    for (const row of events) observed[group[row]!]! += 1;
    const spread = n > 1 ? (d * (n - d)) / (n - 1) : 0;
    for (let g = 0; g < groups && d > 0; g += 1) {
      expected[g]! += (d * left[g]!) / n;
      for (let k = 0; k < groups; k += 1)
        covariance[g]![k]! += (spread * left[g]! * ((g === k ? n : 0) - left[k]!)) / (n * n);
    }
    for (const row of [...events, ...censored]) left[group[row]!]! -= 1;
  }
  return tested(observed, expected, covariance);
}

const counts = (length: number): number[] => new Array<number>(length).fill(0);

/** One group is told by the others, and is left out. */
function tested(observed: number[], expected: number[], covariance: number[][]): LogRank | null {
  const seen = [...observed.keys()].filter((g) => covariance[g]![g]! > 0);
  const free = seen.slice(1);
  const inverse = inverseOf(free.map((g) => free.map((k) => covariance[g]![k]!)));
  if (free.length === 0 || inverse === null) return null;
  const over = free.map((g) => observed[g]! - expected[g]!);
  const chiSquare = over.reduce(
    (sum, one, i) => sum + one * over.reduce((s, two, j) => s + two * inverse[i]![j]!, 0),
    0,
  );
  return {
    observed,
    expected,
    chiSquare,
    degrees: free.length,
    p: 1 - incompleteGamma(free.length / 2, chiSquare / 2),
  };
}
