import { gaussLegendre } from '../numerics/quadrature.ts';
import type { Cells } from '../purchases/cells.ts';
import { type BgParameters, bgActive, bgAlive, bgExpectation, fitBg, type Standing } from './bg-nbd.ts';
import { leavingAfterPurchase, negativeBinomial } from './counts.ts';
import type { Fit } from './fit.ts';
import { fitPareto, type ParetoParameters, paretoActive, paretoAlive, paretoExpectation } from './pareto-nbd.ts';

/** Models of repeat buying without a contract. */
export const REPEAT_MODELS = ['bg-nbd', 'mbg-nbd', 'pareto-nbd'] as const;
export type RepeatModelName = (typeof REPEAT_MODELS)[number];

/** What a fitted model says of one customer. */
export interface RepeatModel {
  readonly name: RepeatModelName;
  readonly fit: Fit<string>;
  /** Chance that the customer has not left. */
  alive(of: Standing): number;
  /** Chance of at least one purchase in the next weeks. */
  active(of: Standing, weeks: number): number;
  /** Purchases to expect in the next weeks. */
  expected(of: Standing, weeks: number): number;
  /** Chance of 0, 1, 2 … purchases in the next weeks; the rest is below 1e-9. */
  counts(of: Standing, weeks: number): readonly number[];
}

/** @throws RangeError where there is nobody to learn from */
export function fitRepeat(name: RepeatModelName, cells: Cells): RepeatModel {
  return name === 'pareto-nbd' ? paretoModel(fitPareto(cells)) : bgModel(name, fitBg(name, cells));
}

function bgModel(name: 'bg-nbd' | 'mbg-nbd', fit: Fit<keyof BgParameters>): RepeatModel {
  const { parameters } = fit;
  const { r, alpha, a, b } = parameters;
  const coins = name === 'bg-nbd' ? 0 : 1;
  const alive = (of: Standing): number => bgAlive(name, parameters, of);
  return {
    name,
    fit,
    alive,
    active: (of, weeks) => bgActive(name, parameters, of, weeks),
    expected: bgExpectation(name, parameters),
    counts: (of, weeks) =>
      leavingAfterPurchase(negativeBinomial(r + of.x, alpha + of.age, weeks), a, b + of.x + coins, alive(of)),
  };
}

const RULE = gaussLegendre(24);

function paretoModel(fit: Fit<keyof ParetoParameters>): RepeatModel {
  const { parameters } = fit;
  const { r, alpha, s, beta } = parameters;
  const counts = (of: Standing, weeks: number): number[] => {
    const [shape, rate, start] = [r + of.x, alpha + of.age, beta + of.age];
    const during = (time: number): number[] => negativeBinomial(shape, rate, time);
    const stays = Math.exp(-s * Math.log1p(weeks / start));
    const alive = paretoAlive(parameters, of);
    const chances = during(weeks).map((chance) => chance * stays * alive);
    // Who leaves after y weeks has bought until then; the density of y, over ln(β + T + y)
    const width = Math.log1p(weeks / start);
    for (const [i, node] of RULE.nodes.entries()) {
      const u = width * node;
      const leaves = RULE.weights[i]! * width * s * Math.exp(-s * u) * alive;
      for (const [n, chance] of during(start * Math.expm1(u)).entries()) chances[n]! += leaves * chance;
    }
    chances[0]! += 1 - alive;
    return chances;
  };
  return {
    name: 'pareto-nbd',
    fit,
    alive: (of) => paretoAlive(parameters, of),
    active: (of, weeks) => paretoActive(parameters, of, weeks),
    expected: (of, weeks) => paretoExpectation(parameters, of, weeks),
    counts,
  };
}
