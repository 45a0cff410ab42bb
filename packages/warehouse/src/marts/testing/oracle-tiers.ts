import { type CostAt, customerDays, digits, groups, marginOf, monthOf, type ProfileOf, type Row } from './oracle.ts';
import { addMonths, type Grant, pointDays } from './oracle-points.ts';
import type { SoldOrder } from './rewards.ts';

/** `tiers` of kenal.yaml, amounts in cents (orders and points times a hundred). */
export interface Scheme {
  readonly measure: string;
  readonly windowMonths: number;
  readonly graceMonths: number;
  readonly levels: readonly { readonly name: string; readonly from: number; readonly keep: number }[];
}

/** What somebody brought on a day, in hundredths. */
export interface Brought {
  readonly profile: string;
  readonly day: string;
  readonly currency: string;
  readonly value: number;
}

/** Cents that a piece costs; of those that are sold for other money nobody knows. */
export const COST = 125;
const costAt: CostAt = (item) => (item === 'sku' ? COST : null);

export function broughtBy(
  measure: string,
  orders: readonly SoldOrder[],
  grants: readonly Grant[],
  profileOf: ProfileOf,
): Brought[] {
  if (measure === 'points')
    return pointDays(grants)
      .filter(({ points }) => points !== 0)
      .map(({ id, day, points }) => ({ profile: id, day, currency: 'EUR', value: points * 100 }));
  if (measure === 'margin')
    return orders.flatMap((order) => {
      const profile = profileOf(order.owner);
      if (profile === null || order.currency !== 'EUR') return [];
      const days = [...new Set([...order.lines, ...order.given].map(({ day }) => day))].sort();
      const left = days.map((day) => marginOf(order, day, costAt));
      return days.flatMap((day, i) => {
        const value = (left[i]!.margin - (left[i - 1]?.margin ?? 0)) / 1e4;
        const isSeen = value !== 0 || left[i]!.costed > (left[i - 1]?.costed ?? 0);
        return isSeen ? [{ profile, day, currency: order.currency, value }] : [];
      });
    });
  if (measure === 'orders')
    return orders.flatMap(({ owner, happened }) => {
      const profile = profileOf(owner);
      if (profile === null) return [];
      const days = [...new Set(happened.map(({ day }) => day))].sort();
      const isOpen = (until: string): boolean =>
        happened.filter(({ day }) => day <= until).reduce((sum, { gross, returns }) => sum + gross - returns, 0) > 0;
      return days
        .map((day, i) => {
          const value = (Number(isOpen(day)) - Number(i > 0 && isOpen(days[i - 1]!))) * 100;
          return { profile, day, currency: 'EUR', value };
        })
        .filter(({ value }) => value !== 0);
    });
  const days = customerDays(orders, profileOf).filter(({ orders: placed }) => measure !== 'bought' || placed > 0);
  return days.map(({ profile, day, currency, gross, returns }) => {
    const value = measure === 'bought' ? 100 : measure === 'net' ? gross - returns : gross;
    return { profile, day, currency: measure === 'bought' ? 'EUR' : currency, value };
  });
}

export interface TierMonth {
  readonly profile: string;
  readonly month: string;
  readonly value: number;
  readonly level: number;
  readonly before: number | null;
  readonly since: string;
  readonly below: number;
  readonly left_out: Readonly<Record<string, number>>;
}

/** Month by month, as the rules of the README tell it. */
export function tierMonths(brought: readonly Brought[], scheme: Scheme, asOf: string): TierMonth[] {
  const known = brought.filter(({ day }) => day <= asOf);
  return groups(known, ({ profile }) => profile).flatMap((group) => {
    const first = monthOf(group.map(({ day }) => day).sort()[0]!);
    const rows: TierMonth[] = [];
    for (let month = first; month <= monthOf(asOf); month = addMonths(month, 1)) {
      const begin = addMonths(month, 1 - scheme.windowMonths);
      const inside = group.filter(({ day }) => monthOf(day) >= begin && monthOf(day) <= month);
      const sum = (currency: string): number =>
        inside.filter((one) => one.currency === currency).reduce((all, { value }) => all + value, 0);
      const codes = [...new Set(inside.map(({ currency }) => currency))].filter((code) => code !== 'EUR').sort();
      const left_out = Object.fromEntries(codes.map((code) => [code, sum(code)]));
      const isWhole = addMonths(month, 1) <= addMonths(monthOf(asOf), lastDay(asOf) ? 1 : 0);
      rows.push({
        profile: group[0]!.profile,
        month,
        left_out,
        ...next(rows.at(-1), Number(sum('EUR').toFixed(4)), month, isWhole, scheme),
      });
    }
    return rows;
  });
}

const lastDay = (day: string): boolean =>
  monthOf(new Date(Date.parse(day) + 86_400_000).toISOString()) !== monthOf(day);

