import { daysBetween, digits, groups, type ProfileOf, plusDays, type Row } from './oracle.ts';
import type { TrueLine } from './wares.ts';

/** What came and went until the end of a day, with its customer of today. */
export function linesAt(
  lines: readonly TrueLine[],
  profileOf: ProfileOf,
  asOf: string,
): (TrueLine & { profile: string })[] {
  return lines.flatMap((line) => {
    const profile = profileOf(line.owner);
    return profile === null || line.day > asOf ? [] : [{ ...line, profile }];
  });
}

const sumOf = (lines: readonly TrueLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0);
const piecesOf = (lines: readonly TrueLine[]): number => lines.reduce((sum, { pieces }) => sum + pieces, 0);
/** Orders of which a piece is left in some category. */
const ordersOf = (lines: readonly TrueLine[]): number => {
  const left = groups(lines, ({ order, category }) => `${order} ${category}`).filter((of) => piecesOf(of) > 0);
  return new Set(left.map(([line]) => line!.order)).size;
};

export function needRows(lines: readonly (TrueLine & { profile: string })[]): Row[] {
  const cells = groups(lines, ({ profile, currency, category }) => `${profile} ${currency} ${category}`)
    .map((group) => ({ ...group[0]!, spent: sumOf(group), orders: ordersOf(group) }))
    .filter(({ spent }) => spent > 0);
  const spent = (is: (cell: (typeof cells)[number]) => boolean): number =>
    cells.filter(is).reduce((sum, cell) => sum + cell.spent, 0);
  return cells.map((cell) => {
    const { profile, currency, category } = cell;
    const share = cell.spent / spent((one) => one.profile === profile && one.currency === currency);
    const base =
      spent((one) => one.category === category && one.currency === currency) /
      spent((one) => one.currency === currency);
    const own = lines.filter((line) => line.profile === profile && line.currency === currency);
    return {
      ...{ profile, currency, category, orders: cell.orders, customer_orders: ordersOf(own), spent: cell.spent },
      ...{ share: digits(share), base_share: digits(base), need_index: digits(share / base) },
    };
  });
}

export function holdingRows(lines: readonly (TrueLine & { profile: string })[]): Row[] {
  return groups(lines, ({ profile }) => profile).map((group) => {
    const held = groups(group, ({ item }) => item).filter((of) => piecesOf(of) > 0);
    const first = (of: readonly TrueLine[]): string =>
      of
        .filter(({ pieces }) => pieces > 0)
        .map(({ day }) => day)
        .sort()[0]!;
    const days = held.map(first).sort();
    const categories =
      new Set(held.map(([line]) => line!.category)).size - (held.some(([line]) => line!.category === '') ? 1 : 0);
    return {
      ...{
        profile: group[0]!.profile,
        products: held.length,
        categories,
        holding: held.length > 3 ? '4+' : `${held.length}`,
      },
      ...{ first_day: days[0] ?? null, second_day: days[1] ?? null },
    };
  });
}

/** A number for the period of a day, without a gap from one to the next, and what it is called. */
interface Kind {
  readonly kind: string;
  readonly length: number;
  readonly of: (day: string) => { readonly key: string; readonly label: number };
}

const KINDS: readonly Kind[] = [
  { kind: 'month', length: 12, of: (day) => ({ key: day.slice(0, 7), label: Number(day.slice(5, 7)) }) },
  { kind: 'weekday', length: 7, of: (day) => ({ key: day, label: weekdayOf(day) }) },
  { kind: 'week', length: 52, of: isoWeekOf },
];

const weekdayOf = (day: string): number => new Date(day).getUTCDay() || 7;

/** The week of its Thursday; the 53rd is taken to the 52nd. */
function isoWeekOf(day: string): { key: string; label: number } {
  const thursday = plusDays(day, 4 - weekdayOf(day));
  const week = Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1;
  const label = Math.min(52, week);
  return { key: `${thursday.slice(0, 4)} ${String(label).padStart(2, '0')}`, label };
}

