import { risingTable } from '../numerics/gamma.ts';
import { gaussLegendre } from '../numerics/quadrature.ts';
import { type Cells, sumsOf, thinned, WEEK } from '../purchases/cells.ts';
import type { Standing } from '../purchases/history.ts';
import { negativeBinomial } from './counts.ts';
import { type Fit, fit, type LogLikelihood, type Parameters } from './fit.ts';

export const PARETO_NAMES = ['r', 'alpha', 's', 'beta'] as const;
/** Buying rates are Gamma(`r`, `alpha` weeks), rates of leaving Gamma(`s`, `beta` weeks): who leaves may do so at any time. */
export type ParetoParameters = Parameters<(typeof PARETO_NAMES)[number]>;

/** Cells beyond which starts are compared on a part. */
const ROUGH_CELLS = 8_000;
const NODES = 24;
const RULE = gaussLegendre(NODES);
/** e^−40 is nothing beside 1. */
const FAR = 40;

/** Fit to counted histories: Schmittlein, Morrison & Colombo 1987, Management Science 33(1). */
export function fitPareto(cells: Cells): Fit<(typeof PARETO_NAMES)[number]> {
  const { customers, sumT } = sumsOf(cells);
  const age = Math.max(1 / WEEK, sumT / customers);
  const thin = thinned(cells, ROUGH_CELLS);
  return fit({
    names: PARETO_NAMES,
    customers,
    logLikelihood: paretoLogLikelihood(cells),
    ...(thin === cells ? {} : { rough: paretoLogLikelihood(thin) }),
    starts: [
      [0.5, age / 3, 0.6, age / 3],
      [1, age, 1, age],
    ],
  });
}

/**
 * Σ ln L, L = Γ(r + x)/Γ(r) · α^r β^s · [(α + T)^−(r+x) (β + T)^−s + s ∫ (α + y)^−(r+x) (β + y)^−(s+1) dy, y from t_x to T].
 * The integral has no hypergeometric function: Gauss–Legendre of 24 nodes over u = ln(α + y), everything divided by what
 * the integrand is at t_x, and the range cut where it has fallen by e^−40.
 */
export function paretoLogLikelihood(cells: Cells): LogLikelihood {
  const { x, recency, age, weight } = cells;
  const longest = x.at(-1) ?? 0;
  return (parameters, gradient) => {
    const [r, alpha, s, beta] = parameters as unknown as [number, number, number, number];
    const ofR = risingTable(r, longest);
    const [logAlpha, logBeta] = [Math.log(alpha), Math.log(beta)];
    let [value, lost, byR, byAlpha, byS, byBeta] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i += 1) {
      const [count, w] = [x[i]!, weight[i]!];
      const [from, to] = [recency[i]! / WEEK, age[i]! / WEEK];
      const power = r + count;
      const [logFrom, logBetaFrom] = [Math.log(alpha + from), Math.log(beta + from)];
      const [logTo, logBetaTo] = [Math.log(alpha + to), Math.log(beta + to)];
      // Still there: all divided by (α + t_x)^−(r+x) (β + t_x)^−s
      const alive = Math.exp(power * (logFrom - logTo) + s * (logBetaFrom - logBetaTo));
      let [gone, goneR, goneAlpha, goneS, goneBeta] = [0, 0, 0, 0, 0];
      const width = Math.min(logTo - logFrom, FAR / (power + s));
      for (let node = 0; node < NODES; node += 1) {
        const u = width * RULE.nodes[node]!;
        const atAlpha = (alpha + from) * Math.exp(u);
        const atBeta = beta + atAlpha - alpha;
        const later = Math.log(atBeta) - logBetaFrom;
        // dy = (α + y) du; one (β + y) goes with the density of leaving
        const part = (RULE.weights[node]! * width * Math.exp(-power * u - s * later) * atAlpha) / atBeta;
        gone += part;
        goneR -= part * u;
        goneAlpha -= part / atAlpha;
        goneS -= part * later;
        goneBeta -= part / atBeta;
      }
      const both = alive + s * gone;
      const term = ofR.value(count) + r * logAlpha + s * logBeta - power * logFrom - s * logBetaFrom + Math.log(both);
      const weighted = w * term;
      const next = value + weighted;
      lost += Math.abs(value) >= Math.abs(weighted) ? value - next + weighted : weighted - next + value;
      value = next;
      const [still, left] = [alive / both, s / both];
      byR += w * (ofR.slope(count) + logAlpha - logFrom + still * (logFrom - logTo) + left * goneR);
      byAlpha += w * (r / alpha - (still * power) / (alpha + to) + left * power * goneAlpha);
      byS += w * (logBeta - logBetaFrom + still * (logBetaFrom - logBetaTo) + gone / both + left * goneS);
      byBeta += w * (s / beta - (still * s) / (beta + to) + left * (s + 1) * goneBeta);
    }
    gradient.set([byR, byAlpha, byS, byBeta]);
    return value + lost;
  };
}

