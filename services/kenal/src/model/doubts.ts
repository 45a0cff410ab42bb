import { dayText } from './read-purchases.ts';
import type { Sales } from './read-sales.ts';

const [YEAR, MONTH] = [365, 28];
/** Rows beyond a gap that are no more than this share of all are strays. */
const FEW = 0.01;
/** Of fewer amounts one may well be more than all others. */
const LEAST_AMOUNTS = 30;
/** Times the median. */
const FAR = 1e6;

/**
 * What in purchases, or in the day that was asked for, is more likely a slip than the truth. Figures stay as they are.
 * @param until last day that is learned from, in days since 1970; undefined: the last of the purchases
 * @returns sentences
 */
export function doubtsIn({ days, last }: Sales, until?: number): string[] {
  const all = days.day.slice().sort();
  return [untilIn(all, last, until), strayIn(all), amountIn(days.value)].filter((doubt) => doubt !== null);
}

/** Longer than a year, or than what was seen before, is long. */
const longAfter = (length: number): number => Math.max(MONTH, Math.min(YEAR, length));

function untilIn(all: Int32Array, last: number, until: number | undefined): string | null {
  if (until === undefined || until - last <= longAfter(last - all[0]!)) return null;
  return `--until ${dayText(until)} is ${until - last} days after the last purchase (${dayText(last)}): to the models everybody has been silent since`;
}

/** A few rows far after all others: a date with a slip in its year. */
function strayIn(all: Int32Array): string | null {
  const from = Math.floor(all.length * (1 - FEW));
  for (let at = Math.max(1, Math.min(from, all.length - 1)); at < all.length; at += 1) {
    const gap = all[at]! - all[at - 1]!;
    const rows = all.length - at;
    if (gap > longAfter(all[at - 1]! - all[0]!))
      return `${rows === 1 ? 'one purchase is' : `${rows} purchases are`} dated ${dayText(all[at]!)} or later, ${gap} days after all others (${dayText(all[at - 1]!)}): is the date right?`;
  }
  return null;
}

function amountIn(value: Float64Array): string | null {
  if (value.length < LEAST_AMOUNTS) return null;
  const sorted = value.slice().sort();
  const [most, median] = [sorted.at(-1)!, sorted[sorted.length >> 1]!];
  const sum = sorted.reduce((total, one) => total + one, 0);
  if (most <= sum / 2 && !(median > 0 && most > FAR * median)) return null;
  return `an amount of ${short(most)} on one day is far from all others (half of them are at most ${short(median)})`;
}

const short = (amount: number): string => String(Number(amount.toPrecision(6)));
