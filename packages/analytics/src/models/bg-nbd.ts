import { risingTable } from '../numerics/gamma.ts';
import { gaussBeta, type Quadrature } from '../numerics/quadrature.ts';
import { type Cells, sumsOf, thinned, WEEK } from '../purchases/cells.ts';
import type { Standing } from '../purchases/history.ts';
import { leavingAfterPurchase, negativeBinomial } from './counts.ts';
import { type Fit, fit, type LogLikelihood, type Parameters } from './fit.ts';

export const BG_NAMES = ['r', 'alpha', 'a', 'b'] as const;
/** `r`, `alpha` (weeks): buying rates are Gamma(r, alpha); `a`, `b`: who buys leaves with a chance that is Beta(a, b). */
export type BgParameters = Parameters<(typeof BG_NAMES)[number]>;

/**
 * Two models that differ in one coin.
 * `bg-nbd`: a customer may leave after each repeat purchase (Fader, Hardie & Lee 2005, Marketing Science 24(2)).
 * `mbg-nbd`: after the first purchase too, so that one who bought once may be gone (Batislam, Denizel & Filiztekin 2007,
 * International Journal of Research in Marketing 24).
 */
export type BgKind = 'bg-nbd' | 'mbg-nbd';

/** Cells beyond which starts are compared on a part. */
const ROUGH_CELLS = 20_000;

/** Fit to counted histories. The likelihood is that of the paper, in the form that does not overflow. */
export function fitBg(kind: BgKind, cells: Cells): Fit<(typeof BG_NAMES)[number]> {
  const { customers, sumT } = sumsOf(cells);
  const age = Math.max(1 / WEEK, sumT / customers);
  const thin = thinned(cells, ROUGH_CELLS);
  return fit({
    names: BG_NAMES,
    customers,
    logLikelihood: bgLogLikelihood(kind, cells),
    ...(thin === cells ? {} : { rough: bgLogLikelihood(kind, thin) }),
    starts: [
      [0.3, age / 5, 0.8, 2.5],
      [1, age, 1, 1],
      [2, age / 2, 0.1, 1],
    ],
  });
}

/** Coins that a customer with x repeats has thrown and survived, beside x: one more where the first purchase counts. */
const extraOf = (kind: BgKind): 0 | 1 => (kind === 'bg-nbd' ? 0 : 1);

/**
 * Σ ln L. In each cell G_r[x] + G_b[n] − G_{a+b}[n] + r ln α − (r + x) ln(α + t_x) + ln(E + a/(b + n − 1)),
 * n = x coins or one more, E = ((α + t_x)/(α + T))^(r + x), the last term without a where no coin was thrown.
 */
