import { expectedSpend, type GammaGammaParameters } from '../models/gamma-gamma.ts';
import type { RepeatOutlook } from '../models/repeat.ts';
import { type CustomerHistories, keyOf, type Standing, standingOf } from '../purchases/history.ts';
import { createSpendIfAny, discountedShare, spendQuantile } from './lifetime.ts';

/** What a customer will bring within a horizon. */
export interface Prediction {
  readonly expectedPurchases: number;
  readonly pAlive: number;
  readonly pActive: number;
  /** In the money of the purchases: of one purchase, of all discounted, and the quantiles of 10, 50 and 90 % of these. null where no values are known. */
  readonly money: { readonly spend: number; readonly clv: number; readonly quantiles: readonly number[] } | null;
}

export interface PredictorOptions {
  readonly weeks: number;
  /** Discount rate of a year. */
  readonly discount: number;
  /** Of Gamma-Gamma; null where no values are known. */
  readonly spend: GammaGammaParameters | null;
}

/** What a horizon holds for all whose history is alike, whatever they paid. */
export interface Outcome {
  readonly expectedPurchases: number;
  readonly pActive: number;
  /** What is left of a unit of money within the horizon when it is discounted. */
  readonly share: number;
  /** Quantiles of 10, 50 and 90 % of what is brought, before it is discounted, in units of the customer's scale v + x·mean; none where no values are known. */
  readonly quantiles: readonly number[];
}

const LEVELS = [0.1, 0.5, 0.9];

/**
 * What a horizon holds for customers of one history. What hangs on count and age alone is asked for once.
 * @returns asks for a history, its chance of being alive and of how many purchases the values are known
 */
export function createOutcomes(
  { ifThere }: RepeatOutlook,
  { weeks, discount, spend }: PredictorOptions,
): (of: Standing, alive: number, spent: number) => Outcome {
  const futureOf = remembered((x: number, age: number) => ({
    active: ifThere.active(x, age, weeks),
    expected: ifThere.expected(x, age, weeks),
    share: discountedShare((until) => ifThere.expected(x, age, until), weeks, discount),
  }));
  const ifAnyOf = nearInAge((x, age, spent) => createSpendIfAny(ifThere.counts(x, age, weeks), spend!, spent));
  return (of, alive, spent) => {
    const { expected, active, share } = futureOf(keyOf(of.x, 0, of.age), of.x, of.age);
    const said = { expectedPurchases: alive * expected, pActive: alive * active, share };
    if (spend === null) return { ...said, quantiles: [] };
    const quantile = spendQuantile(ifAnyOf(of.x, of.age, spent), 1 - active);
    return { ...said, quantiles: LEVELS.map((level) => quantile(alive, level)) };
  };
}

/** Of how many purchases a customer's mean tells: who paid nothing tells nothing of what a purchase brings. */
export const spentOf = (x: number, mean: number): number => (mean > 0 ? x : 0);

/**
 * What a customer will bring within the horizon.
 * @returns asks for a row of histories; `alive` spares the question where it was asked before
 */
export function createPredictor(
  model: RepeatOutlook,
  options: PredictorOptions,
): (histories: CustomerHistories, row: number, alive?: number) => Prediction {
  const outcomeOf = createOutcomes(model, options);
  const { spend } = options;
  return (histories, row, known) => {
    const of = standingOf(histories, row);
    const pAlive = known ?? model.alive(of);
    const mean = histories.spend[row]!;
    const spent = spentOf(of.x, mean);
    const { expectedPurchases, pActive, share, quantiles } = outcomeOf(of, pAlive, spent);
    const said = { expectedPurchases, pAlive, pActive };
    if (spend === null) return { ...said, money: null };
    const each = expectedSpend(spend, spent, mean);
    const scale = (spend.v + spent * mean) * share;
    const clv = expectedPurchases * each * share;
    return { ...said, money: { spend: each, clv, quantiles: quantiles.map((one) => scale * one) } };
  };
}

/** Quantiles of a logarithm. */
type LogQuantile = (level: number) => number;

/** Ages that quantiles are laid out at: so far apart in the logarithm of age + some weeks. */
const AGES = { apart: 0.05, weeks: 4, most: 2 ** 12 };

/**
 * Lays quantiles out at some ages only, and draws a line between the two that an age lies between: who buys at all brings nearly the
 * same at 100 weeks as at 103. It is off by some 1e-4, and what takes a millisecond is asked for once for hundreds of ages.
 */
function nearInAge(
  of: (x: number, age: number, spent: number) => LogQuantile,
): (x: number, age: number, spent: number) => LogQuantile {
  const laidOut = remembered((x: number, step: number, spent: number) =>
    of(x, AGES.weeks * Math.expm1(step * AGES.apart), spent),
  );
  return (x, age, spent) => {
    const place = Math.log1p(age / AGES.weeks) / AGES.apart;
    const step = Math.floor(place);
    const at = (of: number): LogQuantile => laidOut(2 * (x * AGES.most + of) + (spent > 0 ? 1 : 0), x, of, spent);
    const [younger, older, share] = [at(step), at(step + 1), place - step];
    return (level) => (1 - share) * younger(level) + share * older(level);
  };
}

/** A function that is asked once for each key. */
function remembered<Args extends readonly unknown[], T>(of: (...args: Args) => T): (key: number, ...args: Args) => T {
  const known = new Map<number, T>();
  return (key, ...args) => {
    const found = known.get(key) ?? of(...args);
    known.set(key, found);
    return found;
  };
}
