import { Memory } from '../numerics/memory.ts';
import type { BuyingDays } from '../purchases/buying-days.ts';
import { WEEK } from '../purchases/cells.ts';
import { keyOf, type Standing } from '../purchases/history.ts';
import type { ChurnModel } from './churn.ts';
import { chancesOf, type Learned } from './learn.ts';
import { type ModelOutputs, type OutputModels, outputModelsOf } from './model-outputs.ts';
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
  const sidesOf = createSides(learned, readyGround(ground, horizonDays), horizonDays);
  const usual = CHURN_SIDES.map(() => 0);
  for (const row of now.bought.keys())
    for (const [at, one] of sidesOf(now, row).entries()) usual[at]! += one / now.bought.length;
  return { horizonDays, learned, ground, usual };
}

/** @returns scores the customers of any buying days as of the end of a day; what equal histories share is computed once for all of these */
export function createChurnScores(fit: ChurnFit): (days: BuyingDays, day: number) => ChurnScores {
  const ground = readyGround(fit.ground, fit.horizonDays);
  const sidesOf = createSides(fit.learned, ground, fit.horizonDays);
  return (days, day) => {
    const now = snapshotOf(days, { day, horizonDays: fit.horizonDays }, () => ground);
    const { customer, since, overdue, x, age } = now;
    return {
      ...{ customer, since, overdue, x, age, chances: chancesOf(fit.learned, now) },
      reason(row) {
        const sides = sidesOf(now, row);
        const apart = (at: number): number => sides[at]! - fit.usual[at]!;
        let most = 0;
        for (let at = 1; at < sides.length; at += 1) if (Math.abs(apart(at)) > Math.abs(apart(most))) most = at;
        return { side: CHURN_SIDES[most]!, effect: fit.learned.stretch * apart(most) };
      },
    };
  };
}

function readyGround({ usualGap, ...parameters }: GroundParameters, horizonDays: number): Ground {
  return { models: remembering(outputModelsOf(parameters), horizonDays / WEEK), usualGap };
}

/** Asks once for each history, and for what hangs on count and age alone once for these; they are asked for one horizon only. */
function remembering({ modified, pareto, staying }: OutputModels, horizon: number): ModelOutputs {
  const [known, ifThere] = [new Memory(4), new Memory(4)];
  let [last, place] = [-1, 0];
  const there = (of: Standing): number => {
    const key = keyOf(of.x, 0, of.age);
    const found = ifThere.find(key);
    if (found >= 0) return found;
    const active = [modified, pareto, staying].map((model) => model.ifThere.active(of.x, of.age, horizon));
    return ifThere.add(key, [...active, pareto.ifThere.expected(of.x, of.age, horizon)]);
  };
  const say = (of: Standing, key: number): number => {
    const [from, { values }] = [there(of), ifThere];
    const [left, died, stays] = [modified.alive(of), pareto.alive(of), staying.alive(of)];
    const expected = died * values[from + 3]!;
    return known.add(key, [left * values[from]!, died * values[from + 1]!, stays * values[from + 2]!, expected]);
  };
  const ask = (of: Standing, weeks: number, which: number): number => {
    if (weeks !== horizon) throw new RangeError(`asked for ${weeks} weeks, not ${horizon}`);
    const key = keyOf(of.x, of.recency, of.age);
    if (last !== key) {
      place = known.find(key);
      if (place < 0) place = say(of, key);
      last = key; // a customer's features are asked for one after the other
    }
    return known.values[place + which]!;
  };
  return {
    modified: (of, weeks) => ask(of, weeks, 0),
    pareto: (of, weeks) => ask(of, weeks, 1),
    staying: (of, weeks) => ask(of, weeks, 2),
    expected: (of, weeks) => ask(of, weeks, 3),
  };
}
