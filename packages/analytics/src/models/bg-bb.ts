import { digamma, logBeta } from '../numerics/gamma.ts';
import { type Fit, fit, type LogLikelihood, type Parameters } from './fit.ts';

export const BG_BB_NAMES = ['alpha', 'beta', 'gamma', 'delta'] as const;
/**
 * Who is there buys at an occasion with a chance that is Beta(`alpha`, `beta`) over people, and leaves before one with a
 * chance that is Beta(`gamma`, `delta`).
 */
export type BgBbParameters = Parameters<(typeof BG_BB_NAMES)[number]>;

/** People with equal records of the same occasions: donors and years, members and meetings. */
export interface Occasions {
  /** Occasions that were taken, of those after the first purchase. */
  readonly x: number;
  /** The last of them, counted from 1; 0 where there is none. */
  readonly recency: number;
  /** Occasions that there were. */
  readonly periods: number;
  /** How many people. */
  readonly weight: number;
}

/** Fit to counted records: Fader, Hardie & Shang 2010, Marketing Science 29(6). @throws RangeError for a row that is no record */
export function fitBgBb(rows: readonly Occasions[]): Fit<(typeof BG_BB_NAMES)[number]> {
  for (const [i, { x, recency, periods, weight }] of rows.entries()) {
    const isWhole = [x, recency, periods].every(Number.isInteger);
    const isRecord = x >= 0 && recency >= x && periods >= recency && (x > 0 || recency === 0) && weight > 0;
    if (!isWhole || !isRecord)
      throw new RangeError(
        `row ${i} is no record of occasions: x ${x}, recency ${recency}, periods ${periods}, weight ${weight}`,
      );
  }
  return fit({
    names: BG_BB_NAMES,
    customers: rows.reduce((sum, { weight }) => sum + weight, 0),
    logLikelihood: bgBbLogLikelihood(rows),
    starts: [
      [1, 1, 1, 3],
      [0.5, 2, 0.5, 2],
    ],
  });
}

/** Σ w ln L: still there at the end, or gone before occasion t_x + 1 + i, i = 0 … n − t_x − 1. */
export function bgBbLogLikelihood(rows: readonly Occasions[]): LogLikelihood {
  return (parameters, gradient) => {
    const [alpha, beta, gamma, delta] = parameters as unknown as [number, number, number, number];
    const [buys, leaves] = [betaOf(alpha, beta), betaOf(gamma, delta)];
    let value = 0;
    gradient.fill(0);
    for (const { x, recency, periods, weight } of rows) {
      const terms = [term(betaOf(alpha + x, beta + periods - x), betaOf(gamma, delta + periods))];
      for (let at = recency; at < periods; at += 1)
        terms.push(term(betaOf(alpha + x, beta + at - x), betaOf(gamma + 1, delta + at)));
      const { log, slopes } = logSum(terms);
      // The logarithm of a chance; of a sure one rounding could make more
      value += weight * Math.min(0, log - buys.log - leaves.log);
      for (const i of slopes.keys()) gradient[i]! += weight * (slopes[i]! - [...buys.slopes, ...leaves.slopes][i]!);
    }
    return value;
  };
}

interface Logged {
  readonly log: number;
  /** By each parameter that it hangs on. */
  readonly slopes: readonly number[];
}

/** ln B(a, b) and its slopes by a and b. */
function betaOf(a: number, b: number): Logged {
  const both = digamma(a + b);
  return { log: logBeta(a, b), slopes: [digamma(a) - both, digamma(b) - both] };
}

const term = (buying: Logged, leaving: Logged): Logged => {
  return { log: buying.log + leaving.log, slopes: [...buying.slopes, ...leaving.slopes] };
};

/** ln Σ exp, and its slopes. */
function logSum(terms: readonly Logged[]): Logged {
  const most = Math.max(...terms.map(({ log }) => log));
  const shares = terms.map(({ log }) => Math.exp(log - most));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const slopeOf = (i: number): number =>
    terms.reduce((sum, { slopes }, at) => sum + shares[at]! * slopes[i]!, 0) / total;
  return { log: most + Math.log(total), slopes: terms[0]!.slopes.map((_, i) => slopeOf(i)) };
}

/** One record as the model sees it, without a count of people. */
export type Record = Omit<Occasions, 'weight'>;

/** Chance of being there at the occasion after the last one that was seen. */
export function bgBbAlive(parameters: BgBbParameters, record: Record): number {
  const { alpha, beta, gamma, delta } = parameters;
  const { x, periods } = record;
  const there =
    logBeta(alpha + x, beta + periods - x) -
    logBeta(alpha, beta) +
    logBeta(gamma, delta + periods + 1) -
    logBeta(gamma, delta);
  return Math.exp(there - logLikelihoodOf(parameters, record));
}

/** Occasions of the next `occasions` that are expected to be taken. */
export function bgBbExpectation(parameters: BgBbParameters, record: Record, occasions: number): number {
  const { alpha, beta, gamma, delta } = parameters;
  const { x, periods } = record;
  const taken = logBeta(alpha + x + 1, beta + periods - x) - logBeta(alpha, beta);
  const likelihood = logLikelihoodOf(parameters, record);
  let sum = 0;
  for (let next = 1; next <= occasions; next += 1)
    sum += Math.exp(taken + logBeta(gamma, delta + periods + next) - logBeta(gamma, delta) - likelihood);
  return sum;
}

function logLikelihoodOf({ alpha, beta, gamma, delta }: BgBbParameters, record: Record): number {
  return bgBbLogLikelihood([{ ...record, weight: 1 }])(Float64Array.of(alpha, beta, gamma, delta), new Float64Array(4));
}
