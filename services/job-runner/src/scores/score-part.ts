import { createChurnScores, type GammaGammaParameters, historiesOf } from '@kenal/analytics';
import { type BuyingPart, daysOfCustomers, daysOfRows } from './buying-part.ts';
import type { KeptChurn } from './fit-churn.ts';
import type { FittedRepeat } from './fit-repeat.ts';
import { createOutlook, MONTHS } from './outlook.ts';
import { reasonOf } from './reason.ts';

/** Churn from which on a customer is in a band. */
const BANDS = [
  { from: 0.9, name: 'lost' },
  { from: 0.6, name: 'high' },
  { from: 0.3, name: 'medium' },
  { from: 0, name: 'low' },
] as const;
const YEAR_DAYS = 365;

/** What customers are scored by: fits that were kept, and the day. */
export interface ScoreBasis {
  /** Last day that counts, in days since 1970-01-01. */
  readonly asOf: number;
  readonly horizonDays: number;
  /** By currency. */
  readonly repeat: Readonly<Record<string, RepeatBasis>>;
  readonly spend: Readonly<Record<string, SpendBasis>>;
  readonly churn: (KeptChurn & { readonly fitId: string }) | null;
}

export interface RepeatBasis {
  readonly fitId: string;
  readonly model: FittedRepeat['name'];
  readonly parameters: Readonly<Record<string, number>>;
}

export interface SpendBasis {
  readonly fitId: string;
  readonly parameters: GammaGammaParameters;
}

/**
 * Rows of `kenal.score_rows`, but for what is the same for a whole run: parallel columns, a row for each of the part, for millions of objects
 * cost more than what they tell. NaN: nothing is said.
 */
export interface Scores {
  readonly part: BuyingPart;
  readonly pAlive: Float64Array;
  readonly pActive: Float64Array;
  /** Of one purchase. */
  readonly spend: Float64Array;
  /** Of {@link MONTHS}, side by side; so are those that follow. */
  readonly purchases: Float64Array;
  readonly clv: Float64Array;
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
  readonly churn: Float64Array;
  readonly band: readonly string[];
  readonly reason: readonly string[];
  /** Log-odds of churn. */
  readonly effect: Float64Array;
  readonly overdue: Float64Array;
  readonly valueAtRisk: Float64Array;
  /** What the rows were scored by; empty: by nothing. A row without a fit of repeat buying or churn says nothing at all: no purchases any more, or too little is known. */
  readonly repeatFit: readonly string[];
  readonly spendFit: readonly string[];
  readonly churnFit: readonly string[];
}

type Filled<T> = { -readonly [K in keyof T]: T[K] extends readonly string[] ? string[] : T[K] };

/** @returns scores a part of the customers; what equal histories share is computed once for all parts */
export function createScorer(basis: ScoreBasis): (part: BuyingPart) => Scores {
  const outlooks = new Map(
    Object.entries(basis.repeat).map(([currency, repeat]) => {
      return [currency, createOutlook(repeat, basis.spend[currency] ?? null, basis.horizonDays)];
    }),
  );
  const addChurn = createChurn(basis);
  return (part) => {
    const scores = nothingSaid(part);
    const { days, rows } = daysOfRows(part);
    const histories = historiesOf(days, basis.asOf);
    for (const [at, customer] of histories.customer.entries()) {
      const row = rows[customer]!;
      const currency = part.currencies[row]!;
      const outlook = outlooks.get(currency);
      if (outlook === undefined) continue;
      outlook(histories, at, scores, row);
      scores.repeatFit[row] = basis.repeat[currency]!.fitId;
      scores.spendFit[row] = basis.spend[currency]?.fitId ?? '';
    }
    addChurn(scores);
    return scores;
  };
}

function nothingSaid(part: BuyingPart): Filled<Scores> {
  const numbers = (each = 1): Float64Array => new Float64Array(each * part.profiles.length).fill(Number.NaN);
  const words = (): string[] => new Array<string>(part.profiles.length).fill('');
  const months = (): Float64Array => numbers(MONTHS.length);
  return {
    ...{ part, pAlive: numbers(), pActive: numbers(), spend: numbers() },
    ...{ purchases: months(), clv: months(), p10: months(), p50: months(), p90: months() },
    ...{ churn: numbers(), band: words(), reason: words(), effect: numbers(), overdue: numbers() },
    ...{ valueAtRisk: numbers(), repeatFit: words(), spendFit: words(), churnFit: words() },
  };
}

function createChurn({ churn, asOf }: ScoreBasis): (scores: Filled<Scores>) => void {
  if (churn === null) return () => undefined;
  const score = createChurnScores(churn.fit);
  return (scores) => {
    const { part } = scores;
    const days = daysOfCustomers(part, churn.medians);
    const told = score(days, asOf);
    const places = new Map(Array.from(told.customer, (customer, at) => [days.customers[customer]!, at]));
    for (const [row, profile] of part.profiles.entries()) {
      const at = places.get(profile);
      if (at === undefined) continue;
      const chance = 1 - told.chances[at]!;
      const { words, effect } = reasonOf(told, at);
      scores.churn[row] = chance;
      scores.reason[row] = words;
      scores.effect[row] = -effect;
      scores.band[row] = BANDS.find(({ from }) => chance >= from)!.name;
      scores.overdue[row] = told.overdue[at]!;
      scores.valueAtRisk[row] = chance * lastYearOf(part, row, asOf);
      scores.churnFit[row] = churn.fitId;
    }
  };
}

/** What the last 365 days brought, less what came back in them; never below 0. */
function lastYearOf({ starts, day, gross, returned }: BuyingPart, row: number, asOf: number): number {
  const isOfYear = (one: number): boolean => one <= asOf && one > asOf - YEAR_DAYS;
  let sum = 0;
  for (let at = starts[row]!; at < starts[row + 1]!; at += 1) if (isOfYear(day[at]!)) sum += gross[at]!;
  const { days, amounts } = returned[row]!;
  for (const [at, one] of days.entries()) if (isOfYear(one)) sum -= amounts[at]!;
  return Math.max(0, sum);
}
