import { inverseOf } from '../numerics/linear.ts';
import { type Moment, momentsOf, type Observed } from './observed.ts';

export interface CoxData extends Observed {
  /** What may drive the event: columns of equal length, finite. */
  readonly covariates: readonly Float64Array[];
}

/** hazard = baseline(t) · e^(Σ coefficient · covariate). */
export interface Cox {
  /** Of the covariates: e to it is how many times the hazard grows with one more of it. */
  readonly coefficients: readonly number[];
  /** null where the data say nothing: a covariate that does not vary, or that separates who has the event. */
  readonly standardErrors: readonly (number | null)[];
  /** Partial. */
  readonly logLikelihood: number;
  /** Partial, where nothing drives anything. */
  readonly nullLogLikelihood: number;
  /** Of two, one of whom is known to have the event first: how often it is the one with the higher hazard; null without a pair. */
  readonly concordance: number | null;
  readonly events: number;
  readonly converged: boolean;
}

const MOST_STEPS = 50;
const MOST_HALVINGS = 30;
const DONE = 1e-11;
/** Coefficients of scaled covariates beyond it are on their way to infinity. */
const FARTHEST = 30;

/**
 * Proportional hazards (Cox 1972, JRSS B 34): the partial likelihood with ties as Efron has them (1977, JASA 72),
 * Σ over times with d events of Σ η of these − Σ_{l<d} ln(Σ at risk e^η − l/d · Σ events e^η), by Newton's steps, halved where
 * they overshoot. Covariates are scaled within, so that their units do not matter.
 * @throws RangeError where no event came, and as {@link momentsOf}
 */
export function fitCox(data: CoxData): Cox {
  const moments = momentsOf(data);
  const events = moments.reduce((sum, moment) => sum + moment.events.length, 0);
  if (events === 0) throw new RangeError('no event came, so nothing tells what drives it');
  const scales = data.covariates.map(scaleOf);
  const used = [...scales.keys()].filter((j) => scales[j]!.deviation > 0);
  const columns = used.map((j) => data.covariates[j]!.map((one) => (one - scales[j]!.mean) / scales[j]!.deviation));
  const at = (point: readonly number[]): State => stateAt(point, columns, moments);
  const start = at(used.map(() => 0));
  let state = start;
  let converged = false;
  for (let step = 0; step < MOST_STEPS && !converged; step += 1) {
    const next = uphill(at, state);
    converged = next.value - state.value <= DONE * Math.max(1, Math.abs(state.value));
    state = next;
  }
  converged &&= state.point.every((one) => Math.abs(one) < FARTHEST);
  const inverse = converged ? inverseOf(state.information) : null;
  const placed = <T>(of: (place: number, deviation: number) => T, nothing: T): T[] =>
    scales.map(({ deviation }, j) => (used.includes(j) ? of(used.indexOf(j), deviation) : nothing));
  return {
    coefficients: placed((place, deviation) => state.point[place]! / deviation, 0),
    standardErrors: placed<number | null>(
      (place, deviation) => (inverse === null ? null : Math.sqrt(inverse[place]![place]!) / deviation),
      null,
    ),
    logLikelihood: state.value,
    nullLogLikelihood: start.value,
    concordance: concordanceOf(data, scoresOf(state.point, columns, data.time.length)),
    events,
    converged,
  };
}

function scaleOf(column: Float64Array): { mean: number; deviation: number } {
  const mean = column.reduce((sum, one) => sum + one / column.length, 0);
  const deviation = Math.sqrt(column.reduce((sum, one) => sum + (one - mean) ** 2 / column.length, 0));
  return { mean, deviation: deviation > 1e-12 * Math.abs(mean) ? deviation : 0 };
}

function scoresOf(point: readonly number[], columns: readonly Float64Array[], rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) =>
    columns.reduce((sum, column, j) => sum + point[j]! * column[i]!, 0),
  );
}

interface State {
  readonly point: readonly number[];
  readonly value: number;
  readonly slope: readonly number[];
  /** Minus the second derivatives. */
  readonly information: readonly (readonly number[])[];
}

