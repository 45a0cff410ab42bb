import {
  type Cell,
  type Cells,
  cellsFrom,
  compare,
  type Fit,
  fitNbd,
  fitRepeat,
  type Holdout,
  isFlat,
  outlookOf,
  REPEAT_MODELS,
  type RepeatModelName,
  type RepeatOutlook,
  rootMeanSquare,
} from '@kenal/analytics';
import { RowReader } from '../thread/row-reader.ts';

/** A fit as numbers that can be sent and kept. */
export type FitNumbers = Omit<Fit<string>, 'condition'>;
export type HeldOut = Holdout & { readonly rmse: number };

export interface FittedRepeat {
  readonly name: RepeatModelName | 'nbd';
  readonly fit: FitNumbers;
  /** Nothing is known of a direction; a ridge that is not flat has errors above its parameters. */
  readonly isFlat: boolean;
  /** Of the same model, fitted to an earlier window; null where there was nothing to hold it against. */
  readonly heldOut: HeldOut | null;
  readonly seconds: number;
}

/** Models of repeat buying of one currency, and which of them scores are to come from. */
export interface FittedRepeats {
  readonly models: readonly FittedRepeat[];
  readonly used: FittedRepeat['name'];
  /** What they become where nobody leaves; for those that the data do not tell apart. */
  readonly limit: FitNumbers;
}

/** Counted histories with what came after them. */
export interface CountedCells {
  readonly cells: Cells;
  readonly rows: readonly (Cell & { readonly later: number })[];
}

/** @param bytes RowBinary of x, recency, age, later (Int32; days) and how many customers (Float64) */
export function readCells(bytes: Uint8Array): CountedCells {
  const reader = new RowReader(bytes);
  const rows: (Cell & { later: number })[] = [];
  while (!reader.isDone)
    rows.push({
      ...{ x: reader.int32(), recency: reader.int32(), age: reader.int32() },
      ...{ later: reader.int32(), weight: reader.float64() },
    });
  return { rows, cells: cellsFrom(rows) };
}

/** @param earlier histories of an earlier window, and what they bought in so many days after it */
export function fitRepeats(now: CountedCells, earlier: CountedCells | null, horizonDays: number): FittedRepeats {
  const models = REPEAT_MODELS.map((name) => fitOne(name, now, earlier, horizonDays));
  const limit = fitNbd(now.cells);
  const converged = models.filter(({ fit, isFlat }) => fit.converged && !isFlat);
  const certain = converged.filter(({ fit }) => !fit.ridge);
  const sound = certain.length > 0 ? certain : converged;
  if (sound.length > 0) return { models, limit: numbersOf(limit), used: bestOf(sound).name };
  const nbd = fitOne('nbd', now, earlier, horizonDays);
  return { models: [...models, nbd], limit: numbersOf(limit), used: nbd.name };
}

/** The one that foretold best; where nothing was held out, the likeliest. */
function bestOf(sound: readonly FittedRepeat[]): FittedRepeat {
  const cost = ({ heldOut, fit }: FittedRepeat): number => heldOut?.rmse ?? -fit.logLikelihood;
  return sound.reduce((best, one) => (cost(one) < cost(best) ? one : best));
}

function fitOne(
  name: FittedRepeat['name'],
  now: CountedCells,
  earlier: CountedCells | null,
  horizonDays: number,
): FittedRepeat {
  const began = performance.now();
  const fitTo = ({ cells }: CountedCells): Fit<string> => (name === 'nbd' ? fitNbd(cells) : fitRepeat(name, cells).fit);
  const fit = fitTo(now);
  const heldOut = earlier === null ? null : hold(outlookOf(name, fitTo(earlier).parameters), earlier, horizonDays / 7);
  return { name, fit: numbersOf(fit), isFlat: isFlat(fit), heldOut, seconds: (performance.now() - began) / 1_000 };
}

function hold(outlook: RepeatOutlook, { rows }: CountedCells, weeks: number): HeldOut | null {
  const column = (of: (row: CountedCells['rows'][number]) => number): Float64Array => Float64Array.from(rows, of);
  const predicted = column(({ x, recency, age }) => outlook.expected({ x, recency: recency / 7, age: age / 7 }, weeks));
  const [actual, weights] = [column(({ later }) => later), column(({ weight }) => weight)];
  const told = compare(actual, predicted, weights);
  return told === null ? null : { ...told, rmse: rootMeanSquare(actual, predicted, weights) };
}

export function numbersOf({ condition: _condition, ...numbers }: Fit<string>): FitNumbers {
  return numbers;
}
