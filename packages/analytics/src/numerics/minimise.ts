import { inverseOf } from './linear.ts';

/** A smooth function: its value at `point`, and its slope there written into `gradient`. */
export type Smooth = (point: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** Each coordinate stays within it. */
  readonly bounds: readonly [low: number, high: number];
  /** Done when two steps in a row change the value by less than this share of it. */
  readonly tolerance?: number;
  readonly mostSteps?: number;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly steps: number;
  readonly converged: boolean;
}

const MEMORY = 8;
const SLOPE_DONE = 1e-9;

interface State {
  point: Float64Array;
  gradient: Float64Array;
  value: number;
}

/**
 * The minimum of a smooth function within a box: L-BFGS (Nocedal 1980, Math. Comp. 35; two-loop recursion) with a search
 * along the line that brackets the weak Wolfe conditions.
 */
export function minimise(of: Smooth, start: readonly number[], options: MinimiseOptions): Minimum {
  const { tolerance = 1e-10, mostSteps = 500 } = options;
  const within = boxed(of, options.bounds);
  let state = within(Float64Array.from(start));
  const pairs: Pair[] = [];
  let [steps, still] = [0, 0];
  while (steps < mostSteps && still < 2 && largest(state.gradient) > SLOPE_DONE) {
    const next = along(within, state, directionOf(state.gradient, pairs));
    steps += 1;
    if (next === null) {
      if (pairs.length === 0) break;
      pairs.length = 0; // what it remembers misleads it: begin from the slope alone
      continue;
    }
    remember(pairs, state, next);
    still = Math.abs(state.value - next.value) <= tolerance * Math.max(1, Math.abs(next.value)) ? still + 1 : 0;
    state = next;
  }
  return { point: state.point, value: state.value, steps, converged: steps < mostSteps };
}

/** Evaluation that keeps to the box: outside it, its edge, where slopes that lead out are nothing. */
function boxed(of: Smooth, [low, high]: readonly [number, number]): (point: Float64Array) => State {
  return (wanted) => {
    const point = wanted.map((coordinate) => Math.min(high, Math.max(low, coordinate)));
    const gradient = new Float64Array(point.length);
    const value = of(point, gradient);
    for (const [i, coordinate] of point.entries()) {
      const slope = gradient[i]!;
      if ((coordinate === low && slope > 0) || (coordinate === high && slope < 0)) gradient[i] = 0;
    }
    return { point, gradient, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY };
  };
}

interface Pair {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly rho: number;
}

function remember(pairs: Pair[], from: State, to: State): void {
  const moved = to.point.map((coordinate, i) => coordinate - from.point[i]!);
  const turned = to.gradient.map((slope, i) => slope - from.gradient[i]!);
  const product = dot(moved, turned);
  if (product <= 1e-14 * dot(turned, turned)) return;
  pairs.push({ moved, turned, rho: 1 / product });
  if (pairs.length > MEMORY) pairs.shift();
}

function directionOf(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const shares: number[] = [];
  for (const { moved, turned, rho } of [...pairs].reverse()) {
    const share = rho * dot(moved, direction);
    shares.push(share);
    add(direction, turned, -share);
  }
  const last = pairs.at(-1);
  if (last === undefined) return direction.map((slope) => slope / Math.max(1, Math.sqrt(dot(gradient, gradient))));
  const scale = 1 / (last.rho * dot(last.turned, last.turned));
  for (const i of direction.keys()) direction[i]! *= scale;
  for (const { moved, turned, rho } of pairs) add(direction, moved, shares.pop()! - rho * dot(turned, direction));
  return direction;
}

/** A step along `direction` that goes down enough and not too short; null where there is none. */
function along(at: (point: Float64Array) => State, from: State, direction: Float64Array): State | null {
  const slope = dot(direction, from.gradient);
  if (!(slope < 0)) return null;
  let [low, high, length] = [0, Number.POSITIVE_INFINITY, 1];
  let best: State | null = null;
  for (let tries = 0; tries < 40; tries += 1) {
    const next = at(from.point.map((coordinate, i) => coordinate + length * direction[i]!));
    if (!(next.value <= from.value + 1e-4 * length * slope)) high = length;
    else {
      best = next;
      if (dot(direction, next.gradient) >= 0.9 * slope) return next;
      low = length;
    }
    length = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
  }
  return best;
}

/**
 * Newton's steps as long as they go down, on the Hessian where the search ended: what L-BFGS leaves in flat directions.
 * @returns the point, its value, and that Hessian
 */
export function polish(of: Smooth, end: Minimum, bounds: MinimiseOptions['bounds']): Minimum & { hessian: number[][] } {
  const at = boxed(of, bounds);
  let state = at(end.point);
  const hessian = hessianOf((point) => at(point).gradient, end.point);
  const inverse = inverseOf(hessian);
  for (let step = 0; inverse !== null && step < 4; step += 1) {
    const direction = Float64Array.from(inverse, (row) => -dot(row, state.gradient));
    const next = at(state.point.map((coordinate, i) => coordinate + direction[i]!));
    if (!(next.value < state.value)) break;
    state = next;
  }
  return { ...end, point: state.point, value: state.value, hessian };
}

/** Matrix of second derivatives by central differences of the gradient, made symmetric. */
function hessianOf(gradientAt: (point: Float64Array) => Float64Array, point: Float64Array): number[][] {
  const rows = Array.from(point, (coordinate, i) => {
    const width = 1e-5 * Math.max(1, Math.abs(coordinate));
    const moved = (by: number): Float64Array => gradientAt(point.map((one, j) => (i === j ? one + by : one)));
    const [above, below] = [moved(width), moved(-width)];
    return Array.from(above, (slope, j) => (slope - below[j]!) / (2 * width));
  });
  return rows.map((row, i) => row.map((cell, j) => (cell + rows[j]![i]!) / 2));
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += one[i]! * other[i]!;
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (const [i, one] of what.entries()) to[i]! += times * one;
}

const largest = (of: Float64Array): number => of.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
