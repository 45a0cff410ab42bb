import type { GammaGammaParameters } from '../models/gamma-gamma.ts';
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

/** What a customer is known to have spent. */
export interface Spent {
  /** Purchases that `mean` is of; 0 where nothing is known. */
  readonly x: number;
  readonly mean: number;
}

/**
 * Quantiles of what purchases of a time bring together, where P(N = n) is known and each brings Gamma-Gamma: given n the sum
 * is (v + x·mean) times a beta-prime of (pn, px + q), for the customer's own scale is Gamma(px + q, v + x·mean).
 * @param counts chance of 0, 1, 2 … purchases
 * @param levels shares between 0 and 1, rising
 * @returns money; 0 where the chance of nothing reaches the level
 */
export function spendQuantiles(
  counts: readonly number[],
  { p, q, v }: GammaGammaParameters,
  { x, mean }: Spent,
  levels: readonly number[],
): number[] {
  const scale = v + x * mean;
  const tail = p * x + q;
  const likely = counts.flatMap((chance, n) => (n > 0 && chance > 1e-7 ? [{ chance, shape: p * n }] : []));
  const nothing = counts[0] ?? 1;
  /** Chance of at most this share u of u + 1, u being the sum in units of the scale. */
  const upTo = (share: number): number =>
    likely.reduce((sum, { chance, shape }) => sum + chance * incompleteBeta(share, shape, tail), nothing);
  return levels.map((level) => {
    if (level <= nothing) return 0;
    const share = whereReached(upTo, level);
    return (scale * share) / (1 - share);
  });
}

/** Where a rising function of 0 … 1 reaches a level: regula falsi in the manner of Illinois, halving where that is slow. */
function whereReached(rising: (at: number) => number, level: number): number {
  let [low, high] = [0, 1 - 1e-12];
  let [below, above] = [rising(low) - level, rising(high) - level];
  if (above <= 0) return high;
  for (let step = 0; step < 100 && high - low > 1e-12 * high; step += 1) {
    const guess = step % 3 === 2 ? (low + high) / 2 : (low * above - high * below) / (above - below);
    const found = rising(guess) - level;
    if (Math.abs(found) < 1e-10) return guess;
    if (found < 0) {
      [low, below] = [guess, found];
      above /= 2;
    } else {
      [high, above] = [guess, found];
      below /= 2;
    }
  }
  return (low + high) / 2;
}
