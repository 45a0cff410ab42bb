import type { Cents } from './seeded.ts';
import type { TrueOrder } from './shop.ts';

/** A row as both sides write it: amounts in cents, shares to nine digits, days as text. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Who has an owner's orders; null: nobody any more. */
export type ProfileOf = (owner: string) => string | null;

export interface Day {
  readonly profile: string;
  readonly day: string;
  readonly currency: string;
  gross: Cents;
  returns: Cents;
  orders: number;
  units: number;
}

export function customerDays(orders: readonly TrueOrder[], profileOf: ProfileOf): Day[] {
  const days = new Map<string, Day>();
  for (const { owner, currency, happened } of orders) {
    const profile = profileOf(owner);
    if (profile === null) continue;
    for (const { day, gross, returns, orders: count, units } of happened) {
      const key = `${profile} ${day} ${currency}`;
      const found = days.get(key) ?? { profile, day, currency, gross: 0, returns: 0, orders: 0, units: 0 };
      days.set(key, found);
      found.gross += gross;
      found.returns += returns;
      found.orders += count;
      found.units += units;
    }
  }
  return [...days.values()];
}

export const dayRows = (days: readonly Day[]): Row[] =>
  sorted(days.map(({ gross, returns, ...rest }) => ({ ...rest, gross, returns, net: gross - returns })));

const MS = 86_400_000;
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / MS;
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * MS).toISOString().slice(0, 10);
/** To nine digits: the two sides add in other orders. */
export const digits = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(9)));

export function statsRows(days: readonly Day[], asOf: string): Row[] {
  const rows: Row[] = [];
  for (const group of groups(
    days.filter(({ day }) => day <= asOf),
    ({ profile, currency }) => `${profile} ${currency}`,
  )) {
    const bought = group.filter(({ orders }) => orders > 0).sort((one, other) => (one.day < other.day ? -1 : 1));
    const [gross, returns] = [total(group, 'gross'), total(group, 'returns')];
    if (bought.length === 0 || gross <= 0) continue;
    const [first, last] = [bought[0]!, bought.at(-1)!];
    const x = bought.length - 1;
    rows.push({
      ...{ profile: first.profile, currency: first.currency, first_day: first.day, last_day: last.day },
      ...{ orders: total(group, 'orders'), x, gross, returns, net: gross - returns },
      t_x: digits(daysBetween(first.day, last.day) / 7),
      t: digits(daysBetween(first.day, asOf) / 7),
      // Money is cut after six digits, cents after four
      repeat_mean: x === 0 ? null : Math.trunc((total(bought.slice(1), 'gross') / x) * 1e4) / 1e4,
      refund_rate: digits(returns / gross),
    });
  }
  return sorted(rows);
}

export function rfmRows(days: readonly Day[], asOf: string): Row[] {
  const stats = statsRows(days, asOf).map((row) => ({
    ...{ profile: row.profile!, currency: String(row.currency), recency: daysBetween(String(row.last_day), asOf) },
    ...{ frequency: Number(row.orders), monetary: Number(row.gross) },
  }));
  return sorted(
    groups(stats, ({ currency }) => currency).flatMap((peers) => {
      const cuts = (of: 'recency' | 'frequency' | 'monetary'): number[] =>
        [0.2, 0.4, 0.6, 0.8].map((level) =>
          quantile(
            peers.map((peer) => peer[of]),
            level,
          ),
        );
      const fifth = (at: readonly number[], value: number): number => 1 + at.filter((cut) => value > cut + 1e-9).length;
      const [recencies, frequencies, amounts] = [cuts('recency'), cuts('frequency'), cuts('monetary')];
      return peers.map((peer) => {
        const [r, f, m] = [
          6 - fifth(recencies, peer.recency),
          fifth(frequencies, peer.frequency),
          fifth(amounts, peer.monetary),
        ];
        return { ...peer, r, f, m, segment: segmentOf(r, Math.ceil((f + m) / 2)) };
      });
    }),
  );
}

