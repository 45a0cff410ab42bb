import type { BuyingDays } from '../purchases/buying-days.ts';
import { WEEK } from '../purchases/cells.ts';
import type { Standing } from '../purchases/history.ts';
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
  return { models: remembering(modelOutputsOf(parameters), horizonDays / WEEK), usualGap };
}

const DAYS = 2 ** 17;

/** What models say of one history, asked for once. */
interface Said {
  readonly modified: number;
  readonly pareto: number;
  readonly staying: number;
  readonly expected: number;
}

/** Asks once for each history; they are asked for one horizon only. */
function remembering({ modified, pareto, staying, expected }: ModelOutputs, horizon: number): ModelOutputs {
  const known = new Map<number, Said>();
  let last: { readonly key: number; readonly said: Said } | null = null;
  const say = (of: Standing): Said => {
    const [left, died] = [modified(of, horizon), pareto(of, horizon)];
    return { modified: left, pareto: died, staying: staying(of, horizon), expected: expected(of, horizon) };
  };
  const saidOf = (of: Standing, weeks: number): Said => {
    if (weeks !== horizon) throw new RangeError(`asked for ${weeks} weeks, not ${horizon}`);
    const key = (of.x * DAYS + Math.round(of.recency * WEEK)) * DAYS + Math.round(of.age * WEEK);
    if (last?.key === key) return last.said; // a customer's features are asked for one after the other
    const said = known.get(key) ?? say(of);
    known.set(key, said);
    last = { key, said };
    return said;
  };
  return {
    modified: (of, weeks) => saidOf(of, weeks).modified,
    pareto: (of, weeks) => saidOf(of, weeks).pareto,
    staying: (of, weeks) => saidOf(of, weeks).staying,
    expected: (of, weeks) => saidOf(of, weeks).expected,
  };
}