function next(
  last: TierMonth | undefined,
  value: number,
  month: string,
  isWhole: boolean,
  { levels, graceMonths }: Scheme,
): Pick<TierMonth, 'value' | 'level' | 'before' | 'since' | 'below'> {
  const before = last?.level ?? null;
  const reached = levels.filter(({ from }) => value >= from).length;
  if (reached > (before ?? 0) || last === undefined) return { value, level: reached, before, since: month, below: 0 };
  const { level, since, below } = last;
  if (!isWhole || level === 0) return { value, level, before, since, below };
  if (value >= levels[level - 1]!.keep) return { value, level, before, since, below: 0 };
  if (below < graceMonths) return { value, level, before, since, below: below + 1 };
  return { value, level: level - 1, before, since: month, below: 0 };
}

export function tierRows(months: readonly TierMonth[], { levels, graceMonths }: Scheme, asOf: string): Row[] {
  const nameOf = (level: number | null): string => (level ? levels[level - 1]!.name : '');
  return months.map(({ profile, month, value, level, before, since, below, left_out }) => {
    const isPartial = month === monthOf(asOf) && !lastDay(asOf);
    const keep = level === 0 ? null : levels[level - 1]!.keep;
    const above = levels[level];
    const falls = addMonths(month, graceMonths + (isPartial ? 0 : 1) - below + 1);
    return {
      ...{
        profile,
        month,
        value: Math.trunc(value),
        tier: nameOf(level),
        tier_before: nameOf(before),
        move: moveOf(before, level),
      },
      ...{ since, months_below: below, to_next: above === undefined ? null : Math.trunc(above.from - value) },
      ...{ to_keep: keep === null ? null : Math.max(0, Math.trunc(keep - value)) },
      falls_on: level === 0 ? null : new Date(Date.parse(falls) - 86_400_000).toISOString().slice(0, 10),
      left_out: JSON.stringify(left_out),
    };
  });
}

function moveOf(before: number | null, level: number): string {
  if (before === null) return 'new';
  if (before === level) return level === 0 ? 'outside' : 'stayed';
  if (level > before) return before === 0 ? 'entered' : 'up';
  return level === 0 ? 'left' : 'down';
}

/** The matrix of each month, and what Shorrocks makes of it. */
export function stabilityRows(rows: readonly Row[]): Row[] {
  return groups(rows, ({ month }) => String(month)).map((group) => {
    const old = group.filter(({ move }) => move !== 'new');
    const states = groups(old, ({ tier_before }) => String(tier_before));
    const trace = states.reduce(
      (sum, state) => sum + state.filter(({ tier, tier_before }) => tier === tier_before).length / state.length,
      0,
    );
    const held = old.filter(({ tier_before }) => tier_before !== '');
    const stayed = held.filter(({ move }) => move === 'stayed').length;
    return {
      ...{ month: group[0]!.month!, began: held.length, stayed },
      left: held.filter(({ move }) => move === 'left').length,
      entered: group.filter(({ tier, tier_before }) => tier !== '' && tier_before === '').length,
      stability: states.length < 2 ? null : digits(1 - (states.length - trace) / (states.length - 1)),
    };
  });
}

/** Of all customers at the ends of two months. */
export function portfolioRows(rows: readonly Row[], first: string, last: string): Row[] {
  const sides = [first, last].map((month) => {
    const at = rows.filter((row) => row.month === month);
    const whole = at.reduce((sum, { value }) => sum + Math.max(0, Number(value)), 0);
    return new Map(
      at.map(({ profile, tier, value }) => {
        const above = at.reduce(
          (sum, one) => sum + (Number(one.value) > Number(value) ? Math.max(0, Number(one.value)) : 0),
          0,
        );
        const share = above / whole;
        const ofValue = Number(value) <= 0 ? '' : share < 0.8 ? 'A' : share < 0.95 ? 'B' : 'C';
        return [String(profile), { tier: String(tier), ofValue, value: Number(value) }];
      }),
    );
  }) as [
    Map<string, { tier: string; ofValue: string; value: number }>,
    Map<string, { tier: string; ofValue: string; value: number }>,
  ];
  const profiles = [...new Set([...sides[0].keys(), ...sides[1].keys()])];
  const nothing = { tier: '', ofValue: '', value: 0 };
  return (['tier', 'value'] as const).flatMap((classes) => {
    const of = (side: 0 | 1, profile: string) => sides[side].get(profile) ?? nothing;
    const classOf = (side: 0 | 1, profile: string): string =>
      classes === 'tier' ? of(side, profile).tier : of(side, profile).ofValue;
    return groups(profiles, (profile) => `${classOf(0, profile)}>${classOf(1, profile)}`).map((group) => ({
      ...{ classes, class_before: classOf(0, group[0]!), class_after: classOf(1, group[0]!), customers: group.length },
      value_before: group.reduce((sum, profile) => sum + of(0, profile).value, 0),
      value_after: group.reduce((sum, profile) => sum + of(1, profile).value, 0),
    }));
  });
}
