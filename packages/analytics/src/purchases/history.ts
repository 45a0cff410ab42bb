/** A purchase as a day count and what was paid. */
export interface Purchase {
  readonly customer: string;
  /** Days since any fixed day; whole. */
  readonly day: number;
  /** What was paid; several purchases of a day are one, and their values add up. */
  readonly value?: number;
}

/** What a customer had bought by the end of the window, and what came after it. */
export interface CustomerHistory {
  readonly customer: string;
  /** The first day with a purchase. */
  readonly first: number;
  /** Days with a purchase after the first. */
  readonly x: number;
  /** Days from the first to the last of them; 0 where there is none. */
  readonly recency: number;
  /** Days from the first purchase to the end of the window. */
  readonly age: number;
  /** Mean of what the days after the first brought; 0 where there is none. */
  readonly spend: number;
  /** Days with a purchase within the horizon after the window. */
  readonly later: number;
  /** What these brought. */
  readonly laterSpend: number;
}

/**
 * Purchases → one row for each customer whose first purchase lies in the window, in the order of their names. A day with
 * several purchases counts once (Fader, Hardie & Lee 2005, "A Note on Deriving the BG/NBD", count transaction days).
 * @param until last day of the window, inclusive
 * @param horizonDays how far after it `later` looks; nothing lies beyond what the data has
 */
export function historiesOf(purchases: Iterable<Purchase>, until: number, horizonDays = 0): CustomerHistory[] {
  const byCustomer = new Map<string, Map<number, number>>();
  for (const { customer, day, value = 0 } of purchases) {
    if (day > until + horizonDays) continue;
    const days = byCustomer.get(customer) ?? new Map<number, number>();
    byCustomer.set(customer, days);
    days.set(day, (days.get(day) ?? 0) + value);
  }
  const histories: CustomerHistory[] = [];
  for (const [customer, days] of byCustomer) {
    const history = historyOf(customer, days, until);
    if (history !== null) histories.push(history);
  }
  return histories.sort((one, other) => (one.customer < other.customer ? -1 : 1));
}

function historyOf(customer: string, days: ReadonlyMap<number, number>, until: number): CustomerHistory | null {
  let [first, last, x, later, spent, laterSpend] = [Number.POSITIVE_INFINITY, 0, 0, 0, 0, 0];
  for (const day of days.keys()) first = Math.min(first, day);
  if (first > until) return null;
  last = first;
  for (const [day, value] of days) {
    if (day > until) {
      later += 1;
      laterSpend += value;
    } else if (day > first) {
      x += 1;
      spent += value;
      last = Math.max(last, day);
    }
  }
  const spend = x === 0 ? 0 : spent / x;
  return { customer, first, x, recency: last - first, age: until - first, spend, later, laterSpend };
}
