import {
  type CustomerHistories,
  createChurnScores,
  createPredictor,
  type GammaGammaParameters,
  historiesOf,
  outlookOf,
  standingOf,
} from '@kenal/analytics';
import { type BuyingPart, daysOfCustomers, daysOfRows } from './buying-part.ts';
import type { KeptChurn } from './fit-churn.ts';
import type { FittedRepeat } from './fit-repeat.ts';
import { reasonOf } from './reason.ts';

/** Months that values are foretold for. */
const MONTHS = [3, 6, 12, 36] as const;
const WEEKS_A_MONTH = 365.25 / 12 / 7;
/** What money is worth less in a year. */
const DISCOUNT = 0.1;
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

/** A row of `kenal.score_rows`, but for what is the same for a whole run. */
export interface Score {
  readonly profile: string;
  readonly currency: string;
  readonly pAlive: number | null;
  readonly pActive: number | null;
  /** One for each of {@link MONTHS}; none where there is no model. */
  readonly purchases: readonly number[];
  readonly spend: number | null;
  readonly clv: readonly number[];
  /** Quantiles of 10, 50 and 90 %, by month. */
  readonly quantiles: readonly [readonly number[], readonly number[], readonly number[]];
  readonly churn: ChurnScore | null;
  readonly valueAtRisk: number | null;
  readonly products: number;
  readonly repeatFit: string;
  readonly spendFit: string;
  readonly churnFit: string;
  readonly hash: bigint;
  /** Whether nothing is to be said: the customer has no purchases any more, or too little is known. */
  readonly isHidden: boolean;
}

interface ChurnScore {
  readonly chance: number;
  readonly band: string;
  readonly reason: string;
  /** Log-odds of churn. */
  readonly effect: number;
  readonly overdue: number;
}

/** @returns scores a part of the customers; what equal histories share is computed once for all parts */
export function createScorer(basis: ScoreBasis): (part: BuyingPart) => Score[] {
  const outlooks = new Map<string, ReturnType<typeof createOutlook>>();
  for (const currency of Object.keys(basis.repeat)) outlooks.set(currency, createOutlook(basis, currency));
  const churnOf = createChurnOf(basis);
  return (part) => {
    const churn = churnOf(part);
    const { days, rows } = daysOfRows(part);
    const histories = historiesOf(days, basis.asOf);
    const rowOf = new Map(Array.from(histories.customer, (customer, at) => [rows[customer]!, at]));
    return part.profiles.map((profile, row): Score => {
      const at = rowOf.get(row);
      const currency = part.currencies[row]!;
      const outlook = at === undefined ? undefined : outlooks.get(currency)?.(histories, at);
      const own = churn.get(profile) ?? null;
      return {
        ...{ profile, currency, ...(outlook ?? NO_OUTLOOK), churn: own },
        valueAtRisk: own === null ? null : own.chance * lastYearOf(part, row, basis.asOf),
        products: part.products[row]!,
        churnFit: own === null ? '' : basis.churn!.fitId,
        hash: part.hashes[row]!,
        isHidden: outlook === undefined && own === null,
      };
    });
  };
}

type Outlook = Pick<
  Score,
  'pAlive' | 'pActive' | 'purchases' | 'spend' | 'clv' | 'quantiles' | 'repeatFit' | 'spendFit'
>;
const NO_OUTLOOK: Outlook = {
  ...{ pAlive: null, pActive: null, purchases: [], spend: null, clv: [], quantiles: [[], [], []] },
  ...{ repeatFit: '', spendFit: '' },
};

function createOutlook({ repeat, spend: spends, horizonDays }: ScoreBasis, currency: string) {
  const { model, parameters, fitId } = repeat[currency]!;
  const outlook = outlookOf(model, parameters);
  const spend = spends[currency] ?? null;
  const options = { discount: DISCOUNT, spend: spend?.parameters ?? null };
  const predictors = MONTHS.map((months) => createPredictor(outlook, { ...options, weeks: months * WEEKS_A_MONTH }));
  return (histories: CustomerHistories, row: number): Outlook => {
    const of = standingOf(histories, row);
    const alive = outlook.alive(of);
    const told = predictors.map((predict) => predict(histories, row, alive));
    const money = told.flatMap((one) => one.money ?? []);
    const quantile = (at: number): number[] => money.map(({ quantiles }) => quantiles[at]!);
    return {
      pAlive: alive,
      pActive: alive * outlook.ifThere.active(of.x, of.age, horizonDays / 7),
      purchases: told.map(({ expectedPurchases }) => expectedPurchases),
      spend: money[0]?.spend ?? null,
      clv: money.map(({ clv }) => clv),
      quantiles: [quantile(0), quantile(1), quantile(2)],
      ...{ repeatFit: fitId, spendFit: spend?.fitId ?? '' },
    };
  };
}

function createChurnOf({ churn, asOf }: ScoreBasis): (part: BuyingPart) => ReadonlyMap<string, ChurnScore> {
  if (churn === null) return () => new Map();
  const score = createChurnScores(churn.fit);
  return (part) => {
    const days = daysOfCustomers(part, churn.medians);
    const scores = score(days, asOf);
    const found = new Map<string, ChurnScore>();
    for (const [row, customer] of scores.customer.entries()) {
      const chance = 1 - scores.chances[row]!;
      const { words, effect } = reasonOf(scores, row);
      const band = BANDS.find(({ from }) => chance >= from)!.name;
      found.set(days.customers[customer]!, {
        ...{ chance, band, reason: words, effect: -effect, overdue: scores.overdue[row]! },
      });
    }
    return found;
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
