import { inverseOf } from '../numerics/linear.ts';

/** Rows to learn from. */
export interface LogisticData {
  /** Columns of equal length, finite. */
  readonly features: readonly Float64Array[];
  /** 1 where it happened, 0 where it did not. */
  readonly labels: ArrayLike<number>;
  /** What is known of each row's log-odds before the features speak; nothing without it. */
  readonly offset?: ArrayLike<number>;
  /** What each row counts for; 1 without it. */
  readonly weights?: ArrayLike<number>;
}

/** ln(p/(1 − p)) = offset + intercept + Σ coefficient · feature, features as they came. */
export interface Logistic {
  readonly intercept: number;
  readonly coefficients: readonly number[];
  /** Of the intercept, then of each coefficient; null where the data say nothing. With a penalty they are too small. */
  readonly standardErrors: readonly (number | null)[];
  readonly logLikelihood: number;
  readonly converged: boolean;
}

const MOST_STEPS = 60;
const MOST_HALVINGS = 30;
/** Newton's decrement, twice what a step is about to gain. */
const DONE = 1e-9;
const ROUNDING = 1e-14;
/** Coefficients of scaled features beyond it are on their way to infinity. */
const FARTHEST = 15;

/**
 * Logistic regression: the greatest of ln L − ridge/2 · Σ b², b the coefficients of features scaled to mean 0 and deviation 1
 * (a feature that does not vary has none), the intercept free. Newton's steps, which here are iteratively reweighted least
 * squares (McCullagh & Nelder 1989, ch. 4; ridge: le Cessie & van Houwelingen 1992, Applied Statistics 41), halved where they
 * overshoot. Where features separate the labels and nothing holds them (ridge 0), the search does not converge, and says so.
 * @throws RangeError where there is no row
 */
export function fitLogistic(data: LogisticData, ridge = 0): Logistic {
  const rows = data.labels.length;
  if (rows === 0) throw new RangeError('there is nobody to learn from');
  const scaled = scale(data.features, data.weights);
  const at = (point: readonly number[]): State => stateAt(point, scaled.columns, data, ridge);
  let state = at(new Array<number>(scaled.columns.length + 1).fill(0));
  let converged = false;
  for (let taken = 0; taken < MOST_STEPS && !converged; taken += 1) {
    const inverse = inverseOf(state.curvature);
    if (inverse === null) break;
    const step = inverse.map((row) => dot(row, state.slope));
    converged = dot(step, state.slope) < DONE;
    state = downhill(at, state, step);
  }
  converged &&= state.point.slice(1).every((one) => Math.abs(one) < FARTHEST);
  return { ...unscaled(state, scaled, converged), logLikelihood: state.logLikelihood, converged };
}

/** What a fitted regression says of a row: its log-odds. */
export function logOddsOf(
  { intercept, coefficients }: Pick<Logistic, 'intercept' | 'coefficients'>,
  features: readonly Float64Array[],
  row: number,
): number {
  let sum = intercept;
  for (let j = 0; j < coefficients.length; j += 1) sum += coefficients[j]! * features[j]![row]!;
  return sum;
}

interface State {
  readonly point: readonly number[];
  /** −ln L and the penalty. */
  readonly cost: number;
  readonly logLikelihood: number;
  readonly slope: readonly number[];
  readonly curvature: readonly (readonly number[])[];
}

/** A Newton step, or a part of it that is no step up, but for what rounding makes of a last one. */
function downhill(at: (point: readonly number[]) => State, from: State, step: readonly number[]): State {
  let share = 1;
  for (let tries = 0; tries < MOST_HALVINGS; tries += 1) {
    const next = at(from.point.map((one, j) => one - share * step[j]!));
    if (next.cost <= from.cost + ROUNDING * from.cost) return next;
    share /= 2;
  }
  return from;
}

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, cell, j) => sum + cell * other[j]!, 0);