/** Chance that a customer has not left. */
export function paretoAlive({ r, alpha, s, beta }: ParetoParameters, { x, recency, age }: Standing): number {
  const power = r + x;
  const width = Math.min(Math.log((alpha + age) / (alpha + recency)), FAR / (power + s));
  const alive = Math.exp(
    -power * Math.log((alpha + age) / (alpha + recency)) - s * Math.log((beta + age) / (beta + recency)),
  );
  let gone = 0;
  for (let node = 0; node < NODES; node += 1) {
    const u = width * RULE.nodes[node]!;
    const atAlpha = (alpha + recency) * Math.exp(u);
    const atBeta = beta + atAlpha - alpha;
    gone +=
      (RULE.weights[node]! * width * Math.exp(-power * u - s * Math.log(atBeta / (beta + recency))) * atAlpha) / atBeta;
  }
  // Both are divided by the same, so where both vanish nobody can be there any more
  return alive + s * gone === 0 ? 0 : alive / (alive + s * gone);
}

/** Purchases that are expected in the next `weeks` of somebody who is there: (r + x)/(α + T) · ∫ ((β + T)/(β + T + y))^s dy. */
export function paretoExpectedIfThere(
  { r, alpha, s, beta }: ParetoParameters,
  x: number,
  age: number,
  weeks: number,
): number {
  const start = beta + age;
  const grown = Math.log1p(weeks / start);
  const lasting = Math.abs(1 - s) < 1e-9 ? grown : Math.expm1((1 - s) * grown) / (1 - s);
  return ((r + x) / (alpha + age)) * start * lasting;
}

/** Chance of at least one purchase in the next `weeks` of somebody who is there: ∫ E[λ e^−λy] E[e^−μy] dy, over ln(α + T + y). */
export function paretoActiveIfThere(
  { r, alpha, s, beta }: ParetoParameters,
  x: number,
  age: number,
  weeks: number,
): number {
  const power = r + x;
  const [start, leaving] = [alpha + age, beta + age];
  const width = Math.min(Math.log1p(weeks / start), FAR / power);
  let chance = 0;
  for (let node = 0; node < NODES; node += 1) {
    const u = width * RULE.nodes[node]!;
    const y = start * Math.expm1(u);
    chance += RULE.weights[node]! * width * power * Math.exp(-power * u - s * Math.log1p(y / leaving));
  }
  return chance;
}

/** Chances of 0, 1, 2 … purchases in the next `weeks` of somebody who is there: who leaves after y weeks has bought until then. */
export function paretoCountsIfThere(
  { r, alpha, s, beta }: ParetoParameters,
  x: number,
  age: number,
  weeks: number,
): number[] {
  const start = beta + age;
  const during = (time: number): number[] => negativeBinomial(r + x, alpha + age, time);
  const width = Math.log1p(weeks / start);
  const chances = during(weeks).map((chance) => chance * Math.exp(-s * width));
  for (let node = 0; node < NODES; node += 1) {
    const u = width * RULE.nodes[node]!;
    const leaves = RULE.weights[node]! * width * s * Math.exp(-s * u);
    for (const [n, chance] of during(start * Math.expm1(u)).entries()) chances[n]! += leaves * chance;
  }
  return chances;
}
