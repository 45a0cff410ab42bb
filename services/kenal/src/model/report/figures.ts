import type { BuyingDays, CustomerHistories, RepeatModel } from '@kenal/analytics';

/** Something that was seen beside what the model says of it. */
export interface Pair {
  readonly label: string;
  readonly actual: number;
  readonly predicted: number;
}

const WEEK = 7;
const MANY = 7;
const NEW = { x: 0, recency: 0, age: 0 };

/** Customers by their purchases after the first, 0 … 7 and more, within the window. */
export function frequencies(model: RepeatModel, { x, age }: CustomerHistories): Pair[] {
  const [actual, predicted] = [new Float64Array(MANY + 1), new Float64Array(MANY + 1)];
  for (const count of x) actual[Math.min(MANY, count)]! += 1;
  const stays = model.alive(NEW);
  for (const [days, customers] of countsOf(age)) {
    const chances = model.ifThere.counts(0, 0, days / WEEK);
    let rest = 1;
    for (let n = 0; n < MANY; n += 1) {
      const chance = stays * (chances[n] ?? 0) + (n === 0 ? 1 - stays : 0);
      predicted[n]! += customers * chance;
      rest -= chance;
    }
    predicted[MANY]! += customers * Math.max(0, rest);
  }
  return Array.from(actual, (count, n) => {
    return { label: n === MANY ? `${MANY}+` : String(n), actual: count, predicted: predicted[n]! };
  });
}

/** Repeat purchases of the customers of the window, all weeks together up to each, until the data ends. */
export function cumulative(
  model: RepeatModel,
  days: BuyingDays,
  histories: CustomerHistories,
  until: number,
  last: number,
): Pair[] {
  const begin = histories.first.reduce((least, first) => Math.min(least, first), until);
  const weeks = Math.max(1, Math.floor((last - begin + 1) / WEEK));
  const bought = new Float64Array(weeks + 1);
  for (const [row, customer] of histories.customer.entries())
    for (let at = days.starts[customer]! + 1; at < days.starts[customer + 1]!; at += 1) {
      const week = Math.ceil((days.day[at]! - begin + 1) / WEEK);
      if (week <= weeks && histories.first[row]! <= until) bought[week]! += 1;
    }
  const firsts = countsOf(histories.first);
  const stays = model.alive(NEW);
  const points: Pair[] = [];
  for (let week = 1, sum = 0; week <= weeks; week += 1) {
    sum += bought[week]!;
    const end = begin + week * WEEK - 1;
    let predicted = 0;
    for (const [first, customers] of firsts)
      if (end > first) predicted += customers * stays * model.ifThere.expected(0, 0, (end - first) / WEEK);
    points.push({ label: String(week), actual: sum, predicted });
  }
  return points;
}

/** Purchases of the horizon, on average of those who had bought as often before. */
export function byFrequency(predicted: Float64Array, { x, later }: CustomerHistories): Pair[] {
  const sums = Array.from({ length: MANY + 1 }, () => ({ customers: 0, actual: 0, predicted: 0 }));
  for (const [row, count] of x.entries()) {
    const sum = sums[Math.min(MANY, count)]!;
    sum.customers += 1;
    sum.actual += later[row]!;
    sum.predicted += predicted[row]!;
  }
  return sums.flatMap(({ customers, actual, predicted: said }, n) =>
    customers === 0
      ? []
      : [{ label: n === MANY ? `${MANY}+` : String(n), actual: actual / customers, predicted: said / customers }],
  );
}

/** Share that bought in the horizon, by tenths of the chance that the model gave them, the least likely first. */
export function byChance(chances: Float64Array, { later }: CustomerHistories): Pair[] {
  const order = Uint32Array.from(chances.keys()).sort((i, j) => chances[i]! - chances[j]! || i - j);
  return Array.from({ length: 10 }, (_, tenth) => {
    const rows = order.subarray(Math.floor((tenth * order.length) / 10), Math.floor(((tenth + 1) * order.length) / 10));
    const mean = (of: (row: number) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / Math.max(1, rows.length);
    return {
      label: String(tenth + 1),
      actual: mean((row) => (later[row]! > 0 ? 1 : 0)),
      predicted: mean((row) => chances[row]!),
    };
  });
}

/** A month of first purchases: how many customers, and which share of them bought in each month after it. */
export interface CohortRow {
  /** `2011-04`. */
  readonly month: string;
  readonly customers: number;
  readonly retained: readonly number[];
}

/** @param last day with which the data ends: the month of it may be cut off */
export function cohorts(days: BuyingDays, last: number): CohortRow[] {
  const end = monthOf(last);
  const byMonth = new Map<number, { customers: number; active: Float64Array }>();
  for (let customer = 0; customer < days.customers.length; customer += 1) {
    const [from, to] = [days.starts[customer]!, days.starts[customer + 1]!];
    const first = monthOf(days.day[from]!);
    const cohort = byMonth.get(first) ?? { customers: 0, active: new Float64Array(end - first + 1) };
    byMonth.set(first, cohort);
    cohort.customers += 1;
    for (let at = from, before = -1; at < to; at += 1) {
      const month = monthOf(days.day[at]!);
      if (month !== before) cohort.active[month - first]! += 1;
      before = month;
    }
  }
  return [...byMonth]
    .sort(([one], [other]) => one - other)
    .map(([month, { customers, active }]) => {
      const name = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
      return { month: name, customers, retained: Array.from(active, (count) => count / customers) };
    });
}

function monthOf(day: number): number {
  const date = new Date(day * 86_400_000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function countsOf(column: Int32Array | ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < column.length; i += 1) counts.set(column[i]!, (counts.get(column[i]!) ?? 0) + 1);
  return counts;
}
