import {
  type BuyingDays,
  type ChurnFit,
  createBuyingDays,
  createChurnScores,
  createPredictor,
  type GammaGammaParameters,
  historiesOf,
  outlookOf,
  type RepeatModelName,
} from '@kenal/analytics';
import type { Bought } from './market.ts';

/** What every customer has bought, by today's profile. */
export type Ledger = ReadonlyMap<string, readonly Bought[]>;

/** Fits as the registry shows them. */
export interface Fits {
  readonly repeat: Readonly<
    Record<string, { readonly model: RepeatModelName; readonly parameters: Record<string, number> }>
  >;
  readonly spend: Readonly<Record<string, GammaGammaParameters>>;
  /** With the median day of each currency. */
  readonly churn: { readonly fit: ChurnFit; readonly medians: Readonly<Record<string, number>> };
}

export interface ToldScore {
  readonly profile: string;
  readonly currency: string;
  readonly p_alive: number | null;
  readonly clv: number | null;
  readonly p90: number | null;
  readonly purchases: number | null;
  readonly churn: number | null;
  readonly at_risk: number | null;
  readonly products: number;
}

const MONTH = 365.25 / 12 / 7;

/** Scores of everybody, one by one, from the purchases themselves. */
export function scoresOf(ledger: Ledger, fits: Fits, asOf: number): ToldScore[] {
  const churn = churnOf(ledger, fits.churn, asOf);
  const told: ToldScore[] = [];
  for (const currency of new Set([...ledger.values()].flat().map((one) => one.currency))) {
    const days = daysOf(
      ledger,
      ({ currency: own }) => own === currency,
      (one) => [one.gross, 1],
    );
    const histories = historiesOf(days, asOf);
    const fit = fits.repeat[currency];
    const outlook = fit === undefined ? null : outlookOf(fit.model, fit.parameters);
    const spend = fits.spend[currency] ?? null;
    const predict = outlook === null ? null : createPredictor(outlook, { weeks: 12 * MONTH, discount: 0.1, spend });
    for (const [row, customer] of histories.customer.entries()) {
      const profile = days.customers[customer]!;
      const bought = ledger.get(profile)!;
      const lastYear = bought
        .filter((one) => one.currency === currency && one.day > asOf - 365)
        .reduce((sum, one) => sum + one.gross, 0);
      const back = bought
        .filter((one) => one.currency === currency && one.returnedOn !== undefined && one.returnedOn > asOf - 365)
        .reduce((sum, one) => sum + one.gross, 0);
      const said = predict?.(histories, row) ?? null;
      const chance = churn.get(profile) ?? null;
      told.push({
        ...{ profile, currency, p_alive: said?.pAlive ?? null, purchases: said?.expectedPurchases ?? null },
        ...{ clv: said?.money?.clv ?? null, p90: said?.money?.quantiles[2] ?? null, churn: chance },
        at_risk: chance === null ? null : chance * Math.max(0, lastYear - back),
        products: new Set(bought.filter(({ returnedOn }) => returnedOn === undefined).map(({ item }) => item)).size,
      });
    }
  }
  const keyOf = ({ profile, currency }: ToldScore): string => `${profile} ${currency}`;
  return told.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Chance of staying away by customer, a day counting in hundredths of the median day of its currency. */
function churnOf(ledger: Ledger, { fit, medians }: Fits['churn'], asOf: number): Map<string, number> {
  const days = daysOf(
    ledger,
    () => true,
    (one) => [(100 * one.gross) / medians[one.currency]!, 1],
  );
  const { customer, chances } = createChurnScores(fit)(days, asOf);
  return new Map(Array.from(customer, (one, row) => [days.customers[one]!, 1 - chances[row]!]));
}

/** Median of what was paid on a day, by currency. */
export function mediansOf(ledger: Ledger): Record<string, number> {
  const byCurrency = Map.groupBy([...ledger].flatMap(dailyOf), ({ currency }) => currency);
  return Object.fromEntries(
    Array.from(byCurrency, ([currency, all]) => {
      const sorted = all.map(({ gross }) => gross).sort((one, other) => one - other);
      return [currency, sorted[sorted.length >> 1]!];
    }),
  );
}

function dailyOf([, bought]: readonly [string, readonly Bought[]]): { currency: string; gross: number }[] {
  const days = Map.groupBy(bought, ({ day, currency }) => `${day} ${currency}`);
  return Array.from(days.values(), (all) => ({
    currency: all[0]!.currency,
    gross: all.reduce((sum, { gross }) => sum + gross, 0),
  }));
}

function daysOf(
  ledger: Ledger,
  counts: (one: Bought) => boolean,
  worth: (one: Bought) => readonly [value: number, units: number],
): BuyingDays {
  const builder = createBuyingDays();
  for (const [profile, bought] of ledger)
    for (const one of bought) if (counts(one)) builder.add(profile, one.day, ...worth(one));
  return builder.build();
}

/** Asks for scores as `scoresOf` tells them. */
export const SCORES = `
  SELECT profile_id AS profile, currency, p_alive, expected_purchases AS purchases, toFloat64(clv) AS clv, toFloat64(v.clv_p90) AS p90,
    churn, toFloat64(value_at_risk) AS at_risk, products
  FROM kenal.scores AS s LEFT JOIN (SELECT profile_id, currency, clv_p90 FROM kenal.clv_predictive WHERE months = 12) AS v USING (profile_id, currency)
  ORDER BY profile, currency`;