/** Daily sums into whole periods, these into whole cycles from the end, each period against the mean of its cycle. */
export function seasonRows(lines: readonly TrueLine[]): Row[] {
  const ended = lines
    .map(({ day }) => day)
    .sort()
    .at(-1)!;
  return groups(lines, ({ currency }) => currency).flatMap((all) => {
    const open = new Set(all.filter(({ amount }) => amount > 0).map(({ day }) => weekdayOf(day)));
    const series = [
      { category: '', is_total: 1, of: all },
      ...groups(all, ({ category }) => category).map((of) => ({ category: of[0]!.category, is_total: 0, of })),
    ];
    return series.flatMap(({ category, is_total, of }) =>
      KINDS.flatMap((kind) =>
        indexesOf(kind, of, ended, open).map((row) => ({
          currency: all[0]!.currency,
          category,
          is_total,
          period_kind: kind.kind,
          ...row,
        })),
      ),
    );
  });
}

function indexesOf({ length, of }: Kind, lines: readonly TrueLine[], ended: string, open: ReadonlySet<number>): Row[] {
  const byDay = Map.groupBy(lines, ({ day }) => day);
  const began = [...byDay.keys()].sort()[0]!;
  const days: string[] = [];
  for (let day = began; day <= ended; day = plusDays(day, 1)) days.push(day);
  const whole = groups(days, (day) => of(day).key).filter(
    (period) =>
      of(plusDays(period[0]!, -1)).key !== of(period[0]!).key &&
      of(plusDays(period.at(-1)!, 1)).key !== of(period[0]!).key,
  );
  const periods = whole.map((period) => {
    const net = period.reduce((sum, day) => sum + sumOf(byDay.get(day) ?? []), 0);
    return { label: of(period[0]!).label, net, open: period.filter((day) => open.has(weekdayOf(day))).length };
  });
  const ratios: { label: number; net: number; open: number; ratio: number }[] = [];
  for (let end = periods.length; end >= length; end -= length) {
    const cycle = periods.slice(end - length, end);
    const [net, days] = [cycle.reduce((sum, one) => sum + one.net, 0), cycle.reduce((sum, one) => sum + one.open, 0)];
    if (net > 0)
      ratios.push(
        ...cycle.filter((one) => one.open > 0).map((one) => ({ ...one, ratio: one.net / one.open / (net / days) })),
      );
  }
  const labels = [...new Set(periods.map(({ label }) => label))].map((label) => {
    const own = ratios.filter((one) => one.label === label);
    const sum = (part: 'ratio' | 'net' | 'open'): number => own.reduce((all, one) => all + one[part], 0);
    const plain = sum('ratio') / own.length;
    const spread = Math.sqrt(own.reduce((all, { ratio }) => all + (ratio - plain) ** 2, 0) / (own.length - 1));
    const reach = own.length < 2 ? null : (studentOf(own.length - 1) * spread) / Math.sqrt(own.length);
    return { label, cycles: own.length, plain, reach, net: sum('net'), open: sum('open') };
  });
  const told = labels.filter(({ cycles }) => cycles > 0);
  const mean =
    told.reduce((sum, { plain, open: n }) => sum + plain * n, 0) / told.reduce((sum, { open: n }) => sum + n, 0);
  return labels.map(({ label, cycles, plain, reach, net, open: days_open }) => {
    const end = (side: number): number | null => (reach === null ? null : digits((plain + side * reach) / mean));
    const index = { season_index: cycles === 0 ? null : digits(plain / mean), low: end(-1), high: end(1) };
    return { period: label, ...index, cycles, net, days_open };
  });
}

/** 97.5 % quantiles of Student’s t for 1, 2 … 30 degrees of freedom: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2. */
const STUDENT = `12.706 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201 2.179 2.160 2.145 2.131
  2.120 2.110 2.101 2.093 2.086 2.080 2.074 2.069 2.064 2.060 2.056 2.052 2.048 2.045 2.042`.split(/\s+/);

const studentOf = (degrees: number): number => Number(STUDENT[degrees - 1] ?? 1.96);
