import { digamma, logGamma } from '../numerics/gamma.ts';
import { type Fit, fit, type LogLikelihood, type Parameters } from './fit.ts';

export const GAMMA_GAMMA_NAMES = ['p', 'q', 'v'] as const;
/** What a purchase brings is Gamma(`p`, ν); over customers ν is Gamma(`q`, `v`). `v` has the unit of the money. */
export type GammaGammaParameters = Parameters<(typeof GAMMA_GAMMA_NAMES)[number]>;

/** Customers with their count of purchases and what these brought on average. */
export interface Spending {
  /** ≥ 1. */
  readonly x: ArrayLike<number>;
  /** > 0, any currency. */
  readonly mean: ArrayLike<number>;
}

const ROUGH = 20_000;

/**
 * Fit to those who bought again and paid something: Fader, Hardie & Lee 2005, "RFM and CLV", Journal of Marketing Research
 * 42; Fader & Hardie, note 025.
 * @throws RangeError for a count below 1 or a mean that is not above 0, and where there is nobody
 */
export function fitGammaGamma(spending: Spending): Fit<(typeof GAMMA_GAMMA_NAMES)[number]> {
  const customers = spending.x.length;
  let total = 0;
  for (let i = 0; i < customers; i += 1) {
    const [x, mean] = [spending.x[i]!, spending.mean[i]!];
    if (!(x >= 1 && mean > 0 && Number.isFinite(mean)))
      throw new RangeError(`row ${i} has spent ${mean} in ${x} purchases`);
    total += mean;
  }
  const average = total / customers;
  const every = Math.ceil(customers / ROUGH);
  return fit({
    names: GAMMA_GAMMA_NAMES,
    customers,
    logLikelihood: gammaGammaLogLikelihood(spending),
    ...(every > 1 ? { rough: gammaGammaLogLikelihood(everyNth(spending, every), every) } : {}),
    starts: [
      [2, 3, average],
      [6, 4, average / 2],
    ],
  });
}

function everyNth({ x, mean }: Spending, every: number): Spending {
  const some = (of: ArrayLike<number>): number[] =>
    Array.from({ length: Math.ceil(of.length / every) }, (_, i) => of[i * every]!);
  return { x: some(x), mean: some(mean) };
}

/**
 * Σ w ln L, ln L = ln Γ(px + q) − ln Γ(px) − ln Γ(q) + q ln v + (px − 1) ln m + px ln x − (px + q) ln(v + xm).
 * Customers come sorted by x inside, so that Γ is asked once for each count.
 */
export function gammaGammaLogLikelihood({ x, mean }: Spending, weight = 1): LogLikelihood {
  const { counts, starts, logMeans, totals } = byCount(x, mean);
  return (parameters, gradient) => {
    const [p, q, v] = parameters as unknown as [number, number, number];
    const [logV, gammaQ, slopeQ] = [Math.log(v), logGamma(q), digamma(q)];
    let [value, byP, byQ, byV] = [0, 0, 0, 0];
    for (let group = 0; group < counts.length; group += 1) {
      const count = counts[group]!;
      const shape = p * count;
      const [from, to] = [starts[group]!, starts[group + 1]!];
      const n = to - from;
      let [logs, inverses] = [0, 0];
      for (let i = from; i < to; i += 1) {
        const both = v + totals[i]!;
        logs += Math.log(both);
        inverses += 1 / both;
      }
      const logMean = logMeans[group]!;
      const logCount = Math.log(count);
      value += n * (logGamma(shape + q) - logGamma(shape) - gammaQ + q * logV + shape * logCount);
      value += (shape - 1) * logMean - (shape + q) * logs;
      const slopeBoth = digamma(shape + q);
      byP += count * (n * (slopeBoth - digamma(shape) + logCount) + logMean - logs);
      byQ += n * (slopeBoth - slopeQ + logV) - logs;
      byV += (n * q) / v - (shape + q) * inverses;
    }
    gradient.set([weight * byP, weight * byQ, weight * byV]);
    return weight * value;
  };
}

/** Customers in the order of their counts. */
function byCount(x: ArrayLike<number>, mean: ArrayLike<number>) {
  const order = Uint32Array.from({ length: x.length }, (_, i) => i).sort((i, j) => x[i]! - x[j]! || i - j);
  const [counts, starts, logMeans]: number[][] = [[], [], []];
  const totals = new Float64Array(order.length);
  for (const [at, i] of order.entries()) {
    if (counts!.at(-1) !== x[i]) {
      counts!.push(x[i]!);
      starts!.push(at);
      logMeans!.push(0);
    }
    logMeans![logMeans!.length - 1]! += Math.log(mean[i]!);
    totals[at] = x[i]! * mean[i]!;
  }
  return { counts: counts!, starts: [...starts!, order.length], logMeans: logMeans!, totals };
}

/**
 * What a purchase of this customer brings on average, after `x` that brought `mean`: (v + x·mean)·p/(px + q − 1).
 * Nobody's own past is all of it: it is drawn to the mean of all, the less, the more was seen.
 * @returns NaN where q ≤ 1 and nothing was seen that would make the mean finite
 */
export function expectedSpend({ p, q, v }: GammaGammaParameters, x: number, mean: number): number {
  const shape = p * x + q - 1;
  return shape > 0 ? (p * (v + x * mean)) / shape : Number.NaN;
}
