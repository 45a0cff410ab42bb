import type { BuyingDays } from '../purchases/buying-days.ts';
import type { ChurnModel } from './churn.ts';
import { chancesOf, type Learned } from './learn.ts';
import { type ModelOutputs, modelOutputsOf } from './model-outputs.ts';
import { CHURN_SIDES, type ChurnSide, createSides } from './sides.ts';
import { type Ground, type GroundParameters, snapshotOf } from './snapshot.ts';

/** A churn model as numbers that can be kept: it tells of customers who were not learned from, and of later days. */
export interface ChurnFit {
  readonly horizonDays: number;
  readonly learned: Learned;
  readonly ground: GroundParameters;
  /** Mean over customers of what each side adds to the log-odds of a purchase, in the order of {@link CHURN_SIDES}. */
  readonly usual: readonly number[];
}

/** What sets a customer's chance apart most from that of all. */
export interface ChurnReason {
  readonly side: ChurnSide;
  /** Log-odds of a purchase; below 0: likelier to stay away. */
  readonly effect: number;
}

/** Customers who had begun by the day: parallel columns. */
export interface ChurnScores {
  /** Index of the customer in the buying days. */
  readonly customer: Int32Array;
  /** Chance of a purchase within the horizon. */
  readonly chances: Float64Array;
  /** Days since the last purchase. */
  readonly since: Float64Array;
  /** Days since the last purchase over the own gap, drawn to that of all. */
  readonly overdue: Float64Array;
  /** Buying days after the first. */
  readonly x: Int32Array;
  /** Days since the first. */
  readonly age: Int32Array;
  reason(row: number): ChurnReason;
}

/** @returns null where nothing was learned */
export function churnFitOf({ now, learned, ground }: ChurnModel): ChurnFit | null {
  if (learned === null) return null;
  const { horizonDays } = now.origin;
  const sidesOf = createSides(learned, readyGround(ground, horizonDays), now);
  const usual = CHURN_SIDES.map(() => 0);
  for (const row of now.bought.keys())
    for (const [at, one] of sidesOf(row).entries()) usual[at]! += one / now.bought.length;
  return { horizonDays, learned, ground, usual };
}

/** @returns scores the customers of any buying days as of the end of a day; what equal histories share is computed once for all of these */
export function createChurnScores(fit: ChurnFit): (days: BuyingDays, day: number) => ChurnScores {
  const ground = readyGround(fit.ground, fit.horizonDays);
  return (days, day) => {
    const now = snapshotOf(days, { day, horizonDays: fit.horizonDays }, () => ground);
    const sidesOf = createSides(fit.learned, ground, now);
    const { customer, since, overdue, x, age } = now;
    return {
      ...{ customer, since, overdue, x, age, chances: chancesOf(fit.learned, now) },
      reason(row) {
        const apart = sidesOf(row).map((one, at) => one - fit.usual[at]!);
        const most = apart.reduce((best, one, at) => (Math.abs(one) > Math.abs(apart[best]!) ? at : best), 0);
        return { side: CHURN_SIDES[most]!, effect: fit.learned.stretch * apart[most]! };
      },
    };
  };
}

function readyGround({ usualGap, ...parameters }: GroundParameters, horizonDays: number): Ground {
  return { models: remembering(modelOutputsOf(parameters), horizonDays / 7), usualGap };
}

type Output = ModelOutputs[keyof ModelOutputs];
const DAYS = 2 ** 17;

/** Asks once for each history; they are asked for one horizon only. */
function remembering({ modified, pareto, staying, expected }: ModelOutputs, horizon: number): ModelOutputs {
  const remembered = (of: Output): Output => {
    const known = new Map<number, number>();
    return (standing, weeks) => {
      if (weeks !== horizon) throw new RangeError(`asked for ${weeks} weeks, not ${horizon}`);
      const { x, recency, age } = standing;
      const key = (x * DAYS + Math.round(recency * 7)) * DAYS + Math.round(age * 7);
      const found = known.get(key) ?? of(standing, weeks);
      known.set(key, found);
      return found;
    };
  };
  return {
    ...{ modified: remembered(modified), pareto: remembered(pareto) },
    ...{ staying: remembered(staying), expected: remembered(expected) },
  };
}
