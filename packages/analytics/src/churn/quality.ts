import { fitLogistic } from './logistic.ts';

/**
 * Chance that one to whom it happened is ranked above one to whom it did not, ties counting half: area under the ROC curve by
 * ranks (Hanley & McNeil 1982, Radiology 143).
 * @returns null where all labels are the same
 */
export function aucOf(scores: ArrayLike<number>, labels: ArrayLike<number>): number | null {
  const order = ordered(scores);
  let [happened, ranks] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to += 1;
    for (let at = from; at < to; at += 1)
      if (labels[order[at]!] === 1) {
        happened += 1;
        ranks += (from + to + 1) / 2; // ranks from + 1 … to, shared
      }
    from = to;
  }
  const others = order.length - happened;
  return happened === 0 || others === 0 ? null : (ranks - (happened * (happened + 1)) / 2) / (happened * others);
}

/** Rows by score, the lowest first; equal ones as they came. */
function ordered(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort((i, j) => scores[i]! - scores[j]! || i - j);
}

/** Chances nearer to 0 or 1 are taken for these, so that their log-odds are finite. */
const LEAST_CHANCE = 1e-9;

export function logit(chance: number): number {
  const within = Math.min(1 - LEAST_CHANCE, Math.max(LEAST_CHANCE, chance));
  return Math.log(within / (1 - within));
}

export const chanceOf = (logOdds: number): number =>
  logOdds >= 0 ? 1 / (1 + Math.exp(-logOdds)) : Math.exp(logOdds) / (1 + Math.exp(logOdds));

/** How chances came true. A slope below 1: they are too extreme; with a slope of 1, an intercept above 0: too low. */
export interface Calibration {
  readonly slope: number;
  /** Its standard error. */
  readonly slopeError: number;
  readonly intercept: number;
}

/**
 * Cox's calibration: the logistic regression of what happened on the log-odds that were told (Cox 1958, Biometrika 45).
 * @returns null where all labels or all chances are the same, or the chances separate the labels
 */
export function calibrationOf(chances: ArrayLike<number>, labels: ArrayLike<number>): Calibration | null {
  if (chances.length === 0) return null;
  const told = Float64Array.from({ length: chances.length }, (_, i) => logit(chances[i]!));
  const { intercept, coefficients, converged, standardErrors } = fitLogistic({ features: [told], labels });
  const [slope, error] = [coefficients[0]!, standardErrors[1] ?? null];
  // Labels that are all alike or separated drive the search off to where nothing curves
  return !converged || error === null || error > 1e3 * Math.max(1, Math.abs(slope))
    ? null
    : { slope, slopeError: error, intercept };
}

/**
 * Share to whom it happened among the highest tenth of scores, the next tenth …, over the share of all; rows of equal scores
 * count as what those are on average, so that their order is nothing.
 * @returns fewer than ten where there are fewer rows; null where it happened to nobody
 */
export function liftByDecile(scores: ArrayLike<number>, labels: ArrayLike<number>): number[] | null {
  const order = ordered(Float64Array.from({ length: scores.length }, (_, i) => -scores[i]!));
  const shared = meansOfEqual(order, scores, labels);
  const sum = (rows: Float64Array): number => rows.reduce((total, share) => total + share, 0);
  const [all, tenths] = [sum(shared) / order.length, Math.min(10, order.length)];
  if (!(all > 0)) return null;
  return Array.from({ length: tenths }, (_, d) => {
    const rows = shared.subarray(
      Math.round((d * order.length) / tenths),
      Math.round(((d + 1) * order.length) / tenths),
    );
    return sum(rows) / rows.length / all;
  });
}

/** By place in the order: the mean label of the rows that share its score. */
function meansOfEqual(order: Uint32Array, scores: ArrayLike<number>, labels: ArrayLike<number>): Float64Array {
  const means = new Float64Array(order.length);
  for (let from = 0; from < order.length; ) {
    let [to, happened] = [from, 0];
    for (; to < order.length && scores[order[to]!] === scores[order[from]!]; to += 1) happened += labels[order[to]!]!;
    means.fill(happened / (to - from), from, to);
    from = to;
  }
  return means;
}
