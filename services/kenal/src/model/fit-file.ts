import {
  type Cells,
  type CustomerHistories,
  cellsOf,
  compare,
  expectedSpend,
  type Fit,
  fitGammaGamma,
  fitNbd,
  fitRepeat,
  type GammaGammaParameters,
  type Holdout,
  historiesOf,
  type RepeatModel,
  type RepeatModelName,
  standingOf,
  sumsOf,
} from '@kenal/analytics';
import { UsageError } from '../cli/usage-error.ts';
import { dayText, type Purchases } from './read-purchases.ts';

/** What `kenal model fit` prints. */
export interface FitReport {
  readonly customers: number;
  readonly sumX: number;
  /** Weeks. */
  readonly sumTx: number;
  /** Weeks. */
  readonly sumT: number;
  readonly parameters: Readonly<Record<string, number>>;
  /** null where the data cannot tell. */
  readonly standardErrors: Readonly<Record<string, number | null>>;
  readonly logLikelihood: number;
  readonly ridge: boolean;
  readonly converged: boolean;
  /** null where the file has nothing after the window. */
  readonly holdout: Holdout | null;
  /** Where the data do not tell the parameters apart: what the model becomes when nobody leaves. */
  readonly limit?: { readonly model: 'nbd' } & Pick<Fit<string>, LimitFacts>;
}

type LimitFacts = 'parameters' | 'standardErrors' | 'logLikelihood' | 'ridge';

/** The part of a file that is learned from, and what came after. */
export interface Window {
  /** Last day that is learned from, in days since 1970. */
  readonly until: number;
  /** Days after it that a prediction is held against; 0 where the file has none. */
  readonly horizonDays: number;
}

/** @param weeks what was asked for; without it, all that the file has after the window */
export function windowOf(
  { last }: Pick<Purchases, 'last'>,
  until: number | undefined,
  weeks: number | undefined,
): Window {
  const end = until ?? last;
  const there = Math.max(0, last - end);
  return { until: end, horizonDays: there === 0 ? 0 : Math.round((weeks ?? there / 7) * 7) };
}

export function historiesIn(
  purchases: Pick<Purchases, 'days' | 'last'>,
  { until, horizonDays }: Window,
): CustomerHistories {
  const histories = historiesOf(purchases.days, until, horizonDays);
  if (histories.x.length === 0)
    throw new UsageError(`nobody had bought by ${dayText(until)}; the purchases end on ${dayText(purchases.last)}`);
  return histories;
}

/** Fit a model of repeat buying to a window. */
export function fitRepeatTo(
  name: RepeatModelName,
  histories: CustomerHistories,
  { horizonDays }: Window,
): { model: RepeatModel; report: FitReport } {
  const cells = cellsOf(histories);
  const model = fitRepeat(name, cells);
  const predicted = Array.from(histories.x, (_, row) => model.expected(standingOf(histories, row), horizonDays / 7));
  const holdout = horizonDays === 0 ? null : compare(histories.later, predicted);
  return {
    model,
    report: { ...sumsOf(cells), ...tell(model.fit), holdout, ...(model.fit.ridge ? { limit: limitOf(cells) } : {}) },
  };
}

function limitOf(cells: Cells): FitReport['limit'] & object {
  const { parameters, standardErrors, logLikelihood, ridge } = fitNbd(cells);
  return { model: 'nbd', parameters, standardErrors, logLikelihood, ridge };
}

/** Rows of those who bought again and paid something. */
function spendersOf(histories: CustomerHistories): number[] {
  return [...histories.x.keys()].filter((row) => histories.x[row]! > 0 && histories.spend[row]! > 0);
}

/** @throws UsageError where nobody has bought again */
export function fitSpend(histories: CustomerHistories): Fit<keyof GammaGammaParameters> {
  const rows = spendersOf(histories);
  if (rows.length === 0)
    throw new UsageError('nobody has bought again and paid something, so nothing tells what a purchase brings');
  return fitGammaGamma({ x: rows.map((row) => histories.x[row]!), mean: rows.map((row) => histories.spend[row]!) });
}

/** Fit what purchases bring; held against the mean of what came later, of those who bought again and came back. */
export function fitSpendTo(histories: CustomerHistories): FitReport {
  const fit = fitSpend(histories);
  const rows = spendersOf(histories);
  const pick = (of: Int32Array): number[] => rows.map((row) => of[row]!);
  const sums = sumsOf(cellsOf({ x: pick(histories.x), recency: pick(histories.recency), age: pick(histories.age) }));
  const back = rows.filter((row) => histories.later[row]! > 0);
  const actual = back.map((row) => histories.laterSpend[row]! / histories.later[row]!);
  const predicted = back.map((row) => expectedSpend(fit.parameters, histories.x[row]!, histories.spend[row]!));
  return { ...sums, ...tell(fit), holdout: compare(actual, predicted) };
}

export function tell(fit: Fit<string>): Omit<FitReport, 'customers' | 'sumX' | 'sumTx' | 'sumT' | 'holdout'> {
  const { parameters, standardErrors, logLikelihood, ridge, converged } = fit;
  return { parameters, standardErrors, logLikelihood, ridge, converged };
}
