import { Memory } from '../numerics/memory.ts';
import { WEEK } from '../purchases/cells.ts';
import { keyOf, type Standing } from '../purchases/history.ts';
import type { Learned } from './learn.ts';
import { logit } from './quality.ts';
import { CHURN_FEATURES, type Ground, type Snapshot } from './snapshot.ts';

/** Sides that a customer is judged by. */
export const CHURN_SIDES = ['recency', 'frequency', 'value', 'breadth', 'season', 'age'] as const;
export type ChurnSide = (typeof CHURN_SIDES)[number];

const [RECENCY, FREQUENCY] = [CHURN_SIDES.indexOf('recency'), CHURN_SIDES.indexOf('frequency')];

/** What models of repeat buying say is of both recency and frequency: see `createSides`. `horizon` is alike for all. */
const SIDE_OF: Readonly<Record<string, ChurnSide>> = {
  ...{ since: 'recency', sinceRoot: 'recency', sinceShare: 'recency', sinceByHorizon: 'recency' },
  ...{ recentByHorizon: 'recency', recentDays: 'recency', month: 'recency', quarter: 'recency', overdue: 'recency' },
  ...{ repeats: 'frequency', once: 'frequency', pace: 'frequency', gap: 'frequency', variation: 'frequency' },
  ...{ recentValue: 'value', lastingValue: 'value', value: 'value', meanValue: 'value' },
  ...{ lines: 'breadth', meanLines: 'breadth', lastLines: 'breadth', pieces: 'breadth' },
  ...{ yearAgo: 'season', age: 'age' },
};

/**
 * What each side adds to a customer's log-odds of a purchase: the sum of coefficient × feature over its features. Of what models
 * of repeat buying say, frequency adds what they would say had the customer bought today, and recency the difference to what they
 * do say; who bought once has frequency only.
 * @returns asks for a row of a snapshot; in the order of {@link CHURN_SIDES}
 */
export function createSides(
  { regression }: Learned,
  { models }: Ground,
  horizonDays: number,
): (now: Snapshot, row: number) => number[] {
  const weeks = horizonDays / WEEK;
  const of = (name: string): number => regression.coefficients[CHURN_FEATURES.indexOf(name)]!;
  const own = CHURN_FEATURES.flatMap((name, feature) =>
    SIDE_OF[name] === undefined ? [] : [{ feature, coefficient: of(name), side: CHURN_SIDES.indexOf(SIDE_OF[name]) }],
  );
  const [modified, pareto, staying, expected] = [
    ...['activeModified', 'activePareto', 'activeStaying'].map((name) => of(name) + 1 / 3),
    of('expected'),
  ] as [number, number, number, number];
  const known = new Memory(1);
  const say = (standing: Standing): number =>
    modified * logit(models.modified(standing, weeks)) +
    pareto * logit(models.pareto(standing, weeks)) +
    staying * logit(models.staying(standing, weeks)) +
    expected * Math.log(models.expected(standing, weeks) + 1e-6);
  const said = (x: number, recency: number, age: number): number => {
    const key = keyOf(x, recency, age);
    const found = known.find(key);
    if (found >= 0) return known.values[found]!;
    const told = say({ x, recency, age });
    known.add(key, [told]);
    return told;
  };
  return (now, row) => {
    const sides = CHURN_SIDES.map(() => 0);
    for (const { feature, coefficient, side } of own) sides[side]! += coefficient * now.features[feature]![row]!;
    const [x, age] = [now.x[row]!, now.age[row]! / WEEK];
    const recency = (now.age[row]! - now.since[row]!) / WEEK;
    const today = said(x, x === 0 ? 0 : age, age);
    sides[RECENCY]! += said(x, recency, age) - today;
    sides[FREQUENCY]! += today;
    return sides;
  };
}