export function bgLogLikelihood(kind: BgKind, cells: Cells): LogLikelihood {
  const extra = extraOf(kind);
  const { x, recency, age, weight } = cells;
  const rows = x.length;
  const byCount = weightsByCount(cells);
  const days = age.reduce((most, one) => Math.max(most, one), 0) + 1;
  const [logs, inverses] = [new Float64Array(days), new Float64Array(days)];
  const isUsed = new Uint8Array(days);
  for (let i = 0; i < rows; i += 1) isUsed[recency[i]!] = isUsed[age[i]!] = 1;
  return (parameters, gradient) => {
    const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
    for (let day = 0; day < days; day += 1) {
      if (isUsed[day] === 0) continue;
      logs[day] = Math.log(alpha + day / WEEK);
      inverses[day] = 1 / (alpha + day / WEEK);
    }
    const logAlpha = Math.log(alpha);
    let [value, lost, byR, byAlpha, byA, byB] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < rows; i += 1) {
      const count = x[i]!;
      const [start, end, w] = [recency[i]!, age[i]!, weight[i]!];
      const power = r + count;
      const gap = logs[start]! - logs[end]!;
      const slope = inverses[start]! - inverses[end]!;
      const coins = count + extra;
      let term = r * logAlpha - power * logs[start]!;
      let [alive, left, below] = [1, 0, 1];
      if (coins === 0) term += power * gap;
      else {
        below = b + coins - 1;
        const odds = a / below;
        const stayed = Math.exp(power * gap);
        const both = stayed + odds;
        term += Math.log(both);
        alive = stayed / both;
        left = 1 / (below * both);
      }
      const weighted = w * term;
      const next = value + weighted;
      lost += Math.abs(value) >= Math.abs(weighted) ? value - next + weighted : weighted - next + value;
      value = next;
      byR += w * (logAlpha - logs[start]! + alive * gap);
      byAlpha += w * (r / alpha - power * inverses[start]! + alive * power * slope);
      byA += w * left;
      byB -= (w * left * a) / below;
    }
    const longest = byCount.length + 1;
    const [ofR, ofB, ofBoth] = [risingTable(r, longest), risingTable(b, longest), risingTable(a + b, longest)];
    for (const [count, w] of byCount.entries()) {
      if (w === 0) continue;
      const coins = count + extra;
      value += w * (ofR.value(count) + ofB.value(coins) - ofBoth.value(coins));
      byR += w * ofR.slope(count);
      byA -= w * ofBoth.slope(coins);
      byB += w * (ofB.slope(coins) - ofBoth.slope(coins));
    }
    gradient.set([byR, byAlpha, byA, byB]);
    return value + lost;
  };
}

function weightsByCount({ x, weight }: Cells): Float64Array {
  const byCount = new Float64Array((x.at(-1) ?? 0) + 1); // sorted by x
  for (let i = 0; i < x.length; i += 1) byCount[x[i]!]! += weight[i]!;
  return byCount;
}

/** Chance that a customer has not left. Under `bg-nbd` it is 1 for everybody who bought once: no score of churn. */
export function bgAlive(kind: BgKind, { r, alpha, a, b }: BgParameters, { x, recency, age }: Standing): number {
  const coins = x + extraOf(kind);
  if (coins === 0) return 1;
  return 1 / (1 + (a / (b + coins - 1)) * Math.exp((r + x) * Math.log((alpha + age) / (alpha + recency))));
}

/** Chance of at least one purchase in the next `weeks` of somebody who is there: at the old rate, for leaving comes after buying. */
export function bgActiveIfThere({ r, alpha }: BgParameters, x: number, age: number, weeks: number): number {
  return -Math.expm1(-(r + x) * Math.log1p(weeks / (alpha + age)));
}

const NODES = 12;

/**
 * Purchases that are expected in the next `weeks` of somebody who is there: the mean of (1 − (1 + p·t/(α + T))^−(r + x))/p
 * over the chance p of leaving, by Gauss–Jacobi of 12 nodes, in place of the hypergeometric function of the paper.
 */
export function bgExpectedIfThere(
  kind: BgKind,
  { r, alpha, a, b }: BgParameters,
): (x: number, age: number, weeks: number) => number {
  const rules = new Map<number, Quadrature>();
  const ruleOf = (coins: number): Quadrature => {
    const rule = rules.get(coins) ?? gaussBeta(NODES, a, b + coins);
    rules.set(coins, rule);
    return rule;
  };
  return (x, age, weeks) => {
    const { nodes, weights } = ruleOf(x + extraOf(kind));
    const pace = weeks / (alpha + age);
    let mean = 0;
    for (let i = 0; i < NODES; i += 1) {
      const p = nodes[i]!;
      const bought = p === 0 ? (r + x) * pace : -Math.expm1(-(r + x) * Math.log1p(p * pace)) / p;
      mean += weights[i]! * bought;
    }
    return mean;
  };
}

/** Chances of 0, 1, 2 … purchases in the next `weeks` of somebody who is there. */
export function bgCountsIfThere(
  kind: BgKind,
  { r, alpha, a, b }: BgParameters,
  x: number,
  age: number,
  weeks: number,
): number[] {
  return leavingAfterPurchase(negativeBinomial(r + x, alpha + age, weeks), a, b + x + extraOf(kind));
}
