import type { BuyingDays } from './buying-days.ts';
import { type Histories, WEEK } from './cells.ts';

/** What customers had bought by the end of a window, and what came after it: parallel columns, a row for each who had begun by then. */
export interface CustomerHistories extends Histories {
  /** Index of the customer in the buying days. */
  readonly customer: Int32Array;
  /** The first buying day. */
  readonly first: Int32Array;
  /** Buying days after the first. */
  readonly x: Int32Array;
  /** Days from the first to the last of them; 0 where there is none. */
  readonly recency: Int32Array;
  /** Days from the first one to the end of the window. */
  readonly age: Int32Array;
  /** Mean of what the days after the first brought; 0 where there is none. */
  readonly spend: Float64Array;
  /** Buying days within the horizon after the window. */
  readonly later: Int32Array;
  /** What these brought. */
  readonly laterSpend: Float64Array;
}

/**
 * @param until last day of the window, inclusive
 * @param horizonDays how far after it `later` looks
 */
export function historiesOf(days: BuyingDays, until: number, horizonDays = 0): CustomerHistories {
  const begun: number[] = [];
  for (let c = 0; c < days.customers.length; c += 1) if (days.day[days.starts[c]!]! <= until) begun.push(c);
  const whole = (): Int32Array => new Int32Array(begun.length);
  const amounts = (): Float64Array => new Float64Array(begun.length);
  const of: CustomerHistories = {
    customer: Int32Array.from(begun),
    ...{ first: whole(), x: whole(), recency: whole(), age: whole(), later: whole() },
    ...{ spend: amounts(), laterSpend: amounts() },
  };
  for (const [row, c] of begun.entries()) {
    const from = days.starts[c]!;
    const first = days.day[from]!;
    [of.first[row], of.age[row]] = [first, until - first];
    for (let at = from + 1; at < days.starts[c + 1]!; at += 1) {
      const day = days.day[at]!;
      if (day > until + horizonDays) break;
      if (day > until) {
        of.later[row]! += 1;
        of.laterSpend[row]! += days.value[at]!;
      } else {
        of.x[row]! += 1;
        of.spend[row]! += days.value[at]!;
        of.recency[row] = day - first;
      }
    }
    if (of.x[row]! > 0) of.spend[row]! /= of.x[row]!;
  }
  return of;
}

/** A row as models of repeat buying see a customer; weeks. */
export function standingOf({ x, recency, age }: Histories, row: number): Standing {
  return { x: x[row]!, recency: recency[row]! / WEEK, age: age[row]! / WEEK };
}

const MOST_DAYS = 2 ** 17;

/** A whole number for each history; weeks. */
export function keyOf(x: number, recency: number, age: number): number {
  return (x * MOST_DAYS + Math.round(recency * WEEK)) * MOST_DAYS + Math.round(age * WEEK);
}

/** Of a customer at the end of a window. */
export interface Standing {
  /** Buying days after the first. */
  readonly x: number;
  /** Weeks from the first to the last of them. */
  readonly recency: number;
  /** Weeks from the first one to the end. */
  readonly age: number;
}