function uphill(at: (point: readonly number[]) => State, from: State): State {
  const inverse = inverseOf(from.information);
  if (inverse === null) return from;
  const step = inverse.map((row) => row.reduce((sum, cell, j) => sum + cell * from.slope[j]!, 0));
  let share = 1;
  for (let tries = 0; tries < MOST_HALVINGS; tries += 1) {
    const next = at(from.point.map((one, j) => one + share * step[j]!));
    if (next.value >= from.value) return next;
    share /= 2;
  }
  return from;
}

/** Σ e^η, Σ e^η z and Σ e^η z z′ over some rows. */
interface Sums {
  total: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const emptySums = (width: number): Sums => {
  return { total: 0, first: new Float64Array(width), second: new Float64Array(width * width) };
};

function stateAt(point: readonly number[], columns: readonly Float64Array[], moments: readonly Moment[]): State {
  const width = point.length;
  const rows = moments[0]!.atRisk;
  const scores = scoresOf(point, columns, rows);
  // e^η is only ever compared: divided by the greatest, none overflows
  const greatest = scores.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  const add = (to: Sums, row: number): void => {
    const weight = Math.exp(scores[row]! - greatest);
    to.total += weight;
    for (let j = 0; j < width; j += 1) {
      const part = weight * columns[j]![row]!;
      to.first[j]! += part;
      for (let k = 0; k < width; k += 1) to.second[j * width + k]! += part * columns[k]![row]!;
    }
  };
  const [slope, information] = [new Float64Array(width), new Float64Array(width * width)];
  const atRisk = emptySums(width);
  let value = 0;
  // Last moment first: who is at risk only grows
  for (const { events, censored } of [...moments].reverse()) {
    for (const row of censored) add(atRisk, row);
    const ending = emptySums(width);
    for (const row of events) {
      add(atRisk, row);
      add(ending, row);
      value += scores[row]! - greatest;
      for (let j = 0; j < width; j += 1) slope[j]! += columns[j]![row]!;
    }
    for (let l = 0; l < events.length; l += 1) {
      const share = l / events.length;
      const total = atRisk.total - share * ending.total;
      value -= Math.log(total);
      const mean = atRisk.first.map((one, j) => (one - share * ending.first[j]!) / total);
      for (let j = 0; j < width; j += 1) {
        slope[j]! -= mean[j]!;
        for (let k = 0; k < width; k += 1) {
          const square = (atRisk.second[j * width + k]! - share * ending.second[j * width + k]!) / total;
          information[j * width + k]! += square - mean[j]! * mean[k]!;
        }
      }
    }
  }
  const square = Array.from({ length: width }, (_, j) => [...information.subarray(j * width, (j + 1) * width)]);
  return { point, value, slope: [...slope], information: square };
}

/**
 * Harrell's C (1982, JAMA 247): over the pairs in which the one with the event came first, equal scores counting half; who is
 * censored at a time is there after it. By a tree of counts over the ranks of scores.
 */
function concordanceOf({ time, event }: Observed, scores: Float64Array): number | null {
  const ranks = new Map([...new Set(scores)].sort((one, other) => one - other).map((score, rank) => [score, rank + 1]));
  const counts = new Float64Array(ranks.size + 1);
  const below = (rank: number): number => {
    let sum = 0;
    for (let at = rank; at > 0; at -= at & -at) sum += counts[at]!;
    return sum;
  };
  const put = (row: number): void => {
    for (let at = ranks.get(scores[row]!)!; at < counts.length; at += at & -at) counts[at]! += 1;
  };
  let [pairs, right, later] = [0, 0, 0];
  for (const { events, censored } of momentsOf({ time, event }).reverse()) {
    for (const row of censored) put(row);
    later += censored.length;
    for (const row of events) {
      const rank = ranks.get(scores[row]!)!;
      pairs += later;
      right += (below(rank - 1) + below(rank)) / 2;
    }
    for (const row of events) put(row);
    later += events.length;
  }
  return pairs === 0 ? null : right / pairs;
}
