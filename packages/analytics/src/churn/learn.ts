import { fitLogistic, type Logistic, type LogisticData, logOddsOf } from './logistic.ts';
import { aucOf, calibrationOf, chanceOf } from './quality.ts';
import { CHURN_FEATURES, type Snapshot } from './snapshot.ts';

/** What a split within the past chooses. */
export interface Settings {
  /** Penalty of the regression: how much is needed to move a coefficient. */
  readonly ridge: number;
  /** What log-odds are stretched by around their mean. */
  readonly stretch: number;
}

/** A regression over the rows of several origins. */
export interface Learned {
  readonly settings: Settings;
  /** Of {@link CHURN_FEATURES}. */
  readonly regression: Logistic;
  /** Mean log-odds of the rows. */
  readonly centre: number;
  readonly rows: number;
}

export function learn(from: readonly Snapshot[], settings: Settings): Learned {
  const data = stacked(from);
  const regression = fitLogistic(data, settings.ridge);
  const odds = logOddsOfRows(data, regression);
  const centre = odds.reduce((sum, one) => sum + one / odds.length, 0);
  return { settings, regression, centre, rows: odds.length };
}

/** Chance of a purchase within the horizon of each row. */
export function chancesOf({ settings, regression, centre }: Learned, of: Snapshot): Float64Array {
  const odds = logOddsOfRows(stacked([of]), regression);
  return odds.map((one) => chanceOf(centre + settings.stretch * (one - centre)));
}

const RIDGES = [10, 30, 100, 300];
/** How much of their spread log-odds keep in the time that follows; the mean of splits within the past of the reference data. */
const USUAL_STRETCH = 0.9;
/** How many splits that weighs: a single one says more of its season than of the next. */
const USUAL_WEIGHT = 24;
/** Where there is no split to choose by. */
export const USUAL: Settings = { ridge: 100, stretch: USUAL_STRETCH };

export interface SeenSplit {
  readonly train: readonly Snapshot[];
  readonly test: Snapshot;
}

/** Settings under which what was learned before each split ranked best who bought after it, and the stretch that it needed. */
export function settle(splits: readonly SeenSplit[]): Settings {
  let best = { ...USUAL, auc: 0 };
  for (const ridge of RIDGES) {
    let [auc, slopes, weight] = [0, USUAL_WEIGHT * USUAL_STRETCH, USUAL_WEIGHT];
    for (const { train, test } of splits) {
      const chances = chancesOf(learn(train, { ridge, stretch: 1 }), test);
      auc += aucOf(chances, test.bought) ?? 0;
      const found = calibrationOf(chances, test.bought);
      if (found === null) continue;
      slopes += Math.max(0, found.slope);
      weight += 1;
    }
    if (auc > best.auc) best = { ridge, stretch: slopes / weight, auc };
  }
  return { ridge: best.ridge, stretch: best.stretch };
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

function logOddsOfRows({ features, offset }: Stacked, regression: Logistic): Float64Array {
  return Float64Array.from(features[0]!, (_, row) => logOddsOf(regression, features, row) + offset[row]!);
}
