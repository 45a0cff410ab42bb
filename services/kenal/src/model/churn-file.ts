import { type ChurnModel, type ChurnQuality, createChurn, judgeChurn } from '@kenal/analytics';
import { UsageError } from '../cli/usage-error.ts';
import { dayText, type Purchases } from './read-purchases.ts';

/** What `kenal model churn` prints of an origin. */
export interface OriginReport extends ChurnQuality {
  readonly origin: string;
  /** What was learned from: earlier origins, their horizons ended by this one; none where the past is too little. */
  readonly learnedFrom: readonly { readonly origin: string; readonly horizonDays: number }[];
}

export interface ChurnReport {
  readonly origins: readonly OriginReport[];
  /** Of the origins that have one; null where none has. */
  readonly meanAuc: number | null;
}

/**
 * Who buys within the horizon of each origin, learned from earlier ones alone and held against what came.
 * @param warn told what a reader has to know to take the figures for what they are
 * @throws UsageError for an origin before the first purchase, or with nothing after it
 */
export function judgeFile(
  purchases: Purchases,
  origins: readonly number[],
  horizonDays: number,
  warn: (sentence: string) => void,
): ChurnReport {
  for (const day of origins) expectPurchasesAround(purchases, day);
  const churnAt = createChurn(purchases.days);
  const reports = origins.map((day) => {
    const origin = dayText(day);
    const end = day + horizonDays;
    if (end > purchases.last)
      warn(
        `the horizon of ${origin} ends on ${dayText(end)} and the purchases on ${dayText(purchases.last)}: who comes back later than that counts as lost`,
      );
    const model = churnAt({ day, horizonDays });
    if (model.reason !== '')
      warn(`${origin}: too little to learn from, the chances are those of models of repeat buying: ${model.reason}`);
    return { origin, ...judgeChurn(model), learnedFrom: learnedFrom(model) };
  });
  const known = reports.flatMap(({ auc }) => (auc === null ? [] : [auc]));
  const meanAuc = known.length === 0 ? null : known.reduce((sum, auc) => sum + auc, 0) / known.length;
  return { origins: reports, meanAuc };
}

const learnedFrom = ({ earlier }: ChurnModel): OriginReport['learnedFrom'] =>
  earlier.map(({ day, horizonDays }) => ({ origin: dayText(day), horizonDays }));

function expectPurchasesAround({ days, last }: Purchases, day: number): void {
  const first = days.day.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  if (day < first)
    throw new UsageError(`nobody had bought by ${dayText(day)}; the purchases begin on ${dayText(first)}`);
  if (day >= last)
    throw new UsageError(
      `nothing comes after ${dayText(day)} to hold churn against; the purchases end on ${dayText(last)}`,
    );
}
