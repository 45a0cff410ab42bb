import { eigenvaluesOf, inverseOf } from '../numerics/linear.ts';
import { minimise, polish } from '../numerics/minimise.ts';

/** What a model says of data under parameters, all above 0: log-likelihood, its slope by each parameter into `gradient`. */
export type LogLikelihood = (parameters: Float64Array, gradient: Float64Array) => number;

/** How a model is fitted: everything of it that is not its formula. */
export interface Problem<Name extends string> {
  /** In the order in which they are printed. */
  readonly names: readonly Name[];
  /** The sum over all customers. */
  readonly logLikelihood: LogLikelihood;
  /** The same over a part that stands for all; there the starts are compared. */
  readonly rough?: LogLikelihood;
  /** How many customers `logLikelihood` counts. */
  readonly customers: number;
  /** Points to begin at, a value for each name. */
  readonly starts: readonly (readonly number[])[];
}

export type Parameters<Name extends string> = Readonly<Record<Name, number>>;

/** A fitted model. */
export interface Fit<Name extends string> {
  readonly parameters: Parameters<Name>;
  /** From the observed information; null where a direction is flat and nothing can be said. */
  readonly standardErrors: Readonly<Record<Name, number | null>>;
  readonly logLikelihood: number;
  readonly customers: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** The data do not tell the parameters apart: the likelihood is flat along a ridge, a parameter ran to its bound, or an error exceeds its parameter. */
  readonly ridge: boolean;
  /** Greatest over smallest curvature in the logarithms of the parameters; Infinity where one is none, or a parameter ran to its bound. */
  readonly condition: number;
}

/** Parameters are looked for as logarithms, so that none leaves its domain; this is how far they may run. */
const BOUNDS: readonly [number, number] = [Math.log(1e-6), Math.log(1e7)];
const NEAR_BOUND = 1e-3;
const FLAT = 1e8;
/** A standard error of more than its parameter says that it may be anything; the published fits have .53 at most (Pareto/NBD of CDNOW). */
const MOST_ERROR = 1;
const ROUGHLY = 1e-7;

/**
 * Parameters of the greatest likelihood, from the best of several starts.
 * @throws RangeError where there is nobody to learn from
 */
export function fit<Name extends string>(problem: Problem<Name>): Fit<Name> {
  const { names, customers, starts } = problem;
  if (!(customers > 0)) throw new RangeError('there is nobody to learn from');
  const full = costOf(problem.logLikelihood, customers);
  const rough = problem.rough === undefined ? full : costOf(problem.rough, customers);
  const isRough = rough !== full;
  const search = { bounds: BOUNDS, ...(isRough ? { tolerance: ROUGHLY } : {}) };
  const ends = starts.map((start) => minimise(rough, start.map(Math.log), search));
  const best = ends.reduce((one, other) => (other.value < one.value ? other : one));
  const found = isRough ? minimise(full, [...best.point], { bounds: BOUNDS }) : best;
  const { hessian, ...end } = polish(full, found, BOUNDS);
  const curvatures = eigenvaluesOf(hessian);
  const isAtBound = end.point.some((one) => one < BOUNDS[0] + NEAR_BOUND || one > BOUNDS[1] - NEAR_BOUND);
  const isCurved = curvatures[0]! > 0 && !isAtBound;
  const condition = isCurved ? curvatures.at(-1)! / curvatures[0]! : Number.POSITIVE_INFINITY;
  const inverse = condition > FLAT ? null : inverseOf(hessian);
  // Of the logarithms: shares of the parameters
  const shares = inverse === null ? [] : inverse.map((row, i) => Math.sqrt(row[i]! / customers));
  const ridge = inverse === null || !shares.every((share) => share <= MOST_ERROR);
  const parameters = end.point.map(Math.exp);
  const errorOf = (i: number): number | null => (inverse === null ? null : parameters[i]! * shares[i]!);
  return {
    parameters: named(names, (i) => parameters[i]!),
    standardErrors: named(names, errorOf),
    logLikelihood: -end.value * customers,
    customers,
    iterations: best.steps + (isRough ? end.steps : 0),
    converged: end.converged,
    ridge,
    condition,
  };
}

/** Mean of what is to be small, by the logarithms of the parameters. */
function costOf(of: LogLikelihood, customers: number) {
  return (logs: Float64Array, gradient: Float64Array): number => {
    const parameters = logs.map(Math.exp);
    const value = of(parameters, gradient);
    for (const [i, parameter] of parameters.entries()) gradient[i] = (-gradient[i]! * parameter) / customers;
    return -value / customers;
  };
}

/** Whether the likelihood is flat: parameters of a `ridge` that is not flat are uncertain, but still the best guess of what comes. */
export const isFlat = ({ condition }: Pick<Fit<string>, 'condition'>): boolean => condition > FLAT;

function named<Name extends string, Value>(names: readonly Name[], found: (i: number) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name, i) => [name, found(i)])) as Record<Name, Value>;
}
