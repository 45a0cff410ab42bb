import { compare, expectedSpend, fitGammaGamma, type GammaGammaParameters } from '@kenal/analytics';
import { RowReader } from '../thread/row-reader.ts';
import { type FitNumbers, type HeldOut, numbersOf } from './fit-repeat.ts';

export interface FittedSpend {
  readonly fit: FitNumbers;
  readonly heldOut: Omit<HeldOut, 'rmse'> | null;
  readonly seconds: number;
}

/** Customers who bought again: of how many purchases the mean is, and the mean of those that came later; 0 where none did. */
export interface Spenders {
  readonly x: Int32Array;
  readonly mean: Float64Array;
  readonly later: Float64Array;
}

/** @param bytes RowBinary of x (Int32), mean and later (Float64) */
export function readSpenders(bytes: Uint8Array): Spenders {
  const reader = new RowReader(bytes);
  const [x, mean, later]: [number[], number[], number[]] = [[], [], []];
  while (!reader.isDone) {
    x.push(reader.int32());
    mean.push(reader.float64());
    later.push(reader.float64());
  }
  return { x: Int32Array.from(x), mean: Float64Array.from(mean), later: Float64Array.from(later) };
}

/** What a purchase brings; held against the mean of what came later, of those who came back. */
export function fitSpend(now: Spenders, earlier: Spenders | null): FittedSpend {
  const began = performance.now();
  const fit = numbersOf(fitGammaGamma(now));
  const heldOut = earlier === null || earlier.x.length === 0 ? null : hold(earlier);
  return { fit, heldOut, seconds: (performance.now() - began) / 1_000 };
}

function hold(earlier: Spenders): FittedSpend['heldOut'] {
  const parameters: GammaGammaParameters = fitGammaGamma(earlier).parameters;
  const back = [...earlier.x.keys()].filter((row) => earlier.later[row]! > 0);
  return compare(
    back.map((row) => earlier.later[row]!),
    back.map((row) => expectedSpend(parameters, earlier.x[row]!, earlier.mean[row]!)),
  );
}
