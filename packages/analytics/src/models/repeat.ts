import type { Cells } from '../purchases/cells.ts';
import type { Standing } from '../purchases/history.ts';
import {
  type BgKind,
  type BgParameters,
  bgActiveIfThere,
  bgAlive,
  bgCountsIfThere,
  bgExpectedIfThere,
  fitBg,
} from './bg-nbd.ts';
import { negativeBinomial } from './counts.ts';
import type { Fit, Parameters } from './fit.ts';
import type { NBD_NAMES } from './nbd.ts';
import {
  fitPareto,
  type ParetoParameters,
  paretoActiveIfThere,
  paretoAlive,
  paretoCountsIfThere,
  paretoExpectedIfThere,
} from './pareto-nbd.ts';

/** Models of repeat buying without a contract. */
export const REPEAT_MODELS = ['bg-nbd', 'mbg-nbd', 'pareto-nbd'] as const;
export type RepeatModelName = (typeof REPEAT_MODELS)[number];

/**
 * The future of a customer who is there: it hangs on the purchases and the age alone, not on when the last one was. So what
 * is dear to compute is the same for all of these.
 */
export interface FutureIfThere {
  /** Chance of at least one purchase in the next weeks. */
  active(x: number, age: number, weeks: number): number;
  /** Purchases to expect in the next weeks. */
  expected(x: number, age: number, weeks: number): number;
  /** Chance of 0, 1, 2 … purchases in the next weeks; the rest is below 1e-9. */
  counts(x: number, age: number, weeks: number): readonly number[];
}

/** What a model says of one customer. */
export interface RepeatOutlook {
  /** Chance that the customer has not left. */
  alive(of: Standing): number;
  readonly ifThere: FutureIfThere;
  /** Chance of at least one purchase in the next weeks. */
  active(of: Standing, weeks: number): number;
  /** Purchases to expect in the next weeks. */
  expected(of: Standing, weeks: number): number;
}

export interface RepeatModel extends RepeatOutlook {
  readonly name: RepeatModelName;
  readonly fit: Fit<string>;
}

/** @throws RangeError where there is nobody to learn from */
export function fitRepeat(name: RepeatModelName, cells: Cells): RepeatModel {
  if (name === 'pareto-nbd') {
    const fit = fitPareto(cells);
    return { name, fit, ...paretoOutlook(fit.parameters) };
  }
  const fit = fitBg(name, cells);
  return { name, fit, ...bgOutlook(name, fit.parameters) };
}

export function bgOutlook(kind: BgKind, parameters: BgParameters): RepeatOutlook {
  return outlook((of) => bgAlive(kind, parameters, of), {
    active: (x, age, weeks) => bgActiveIfThere(parameters, x, age, weeks),
    expected: bgExpectedIfThere(kind, parameters),
    counts: (x, age, weeks) => bgCountsIfThere(kind, parameters, x, age, weeks),
  });
}

export function paretoOutlook(parameters: ParetoParameters): RepeatOutlook {
  return outlook((of) => paretoAlive(parameters, of), {
    active: (x, age, weeks) => paretoActiveIfThere(parameters, x, age, weeks),
    expected: (x, age, weeks) => paretoExpectedIfThere(parameters, x, age, weeks),
    counts: (x, age, weeks) => paretoCountsIfThere(parameters, x, age, weeks),
  });
}

/** Nobody leaves: at a rate that is Gamma(r + x, α + T) purchases go on. */
export function nbdOutlook({ r, alpha }: Parameters<(typeof NBD_NAMES)[number]>): RepeatOutlook {
  return outlook(() => 1, {
    active: (x, age, weeks) => -Math.expm1(-(r + x) * Math.log1p(weeks / (alpha + age))),
    expected: (x, age, weeks) => ((r + x) / (alpha + age)) * weeks,
    counts: (x, age, weeks) => negativeBinomial(r + x, alpha + age, weeks),
  });
}

/** What a model says under parameters that were fitted before; `nbd` is what the others become where nobody leaves. */
export function outlookOf(name: RepeatModelName | 'nbd', parameters: Readonly<Record<string, number>>): RepeatOutlook {
  if (name === 'nbd') return nbdOutlook(parameters as Parameters<(typeof NBD_NAMES)[number]>);
  return name === 'pareto-nbd'
    ? paretoOutlook(parameters as ParetoParameters)
    : bgOutlook(name, parameters as BgParameters);
}

function outlook(alive: RepeatOutlook['alive'], ifThere: FutureIfThere): RepeatOutlook {
  return {
    alive,
    ifThere,
    active: (of, weeks) => alive(of) * ifThere.active(of.x, of.age, weeks),
    expected: (of, weeks) => alive(of) * ifThere.expected(of.x, of.age, weeks),
  };
}
