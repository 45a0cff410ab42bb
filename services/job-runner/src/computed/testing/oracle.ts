import type { ShopEvent } from './shop.ts';

/** What an aggregate asks of the events of one person; `of` reads the property. */
export interface Asked {
  readonly of?: (event: ShopEvent) => unknown;
  readonly where?: (event: ShopEvent) => boolean;
  /** First moment that counts, milliseconds since 1970. */
  readonly from?: number;
  readonly now: number;
}

type Aggregate = (events: readonly ShopEvent[], asked: Asked) => unknown;

/** Events that count, the earliest first. */
function counted(events: readonly ShopEvent[], { where = () => true, from = Number.NEGATIVE_INFINITY, now }: Asked) {
  return events
    .filter((event) => event.at <= now && event.at >= from && where(event))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

function said(events: readonly ShopEvent[], asked: Asked): unknown[] {
  return counted(events, asked)
    .map((event) => asked.of!(event))
    .filter((value) => value !== undefined && value !== null && value !== '');
}

/** In hundredths, for sums that are exact. What no amount can be is no number. */
function hundredths(events: readonly ShopEvent[], asked: Asked): number[] {
  return said(events, asked).flatMap((value) => {
    const number = Number(value);
    return Number.isNaN(number) || Math.abs(number) > 1e15 ? [] : [Math.round(number * 100)];
  });
}

const orNone = <T, R>(list: readonly T[], value: (list: readonly T[]) => R): R | undefined =>
  list.length === 0 ? undefined : value(list);
const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
const inJsonOrder = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** undefined where the person has no such value. */
export const ORACLE: Readonly<Record<string, Aggregate>> = {
  count: (events, asked) => orNone(counted(events, asked), ({ length }) => length),
  sum: (events, asked) => orNone(hundredths(events, asked), (all) => total(all) / 100),
  mean: (events, asked) => orNone(hundredths(events, asked), (all) => total(all) / 100 / all.length),
  min: (events, asked) => orNone(hundredths(events, asked), (all) => Math.min(...all) / 100),
  max: (events, asked) => orNone(hundredths(events, asked), (all) => Math.max(...all) / 100),
  first: (events, asked) => said(events, asked)[0],
  last: (events, asked) => said(events, asked).at(-1),
  most_frequent: (events, asked) =>
    orNone(said(events, asked), (all) => {
      const times = Map.groupBy(all, (value) => value);
      return [...times].sort(([a, x], [b, y]) => y.length - x.length || inJsonOrder(a, b))[0]![0];
    }),
  unique_list: (events, asked) => orNone(said(events, asked), (all) => [...new Set(all)].sort(inJsonOrder)),
  time_since: (events, asked) =>
    orNone(counted(events, asked), (all) => (dayOf(asked.now) - dayOf(all.at(-1)!.at)) / 86_400_000),
};

const FORWARD = Date.UTC(2026, 2, 29, 1);

/** The day in Berlin, of October 2025 to October 2026, as its midnight in UTC. */
function dayOf(at: number): number {
  return Math.floor((at + berlin(at)) / 86_400_000) * 86_400_000;
}

const berlin = (at: number): number => (at >= FORWARD ? 2 : 1) * 3_600_000;

/** The moment at which a day of Berlin began, so many months and days before that of a moment. */
export function beginOf(at: number, months: number, days: number): number {
  const today = new Date(dayOf(at));
  const day = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months, today.getUTCDate() - days);
  return day - berlin(day - 3_600_000);
}