/** point[0] is the intercept. */
function stateAt(
  point: readonly number[],
  columns: readonly Float64Array[],
  { labels, offset, weights }: LogisticData,
  ridge: number,
): State {
  const width = point.length;
  const slope = new Float64Array(width);
  const curvature = new Float64Array(width * width);
  const row = new Float64Array(width);
  row[0] = 1;
  let cost = 0;
  for (let i = 0; i < labels.length; i += 1) {
    let logOdds = point[0]! + (offset?.[i] ?? 0);
    for (let j = 1; j < width; j += 1) {
      row[j] = columns[j - 1]![i]!;
      logOdds += point[j]! * row[j]!;
    }
    const [weight, label] = [weights?.[i] ?? 1, labels[i]!];
    const small = Math.exp(-Math.abs(logOdds));
    cost += weight * (Math.max(0, logOdds) - label * logOdds + Math.log1p(small));
    const error = weight * ((logOdds >= 0 ? 1 : small) / (1 + small) - label);
    const spread = (weight * small) / (1 + small) ** 2;
    for (let j = 0; j < width; j += 1) {
      const cell = row[j]!;
      slope[j]! += error * cell;
      for (let k = 0; k <= j; k += 1) curvature[j * width + k]! += spread * cell * row[k]!;
    }
  }
  const logLikelihood = -cost;
  for (let j = 1; j < width; j += 1) {
    cost += (ridge / 2) * point[j]! ** 2;
    slope[j]! += ridge * point[j]!;
    curvature[j * width + j]! += ridge;
  }
  const cellOf = (j: number, k: number): number => curvature[Math.max(j, k) * width + Math.min(j, k)]!;
  const full = Array.from({ length: width }, (_, j) => Array.from({ length: width }, (_unused, k) => cellOf(j, k)));
  return { point, cost, logLikelihood, slope: [...slope], curvature: full };
}

interface Scaled {
  /** Only those that vary. */
  readonly columns: readonly Float64Array[];
  readonly means: readonly number[];
  /** 0 where a feature does not vary. */
  readonly deviations: readonly number[];
}

function scale(features: readonly Float64Array[], weights: LogisticData['weights']): Scaled {
  const [means, deviations]: [number[], number[]] = [[], []];
  const columns: Float64Array[] = [];
  for (const feature of features) {
    const { mean, deviation } = momentsOf(feature, weights);
    means.push(mean);
    deviations.push(deviation);
    if (deviation > 0) columns.push(feature.map((one) => (one - mean) / deviation));
  }
  return { columns, means, deviations };
}

function momentsOf(feature: Float64Array, weights: LogisticData['weights']): { mean: number; deviation: number } {
  const weightOf = (i: number): number => weights?.[i] ?? 1;
  let [total, mean, square] = [0, 0, 0];
  for (const [i, one] of feature.entries()) total += weightOf(i) * (Number.isFinite(one) ? 1 : Number.NaN);
  for (const [i, one] of feature.entries()) mean += (weightOf(i) * one) / total;
  for (const [i, one] of feature.entries()) square += (weightOf(i) * (one - mean) ** 2) / total;
  const deviation = Math.sqrt(square);
  return { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 0 };
}

/** Coefficients of the features as they came, with the errors that the inverse curvature gives. */
function unscaled(
  { point, curvature }: State,
  { means, deviations }: Scaled,
  converged: boolean,
): Pick<Logistic, 'intercept' | 'coefficients' | 'standardErrors'> {
  const places = deviations.map((deviation, j) => {
    return deviation > 0 ? 1 + deviations.slice(0, j).filter((one) => one > 0).length : null;
  });
  const shareOf = (j: number): number => (places[j] === null ? 0 : 1 / deviations[j]!);
  const coefficients = deviations.map((_, j) => (places[j] === null ? 0 : point[places[j]!]! * shareOf(j)));
  const intercept = coefficients.reduce((sum, one, j) => sum - one * means[j]!, point[0]!);
  const inverse = converged ? inverseOf(curvature) : null;
  const variance = (shares: readonly number[]): number | null => {
    if (inverse === null) return null;
    return shares.reduce(
      (sum, one, j) => sum + one * shares.reduce((s, other, k) => s + other * inverse[j]![k]!, 0),
      0,
    );
  };
  const ofIntercept = point.map((_, at) => {
    const j = places.indexOf(at);
    return at === 0 ? 1 : -means[j]! * shareOf(j);
  });
  const variances = [
    variance(ofIntercept),
    ...places.map((place, j) =>
      place === null ? null : variance(point.map((_, at) => (at === place ? shareOf(j) : 0))),
    ),
  ];
  return { intercept, coefficients, standardErrors: variances.map((one) => (one === null ? null : Math.sqrt(one))) };
}
