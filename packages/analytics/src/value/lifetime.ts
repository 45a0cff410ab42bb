import type { GammaGammaParameters } from '../models/gamma-gamma.ts';
import { logBeta } from '../numerics/gamma.ts';
import { incompleteBeta } from '../numerics/incomplete-beta.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';

const RULE = gaussLegendre(8);

/**
 * Share of what is expected in a horizon that is left when each purchase is discounted to today: mean of e^(−δt) over the
 * times at which purchases are expected. By parts: e^(−δh) + δ ∫ e^(−δt) E[N(t)] dt / E[N(h)].
 * @param expected purchases to expect in the next weeks
 * @param yearly discount rate of a year, 0.1 = 10 %
 */
export function discountedShare(expected: (weeks: number) => number, weeks: number, yearly: number): number {
  const rate = Math.log1p(yearly) / (365.25 / 7);
  const all = expected(weeks);
  if (rate === 0 || !(all > 0)) return 1;
  let early = 0;
  for (const [i, node] of RULE.nodes.entries())
    early += RULE.weights[i]! * Math.exp(-rate * weeks * node) * expected(weeks * node);
  return Math.exp(-rate * weeks) + (rate * weeks * early) / all;
}

/**
 * Quantiles of what a customer brings, in units of the customer's scale v + x·mean.
 * @param alive chance that the customer is there
 * @param level between 0 and 1
 * @returns 0 where the chance of nothing reaches the level
 */
export type SpendQuantile = (alive: number, level: number) => number;

/** Points at which a distribution is computed; between them it is a monotone cubic. */
const GRID = 64;
const UNLIKELY = 1e-8;

/**
 * What purchases of a time bring together, where the chance of each count is known and each brings Gamma-Gamma: of n it is the
 * scale times a beta-prime of (pn, px + q), for the customer's own ν is Gamma(px + q, v + x·mean).
 * @param counts chance of 0, 1, 2 … purchases
 * @param x purchases that the customer's mean is of; 0 where nothing is known
 * @returns quantiles of the logarithm of it, of those who buy at all; −Infinity where nobody does
 */
export function createSpendIfAny(
  counts: readonly number[],
  { p, q }: Pick<GammaGammaParameters, 'p' | 'q'>,
  x: number,
): (level: number) => number {
  const tail = p * x + q;
  const likely = likelyCounts(counts).map(({ chance, n }) => ({ chance, shape: p * n, beta: logBeta(p * n, tail) }));
  if (likely.length === 0) return () => Number.NEGATIVE_INFINITY;
  const any = 1 - counts[0]!;
  /** Chance of at most e^at scales; u/(1 + u) is what the Beta is of. */
  const below = (at: number): number =>
    likely.reduce((sum, { chance, shape, beta }) => {
      return sum + (chance / any) * incompleteBeta(1 / (1 + Math.exp(-at)), shape, tail, beta);
    }, 0);
  const ends = [reached(below, 1e-4), reached(below, 1 - 1e-5)] as const;
  const places = Float64Array.from({ length: GRID }, (_, i) => ends[0] + ((ends[1] - ends[0]) * i) / (GRID - 1));
  return monotone(places.map(below), places);
}

/**
 * The same of everybody: who is there buys nothing with the chance `nothing`.
 * @param ifAny quantiles of the logarithm, of those who buy at all
 */
export function spendQuantile(ifAny: (level: number) => number, nothing: number): SpendQuantile {
  return (alive, level) => {
    const asked = 1 - (1 - level) / alive;
    return asked <= nothing ? 0 : Math.exp(ifAny((asked - nothing) / (1 - nothing)));
  };
}

/** Up to this count each is told apart; beyond it those within so much of each other are one. */
const APART = { count: 16, share: 0.06 };

/**
 * Counts that are likely at all, with their chance. What n purchases bring scatters by 1/√(pn) of itself, so that of many it is no
 * matter whether they are 100 or 103: such counts stand together, at their mean.
 */
function likelyCounts(counts: readonly number[]): { n: number; chance: number }[] {
  const likely: { n: number; chance: number }[] = [];
  for (let from = 1; from < counts.length; ) {
    const to = from < APART.count ? from + 1 : Math.min(counts.length, Math.ceil(from * (1 + APART.share)));
    let [chance, sum] = [0, 0];
    for (let n = from; n < to; n += 1) {
      chance += counts[n]!;
      sum += n * counts[n]!;
    }
    if (chance > UNLIKELY) likely.push({ n: sum / chance, chance });
    from = to;
  }
  return likely;
}

/** Where a rising function reaches a level, by halving; the width of the last step is .02, for a grid ends near it as well. */
function reached(rising: (at: number) => number, level: number): number {
  let [low, high] = [-60, 60];
  while (high - low > 0.02) {
    const middle = (low + high) / 2;
    if (rising(middle) < level) low = middle;
    else high = middle;
  }
  return high;
}

/** A curve through points that rises where they do (Fritsch & Carlson 1980, SIAM J. Numer. Anal. 17). Beyond the ends it is flat. */
function monotone(x: Float64Array, y: Float64Array): (at: number) => number {
  const last = x.length - 1;
  const steps = Float64Array.from({ length: last }, (_, i) =>
    x[i + 1]! > x[i]! ? (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!) : 0,
  );
  const slopes = x.map((_, i) => {
    const [before, after] = [steps[Math.max(0, i - 1)]!, steps[Math.min(last - 1, i)]!];
    return before > 0 && after > 0 ? (2 * before * after) / (before + after) : 0;
  });
  return (at) => {
    if (at <= x[0]!) return y[0]!;
    if (at >= x[last]!) return y[last]!;
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle]! <= at) low = middle;
      else high = middle;
    }
    const width = x[high]! - x[low]!;
    if (!(width > 0)) return y[low]!;
    const t = (at - x[low]!) / width;
    const [a, b] = [slopes[low]! * width, slopes[high]! * width];
    const rise = y[high]! - y[low]!;
    return y[low]! + t * (a + t * (3 * rise - 2 * a - b + t * (a + b - 2 * rise)));
  };
}
