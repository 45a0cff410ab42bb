import {
  type CustomerHistories,
  createOutcomes,
  expectedSpend,
  keyOf,
  Memory,
  outlookOf,
  spentOf,
  standingOf,
} from '@kenal/analytics';
import type { RepeatBasis, Scores, SpendBasis } from './score-part.ts';

/** Months that values are foretold for. */
export const MONTHS = [3, 6, 12, 36] as const;
const WEEKS_A_MONTH = 365.25 / 12 / 7;
/** What money is worth less in a year. */
const DISCOUNT = 0.1;

const NO_QUANTILES = [0, 0, 0];

type Filled = Pick<Scores, 'pAlive' | 'pActive' | 'spend' | 'purchases' | 'clv' | 'p10' | 'p50' | 'p90'>;

/**
 * What a model of repeat buying, and one of spend, foretell. Customers of equal histories differ in what they paid alone: the rest is asked for
 * once, however many customers and parts there are.
 * @returns writes a row of scores from a row of histories
 */
export function createOutlook(
  { model, parameters }: RepeatBasis,
  basis: SpendBasis | null,
  horizonDays: number,
): (histories: CustomerHistories, at: number, into: Filled, row: number) => void {
  const outlook = outlookOf(model, parameters);
  const spend = basis?.parameters ?? null;
  const outcomes = MONTHS.map((months) =>
    createOutcomes(outlook, { weeks: months * WEEKS_A_MONTH, discount: DISCOUNT, spend }),
  );
  const memory = new Memory(2 + 5 * MONTHS.length);
  const placeOf = (histories: CustomerHistories, at: number, spent: number): number => {
    const of = standingOf(histories, at);
    const key = 2 * keyOf(of.x, of.recency, of.age) + (spent > 0 ? 1 : 0);
    const known = memory.find(key);
    if (known >= 0) return known;
    const alive = outlook.alive(of);
    const told = outcomes.flatMap((outcomeOf) => {
      const { expectedPurchases, share, quantiles } = outcomeOf(of, alive, spent);
      return [expectedPurchases, share, ...(spend === null ? NO_QUANTILES : quantiles)];
    });
    return memory.add(key, [alive, alive * outlook.ifThere.active(of.x, of.age, horizonDays / 7), ...told]);
  };
  return (histories, at, into, row) => {
    const mean = histories.spend[at]!;
    const spent = spentOf(histories.x[at]!, mean);
    const place = placeOf(histories, at, spent);
    const { values } = memory;
    const each = spend === null ? Number.NaN : expectedSpend(spend, spent, mean);
    const scale = spend === null ? Number.NaN : spend.v + spent * mean;
    into.pAlive[row] = values[place]!;
    into.pActive[row] = values[place + 1]!;
    into.spend[row] = each;
    for (let month = 0; month < MONTHS.length; month += 1) {
      const [from, to] = [place + 2 + 5 * month, row * MONTHS.length + month];
      const share = values[from + 1]!;
      into.purchases[to] = values[from]!;
      into.clv[to] = values[from]! * each * share;
      into.p10[to] = scale * share * values[from + 2]!;
      into.p50[to] = scale * share * values[from + 3]!;
      into.p90[to] = scale * share * values[from + 4]!;
    }
  };
}