function segmentOf(r: number, worth: number): string {
  const rows: Readonly<Record<number, readonly string[]>> = {
    5: ['new', 'promising', 'potential loyal', 'champions', 'champions'],
    4: ['promising', 'promising', 'potential loyal', 'champions', 'champions'],
    3: ['about to sleep', 'about to sleep', 'needs attention', 'loyal', 'loyal'],
    2: ['hibernating', 'hibernating', 'at risk', 'at risk', 'cannot lose'],
    1: ['lost', 'lost', 'at risk', 'at risk', 'cannot lose'],
  };
  return rows[r]![worth - 1]!;
}

export function rhythmRows(days: readonly Day[], asOf: string): Row[] {
  const people = groups(
    days.filter(({ day, orders }) => orders > 0 && day <= asOf),
    ({ profile }) => profile,
  ).map((group) => {
    const bought = [...new Set(group.map(({ day }) => day))].sort();
    return {
      profile: group[0]!.profile,
      last: bought.at(-1)!,
      gaps: bought.slice(1).map((day, i) => daysBetween(bought[i]!, day)),
    };
  });
  const usual = quantile(
    people.flatMap(({ gaps }) => gaps),
    0.5,
  );
  return sorted(
    people.map(({ profile, last, gaps }) => {
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1));
      const median = gaps.length === 0 ? null : quantile(gaps, 0.5);
      const expected = (gaps.length * (median ?? 0) + 3 * usual) / (gaps.length + 3);
      return {
        ...{
          profile,
          last_day: last,
          gap_count: gaps.length,
          median_gap: median,
          mean_gap: gaps.length === 0 ? null : digits(mean),
        },
        variation: gaps.length < 2 ? null : digits(deviation / mean),
        p90_gap: gaps.length === 0 ? null : digits(quantile(gaps, 0.9)),
        expected_gap: digits(expected),
        overdue: digits(daysBetween(last, asOf) / expected),
        next_due: plusDays(last, evenly(expected)),
      };
    }),
  );
}

/** Halves go to the even number, as ClickHouse rounds floats. */
function evenly(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest === 0.5 ? floor + (floor % 2) : Math.round(value);
}

export const monthOf = (day: string): string => `${day.slice(0, 7)}-01`;
export const monthsBetween = (from: string, to: string): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));

/** By customer the months in which they bought, ascending. */
function activeMonths(days: readonly Day[], asOf: string): { profile: string; months: string[] }[] {
  const bought = days.filter(({ day, orders }) => orders > 0 && day <= asOf);
  return groups(bought, ({ profile }) => profile).map((group) => ({
    profile: group[0]!.profile,
    months: [...new Set(group.map(({ day }) => monthOf(day)))].sort(),
  }));
}

/** First days of the months from one to that of a day. */
function monthsFrom(first: string, until: string): string[] {
  return Array.from({ length: monthsBetween(first, until) + 1 }, (_, i) => {
    const date = new Date(Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5, 7)) - 1 + i, 1));
    return date.toISOString().slice(0, 10);
  });
}

export function cohortRows(days: readonly Day[], asOf: string): Row[] {
  const rows: Row[] = [];
  for (const cohort of groups(activeMonths(days, asOf), ({ months }) => months[0]!)) {
    const first = cohort[0]!.months[0]!;
    const people = new Set(cohort.map(({ profile }) => profile));
    for (const month of monthsFrom(first, asOf)) {
      const customers = cohort.filter(({ months }) => months.includes(month)).length;
      const moved = days.filter(({ profile, day }) => people.has(profile) && monthOf(day) === month && day <= asOf);
      const net = groups(moved, ({ currency }) => currency).map((of) => [
        of[0]!.currency,
        of.reduce((sum, { gross, returns }) => sum + gross - returns, 0),
      ]);
      rows.push({
        cohort: first,
        month,
        months: monthsBetween(first, month),
        began: cohort.length,
        customers,
        orders: moved.reduce((sum, { orders }) => sum + orders, 0),
        net: JSON.stringify(Object.fromEntries(net.toSorted())),
        retention: digits(customers / cohort.length),
      });
    }
  }
  return sorted(rows);
}

