import { groups, monthOf, type ProfileOf, type Row } from './oracle.ts';
import type { RewardsShop, SoldOrder, TrueEvent } from './rewards.ts';

export interface Rule {
  readonly name: string;
  readonly for: 'customer' | 'staff';
  readonly event: string;
  readonly points?: number;
  readonly per?: { readonly amount: number; readonly points: number };
  readonly where: readonly { readonly property: string; readonly value: string }[];
  readonly expiresMonths?: number;
  readonly max?: { readonly points: number; readonly per: string };
}

/** What a rule gave somebody for one cause, and what it was worth on later days. */
export interface Grant {
  readonly rule: string;
  readonly place: number;
  readonly subject: string;
  readonly id: string;
  readonly cause: string;
  readonly at: number;
  readonly days: readonly string[];
  readonly worth: readonly number[];
  /** When that is gone which came on each of the days. */
  readonly expires: readonly string[];
}

export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

const NEVER = '2299-12-31';

export function grantsOf(shop: RewardsShop, rules: readonly Rule[], profileOf: ProfileOf, asOf: string): Grant[] {
  return rules.flatMap((rule, place) => {
    const expires = (day: string): string =>
      rule.expiresMonths === undefined ? NEVER : addMonths(day, rule.expiresMonths);
    const raw: Grant[] =
      rule.event === 'order'
        ? shop.orders.flatMap((order) => ofOrder(order, rule, place, profileOf, asOf, expires))
        : shop.events.flatMap((event) => ofEvent(event, rule, place, profileOf, asOf, expires));
    return capped(raw, rule.max);
  });
}

function ofOrder(
  order: SoldOrder,
  rule: Rule,
  place: number,
  profileOf: ProfileOf,
  asOf: string,
  expires: (day: string) => string,
): Grant[] {
  const profile = profileOf(order.owner);
  const subject = rule.for === 'staff' ? order.staff : profile;
  const fits = rule.where.every(({ property, value }) => property === 'coupon' && value === `"${order.coupon}"`);
  if (profile === null || subject === null || subject === '' || !fits) return [];
  const leftOn = (until: string): number =>
    order.happened.filter(({ day }) => day <= until).reduce((sum, { gross, returns }) => sum + gross - returns, 0);
  const known = [...new Set(order.happened.map(({ day }) => day))].sort().filter((day) => day <= asOf);
  const first = known.findIndex((day) => leftOn(day) > 0);
  if (first < 0) return [];
  const days = known.slice(first);
  const worth = days.map((until) => {
    const left = leftOn(until);
    if (left <= 0) return 0;
    if (rule.per === undefined) return rule.points!;
    return order.currency === 'EUR' ? Math.floor(left / (rule.per.amount * 100)) * rule.per.points : 0;
  });
  const told = { rule: rule.name, place, subject: rule.for, id: subject, cause: order.id, at: 0 };
  return [{ ...told, days, worth, expires: days.map(expires) }];
}

function ofEvent(
  event: TrueEvent,
  rule: Rule,
  place: number,
  profileOf: ProfileOf,
  asOf: string,
  expires: (day: string) => string,
): Grant[] {
  const { name, owner, staff, day, properties } = event;
  const profile = owner === '' ? '' : profileOf(owner);
  const subject = rule.for === 'staff' ? staff : profile;
  const fits = rule.where.every(({ property, value }) => JSON.stringify(properties[property]) === value);
  // Nothing of who was erased is seen any more
  if (name !== rule.event || day > asOf || profile === null || !subject || !fits || properties.test === true) return [];
  const told = { rule: rule.name, place, subject: rule.for, id: subject, cause: event.id, at: event.ms };
  return [{ ...told, days: [day], worth: [rule.points!], expires: [expires(day)] }];
}

/** First come, first served. */
function capped(grants: readonly Grant[], max: Rule['max']): Grant[] {
  if (max === undefined) return [...grants];
  const used = new Map<string, number>();
  return [...grants]
    .sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))
    .map((grant) => {
      const key = `${grant.id} ${periodOf(grant.days[0]!, max.per)}`;
      const before = used.get(key) ?? 0;
      const given = Math.min(grant.worth[0]!, max.points - before);
      used.set(key, before + given);
      return { ...grant, worth: grant.worth.map((worth) => Math.min(worth, given)) };
    });
}

const orderOf = ({ days, at, cause }: Grant): string => `${days[0]} ${String(at).padStart(15, '0')} ${cause}`;

function periodOf(day: string, per: string): string {
  if (per === 'week') return String(Math.floor((Date.parse(day) / 86_400_000 + 3) / 7));
  return per === 'month' ? monthOf(day) : day;
}

