import { fitLogistic, type Logistic, type LogisticData, logOddsOf } from './logistic.ts';
import { type Calibration, calibrationOf, chanceOf } from './quality.ts';
import { CHURN_FEATURES, type Snapshot } from './snapshot.ts';

/** A regression over the rows of several origins. */
export interface Learned {
  /** What log-odds are stretched by around their mean. */
  readonly stretch: number;
  /** Of {@link CHURN_FEATURES}. */
  readonly regression: Logistic;
  /** Mean log-odds of the rows. */
  readonly centre: number;
  readonly rows: number;
}

/**
 * How much is needed to move a coefficient. From 10 to 300 the order of customers in splits within the past of CDNOW and Online
 * Retail is the same to .002 of AUC, and which is best is chance: none is chosen anew.
 */
const RIDGE = 30;

/**
 * How much of their spread log-odds keep in the time that follows, and how far data differ in it. Splits within the past of
 * these two kept .92 on average, .89 counting those that had a single origin to learn from.
 */
const USUAL_STRETCH = { mean: 0.9, deviation: 0.02 };

/** Earlier origins, and a later one that they are held against. */
export interface SeenSplit {
  readonly train: readonly Snapshot[];
  readonly test: Snapshot;
}

/** @param splits of the past, which tell the stretch */
export function learn(from: readonly Snapshot[], splits: readonly SeenSplit[]): Learned {
  const seen = splits.flatMap(({ train, test }) => {
    return calibrationOf(chancesOf({ ...regress(train), stretch: 1 }, test), test.bought) ?? [];
  });
  return { ...regress(from), stretch: stretchOf(seen) };
}

function regress(from: readonly Snapshot[]): Omit<Learned, 'stretch'> {
  const data = stacked(from);
  const regression = fitLogistic(data, RIDGE);
  const odds = logOddsOfRows(data, regression);
  const centre = odds.reduce((sum, one) => sum + one / odds.length, 0);
  return { regression, centre, rows: odds.length };
}

/** Chance of a purchase within the horizon of each row. */
export function chancesOf({ stretch, regression, centre }: Learned, of: Snapshot): Float64Array {
  const odds = logOddsOfRows({ features: of.features, offset: of.told }, regression);
  return odds.map((one) => chanceOf(centre + stretch * (one - centre)));
}

/**
 * Mean slope of the splits, drawn to the usual one the more, the less they agree and the less each is known: one that tells of
 * its season tells little of the next.
 */
function stretchOf(splits: readonly Calibration[]): number {
  const { mean: usual, deviation } = USUAL_STRETCH;
  const n = splits.length;
  if (n < 2) return usual;
  const mean = splits.reduce((sum, { slope }) => sum + slope / n, 0);
  const scatter = splits.reduce((sum, { slope }) => sum + (slope - mean) ** 2 / (n - 1), 0);
  const error = splits.reduce((sum, { slopeError }) => sum + slopeError ** 2 / n, 0);
  const own = deviation ** 2 / (deviation ** 2 + (scatter + error) / n);
  return Math.max(0.5, own * mean + (1 - own) * usual);
}

interface Stacked extends LogisticData {
  readonly offset: Float64Array;
}

/** Rows of several origins, one below the other. */
function stacked(from: readonly Snapshot[]): Stacked {
  const join = (column: (of: Snapshot) => Float64Array): Float64Array => {
    const all = new Float64Array(from.reduce((rows, { bought }) => rows + bought.length, 0));
    let at = 0;
    for (const one of from) {
      all.set(column(one), at);
      at += one.bought.length;
    }
    return all;
  };
  return {
    features: CHURN_FEATURES.map((_, j) => join(({ features }) => features[j]!)),
    labels: join(({ bought }) => bought),
    offset: join(({ told }) => told),
  };
}

function logOddsOfRows({ features, offset }: Pick<Stacked, 'features' | 'offset'>, regression: Logistic): Float64Array {
  return Float64Array.from(features[0]!, (_, row) => logOddsOf(regression, features, row) + offset[row]!);
}