export function growthRows(days: readonly Day[], asOf: string): Row[] {
  const people = activeMonths(days, asOf).map(({ months }) => months);
  const months = monthsFrom(people.map(([month]) => month!).sort()[0]!, asOf);
  return months.map((month, i) => {
    const before = months[i - 1] ?? '';
    const count = (is: (of: string[]) => boolean): number => people.filter(is).length;
    return {
      month,
      new: count((of) => of[0] === month),
      retained: count((of) => of.includes(month) && of.includes(before)),
      reactivated: count((of) => of.includes(month) && of[0] !== month && !of.includes(before)),
      churned: count((of) => !of.includes(month) && of.includes(before)),
      active: count((of) => of.includes(month)),
    };
  });
}

/** What a piece cost, in cents, by when; null where nobody says. */
export type CostAt = (item: string, currency: string, ms: number) => Cents | null;

/** What is left of an order's lines at the end of a day: amounts in cents, the margin in hundredths of cents, cut off as money is. */
export function marginOf({ lines, given, currency }: TrueOrder, asOf: string, costAt: CostAt) {
  const until = lines
    .filter(({ day }) => day <= asOf)
    .map((line) => ({ ...line, cost: costAt(line.item, currency, line.costMs) }));
  const costed = until.filter(({ cost }) => cost !== null);
  const own = costed.reduce((all, { amount, pieces, cost }) => all + amount - pieces * cost!, 0);
  const sum = (of: readonly { amount: Cents }[]): number => of.reduce((all, { amount }) => all + amount, 0);
  const size = (of: readonly { amount: Cents }[]): number => of.reduce((all, { amount }) => all + Math.abs(amount), 0);
  // Money for which no line was named counts as far as costs are known
  const [all, known] = [sum(until), sum(costed)];
  const back = sum(given.filter(({ day }) => day <= asOf));
  const share = all <= 0 || known <= 0 ? 0 : Math.trunc((back * 1e4 * Math.min(known, all)) / all);
  return { moved: size(until), costed: size(costed), margin: own * 1e4 - share };
}

export function historicRows(orders: readonly TrueOrder[], profileOf: ProfileOf, asOf: string, costAt: CostAt): Row[] {
  const days = customerDays(orders, profileOf).filter(({ day }) => day <= asOf);
  const firstOf = new Map(
    groups(days, ({ profile }) => profile).map((group) => [group[0]!.profile, group.map(({ day }) => day).sort()[0]!]),
  );
  return sorted(
    groups(days, ({ profile, currency }) => `${profile} ${currency}`).map((group) => {
      const { profile, currency } = group[0]!;
      const order = group.map(({ day }) => day).sort();
      const worth = (day: string): number => 1.1 ** (-daysBetween(firstOf.get(profile)!, day) / 365.25);
      const margins = orders
        .filter((one) => one.currency === currency && profileOf(one.owner) === profile)
        .map((one) => marginOf(one, asOf, costAt));
      const sum = (of: 'moved' | 'costed' | 'margin'): number => margins.reduce((all, one) => all + one[of], 0);
      return {
        ...{
          profile,
          currency,
          first_day: order[0]!,
          last_day: order.at(-1)!,
          net: total(group, 'gross') - total(group, 'returns'),
        },
        discounted_net: digits(
          group.reduce((all, { day, gross, returns }) => all + (gross - returns) * worth(day), 0) / 100,
        ),
        margin: sum('costed') === 0 ? null : Math.trunc(sum('margin') / 1e4),
        cost_known: sum('moved') === 0 ? 0 : digits(sum('costed') / sum('moved')),
      };
    }),
  );
}

/** Linear between the two values around it. */
export function quantile(values: readonly number[], level: number): number {
  const order = values.toSorted((one, other) => one - other);
  const place = (order.length - 1) * level;
  const low = Math.floor(place);
  const [one, other] = [order[low]!, order[Math.min(order.length - 1, low + 1)]!];
  return one + (other - one) * (place - low);
}

export function groups<T>(rows: readonly T[], keyOf: (row: T) => string): T[][] {
  return [...Map.groupBy(rows, keyOf).values()];
}

function total(rows: readonly Day[], of: 'gross' | 'returns' | 'orders'): number {
  return rows.reduce((sum, row) => sum + row[of], 0);
}

export function sorted(rows: readonly Row[]): Row[] {
  const keyOf = (row: Row): string =>
    ['profile', 'cohort', 'month', 'day', 'currency'].map((name) => row[name] ?? '').join(' ');
  return [...rows].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