interface Entry {
  readonly day: string;
  readonly phase: number;
  readonly at: number;
  readonly cause: string;
  readonly place: number;
  readonly what: string;
  readonly rule: string;
  readonly points: number;
  readonly lot: string;
  readonly expires: string;
}

/** Points that customers earned less those taken back, day by day: what tiers and goals count. */
export const pointDays = (grants: readonly Grant[]): { id: string; day: string; points: number }[] =>
  grants
    .filter(({ subject }) => subject === 'customer')
    .flatMap(({ id, days, worth }) => days.map((day, i) => ({ id, day, points: worth[i]! - (worth[i - 1] ?? 0) })));

/** The accounts, entry by entry. */
export function ledgerRows(shop: RewardsShop, grants: readonly Grant[], profileOf: ProfileOf, asOf: string): Row[] {
  const entries = new Map<string, Entry[]>();
  const add = (subject: string, id: string, entry: Entry): void => {
    if (entry.day > asOf) return;
    const key = `${subject} ${id}`;
    entries.set(key, [...(entries.get(key) ?? []), entry]);
  };
  for (const { rule, place, subject, id, cause, at, days, worth, expires } of grants) {
    const first = worth.findIndex((points) => points > 0);
    for (const [i, day] of days.entries()) {
      const points = worth[i]! - (worth[i - 1] ?? 0);
      if (points === 0) continue;
      // What is added to an order later is a lot of its own
      const lot = points > 0 && i > first ? `${rule} ${cause} ${i}` : `${rule} ${cause}`;
      const base = { at, cause, place, rule, lot, expires: expires[i]! };
      add(subject, id, { ...base, day, points, phase: points > 0 ? 1 : 2, what: points > 0 ? 'earned' : 'taken back' });
      if (points > 0) add(subject, id, { ...base, day: expires[i]!, points: 0, phase: 0, what: 'expired' });
    }
  }
  for (const { id, name, owner, staff, day, ms, properties } of shop.events) {
    const profile = owner === '' ? '' : profileOf(owner);
    // Nobody's points are spent by guess: without a known customer only where it is said to be for staff
    const subject = properties.for === 'staff' ? 'staff' : 'customer';
    const spender = subject === 'staff' ? staff : profile;
    if (name !== 'Points Redeemed' || profile === null || !spender) continue;
    const base = { day, phase: 3, at: ms, cause: id, place: 0, what: 'redeemed', rule: '', lot: '', expires: NEVER };
    add(subject, spender, { ...base, points: -Number(properties.points) });
  }
  return [...entries].flatMap(([key, list]) => {
    const [subject, ...id] = key.split(' ');
    return booked(list).map((row) => ({ subject: subject!, id: id.join(' '), ...row }));
  });
}

const placeOf = ({ day, phase, at, cause, place }: Entry): string =>
  `${day} ${phase} ${String(at).padStart(15, '0')} ${cause} ${place}`;

interface Lot {
  readonly entry: Entry;
  left: number;
  gone: number;
}

/** As a bookkeeper would: of each lot of points what is left. */
function booked(entries: readonly Entry[]): Row[] {
  const lots: Lot[] = [];
  let [owed, balance] = [0, 0];
  const spend = (points: number): void => {
    let rest = points;
    const order = groups(lots, ({ entry }) => entry.expires).sort((one, other) =>
      one[0]!.entry.expires < other[0]!.entry.expires ? -1 : 1,
    );
    for (const lot of order.flat()) {
      const taken = Math.min(lot.left, rest);
      lot.left -= taken;
      rest -= taken;
    }
    owed += rest;
  };
  return [...entries]
    .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
    .flatMap((entry) => {
      const own = lots.find(({ entry: { lot } }) => lot === entry.lot);
      let change = entry.points;
      if (entry.what === 'earned') {
        const paid = Math.min(owed, entry.points);
        owed -= paid;
        lots.push({ entry, left: entry.points - paid, gone: 0 });
      } else if (entry.what === 'expired') {
        change = -own!.left;
        [own!.left, own!.gone] = [0, own!.left];
      } else if (entry.what === 'redeemed') spend(-entry.points);
      else {
        const fromOwn = Math.min(own!.left, -entry.points);
        const expired = Math.min(own!.gone, -entry.points - fromOwn);
        own!.left -= fromOwn;
        own!.gone -= expired;
        spend(-entry.points - fromOwn - expired);
        change = entry.points + expired;
      }
      balance += change;
      const { day, what, rule, cause } = entry;
      return change === 0 ? [] : [{ day, what, rule, points: change, balance, cause_id: cause }];
    });
}
