import {
  type CustomerHistories,
  discountedShare,
  expectedSpend,
  type Fit,
  type GammaGammaParameters,
  type RepeatModel,
  spendQuantiles,
} from '@kenal/analytics';
import { standingOf } from './fit-file.ts';

/** Columns of the file that `kenal model predict` writes. */
export const PREDICTION = [
  'customer',
  'expected_purchases',
  'expected_spend',
  'clv',
  'clv_p10',
  'clv_p50',
  'clv_p90',
  'p_alive',
  'p_active',
] as const;

export interface Prediction {
  readonly expectedPurchases: number;
  readonly pAlive: number;
  readonly pActive: number;
  /** Of a purchase; with the rest in the money of the file. null where it has no values. */
  readonly money: { readonly spend: number; readonly clv: number; readonly quantiles: readonly number[] } | null;
}

export interface PredictOptions {
  readonly weeks: number;
  /** Discount rate of a year. */
  readonly discount: number;
  readonly spend: Fit<keyof GammaGammaParameters> | null;
}

const LEVELS = [0.1, 0.5, 0.9];

/** What each customer will bring within the horizon. Customers who look alike are asked for once. */
export function createPredictor(
  model: RepeatModel,
  histories: CustomerHistories,
  { weeks, discount, spend }: PredictOptions,
): (row: number) => Prediction {
  const cellOf = remembered((row: number) => {
    const standing = standingOf(histories, row);
    const expected = model.expected(standing, weeks);
    const share = discountedShare((until) => model.expected(standing, until), weeks, discount);
    const counts = spend === null ? [] : model.counts(standing, weeks);
    return { expected, share, counts, alive: model.alive(standing), active: model.active(standing, weeks) };
  });
  const spentOf = (row: number) => {
    const mean = histories.spend[row]!;
    return mean > 0 ? { x: histories.x[row]!, mean } : { x: 0, mean: 0 };
  };
  /** Quantiles where the customer's own scale v + x·mean is 1: alike customers differ in nothing else. */
  const unitsOf = remembered((row: number, parameters: GammaGammaParameters) =>
    spendQuantiles(cellOf(keyOf(row), row).counts, { ...parameters, v: 1 }, { x: spentOf(row).x, mean: 0 }, LEVELS),
  );
  const keyOf = (row: number): string => `${histories.x[row]} ${histories.recency[row]} ${histories.age[row]}`;
  const moneyOf = (parameters: GammaGammaParameters, row: number, expected: number, share: number) => {
    const { x, mean } = spentOf(row);
    const each = expectedSpend(parameters, x, mean);
    const scale = (parameters.v + x * mean) * share;
    const units = unitsOf(`${keyOf(row)} ${x}`, row, parameters);
    return { spend: each, clv: expected * each * share, quantiles: units.map((unit) => unit * scale) };
  };
  return (row) => {
    const { expected, share, alive, active } = cellOf(keyOf(row), row);
    const money = spend === null ? null : moneyOf(spend.parameters, row, expected, share);
    return { expectedPurchases: expected, pAlive: alive, pActive: active, money };
  };
}

/** A function that is asked once for each key. */
function remembered<Args extends readonly unknown[], T>(of: (...args: Args) => T): (key: string, ...args: Args) => T {
  const known = new Map<string, T>();
  return (key, ...args) => {
    const found = known.get(key) ?? of(...args);
    known.set(key, found);
    return found;
  };
}
