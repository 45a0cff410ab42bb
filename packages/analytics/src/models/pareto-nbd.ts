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
 * The integral has no hypergeometric function: Gauss–Legendre of 24 nodes over u = ln(y + the smaller of α and β), in which
 * the integrand falls the slowest at first; everything divided by what it is at t_x, the range cut where it has fallen by e^−40.
 */
export function paretoLogLikelihood(cells: Cells): LogLikelihood {
  const { x, recency, age, weight } = cells;
  const longest = x.at(-1) ?? 0;
  return (parameters, gradient) => {
    const [r, alpha, s, beta] = parameters as unknown as [number, number, number, number];
    const ofR = risingTable(r, longest);
    const [logAlpha, logBeta] = [Math.log(alpha), Math.log(beta)];
    const isAlphaLess = alpha <= beta;
    let [value, lost, byR, byAlpha, byS, byBeta] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i += 1) {
      const [count, w] = [x[i]!, weight[i]!];
      const [from, to] = [recency[i]! / WEEK, age[i]! / WEEK];
      const power = r + count;
      const [logFrom, logBetaFrom] = [Math.log(alpha + from), Math.log(beta + from)];
      const [logTo, logBetaTo] = [Math.log(alpha + to), Math.log(beta + to)];
      // Still there: all divided by (α + t_x)^−(r+x) (β + t_x)^−s
      const alive = Math.exp(power * (logFrom - logTo) + s * (logBetaFrom - logBetaTo));
      let gone = 0;
      // Of the two times the smaller is `near`: u is how far its logarithm has grown
      const near = from + (isAlphaLess ? alpha : beta);
      const far = from + (isAlphaLess ? beta : alpha);
      const logFar = isAlphaLess ? logBetaFrom : logFrom;
      const width = widthOf(alpha + from, beta + from, power, s, to - from);
      const fallsNear = isAlphaLess ? power : s;
      const fallsFar = isAlphaLess ? s : power;
      let [goneNear, goneFar, perNear, perFar] = [0, 0, 0, 0];
      for (let node = 0; node < NODES; node += 1) {
        const u = width * RULE.nodes[node]!;
        const atNear = near * Math.exp(u);
        const atFar = far + (atNear - near);
        const grown = Math.log(atFar) - logFar;
        // dy = (near + y) du; one (β + y) goes with the density of leaving
        const part =
          (RULE.weights[node]! * width * Math.exp(-fallsNear * u - fallsFar * grown) * atNear) /
          (isAlphaLess ? atFar : atNear);
        gone += part;
        goneNear -= part * u;
        goneFar -= part * grown;
        perNear -= part / atNear;
        perFar -= part / atFar;
      }
      const [goneR, goneS] = isAlphaLess ? [goneNear, goneFar] : [goneFar, goneNear];
      const [goneAlpha, goneBeta] = isAlphaLess ? [perNear, perFar] : [perFar, perNear];
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

/** How far u goes until the integrand has fallen by e^−40: it falls by at least `power` and `s` beside the quotient of both at first. */
function widthOf(ofAlpha: number, ofBeta: number, power: number, s: number, weeks: number): number {
  const least = Math.min(ofAlpha, ofBeta);
  return Math.min(Math.log1p(weeks / least), FAR / ((power * least) / ofAlpha + (s * least) / ofBeta));
}

/** Chance that a customer has not left. */
export function paretoAlive({ r, alpha, s, beta }: ParetoParameters, { x, recency, age }: Standing): number {
  const power = r + x;
  const [ofAlpha, ofBeta, weeks] = [alpha + recency, beta + recency, age - recency];
  const alive = Math.exp(-power * Math.log1p(weeks / ofAlpha) - s * Math.log1p(weeks / ofBeta));
  const width = widthOf(ofAlpha, ofBeta, power, s, weeks);
  const least = Math.min(ofAlpha, ofBeta);
  let gone = 0;
  for (let node = 0; node < NODES; node += 1) {
    const past = least * Math.expm1(width * RULE.nodes[node]!);
    const fallen = Math.exp(-power * Math.log1p(past / ofAlpha) - s * Math.log1p(past / ofBeta));
    gone += (RULE.weights[node]! * width * fallen * (least + past)) / (ofBeta + past);
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

/** Chance of at least one purchase in the next `weeks` of somebody who is there: ∫ E[λ e^−λy] E[e^−μy] dy, over u as above. */
export function paretoActiveIfThere(
  { r, alpha, s, beta }: ParetoParameters,
  x: number,
  age: number,
  weeks: number,
): number {
  const power = r + x;
  const [ofAlpha, ofBeta] = [alpha + age, beta + age];
  const least = Math.min(ofAlpha, ofBeta);
  const width = widthOf(ofAlpha, ofBeta, power, s, weeks);
  let chance = 0;
  for (let node = 0; node < NODES; node += 1) {
    const past = least * Math.expm1(width * RULE.nodes[node]!);
    const fallen = Math.exp(-power * Math.log1p(past / ofAlpha) - s * Math.log1p(past / ofBeta));
    chance += (RULE.weights[node]! * width * power * fallen * (least + past)) / (ofAlpha + past);
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
  const chances = during(weeks).map((chance) => chance * Math.exp(-s * Math.log1p(weeks / start)));
  const width = Math.min(Math.log1p(weeks / start), FAR / s);
  for (let node = 0; node < NODES; node += 1) {
    const u = width * RULE.nodes[node]!;
    const leaves = RULE.weights[node]! * width * s * Math.exp(-s * u);
    for (const [n, chance] of during(start * Math.expm1(u)).entries()) chances[n]! += leaves * chance;
  }
  return chances;
}
