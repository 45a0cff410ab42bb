import type { Mark, TrueAnswer, TrueReach, TrueSale } from './buyers.ts';
import type { TrueCase } from './desk.ts';
import { byKey, sum } from './desk-oracle.ts';
import { digits, type ProfileOf, type Row } from './oracle.ts';
import { DAY, dayOf } from './seeded.ts';

const Z = 1.959963984540054;

/** Ends of Wilson's interval, as the roots of (p − x)² = z² x (1 − x) / n. */
export function wilson(hits: number, n: number): [number, number] {
  const [a, b, c] = [1 + Z ** 2 / n, -(2 * (hits / n) + Z ** 2 / n), (hits / n) ** 2];
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
}

function verdictOf({ kind, score }: TrueAnswer): 1 | 0 | -1 | null {
  if (score === null) return null;
  const [good, fair] = kind === 'nps' ? [9, 7] : [4, 3];
  return score >= good ? 1 : score >= fair ? 0 : -1;
}

const WORDS = { nps: ['detractor', 'passive', 'promoter'], csat: ['dissatisfied', 'neutral', 'satisfied'] } as const;

export function heard(answers: readonly TrueAnswer[], profileOf: ProfileOf, asOf: string) {
  return answers.flatMap((one) => {
    const profile = one.owner === '' ? '' : profileOf(one.owner);
    const verdict = verdictOf(one);
    const word = verdict === null ? '' : WORDS[one.kind][verdict + 1]!;
    return profile === null || dayOf(one.at) > asOf ? [] : [{ ...one, profile, day: dayOf(one.at), verdict, word }];
  });
}

export function satisfactionRows(answers: readonly TrueAnswer[], profileOf: ProfileOf, asOf: string): Row[] {
  const periods = (day: string): string[] => {
    const quarter = String(Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0');
    const firsts = { month: day.slice(0, 7), quarter: `${day.slice(0, 4)}-${quarter}`, year: `${day.slice(0, 4)}-01` };
    return [...Object.entries(firsts).map(([name, month]) => `${name} ${month}-01`), 'all 1900-01-01'];
  };
  const told = heard(answers, profileOf, asOf).flatMap((one) => periods(one.day).map((period) => ({ ...one, period })));
  const groups = Map.groupBy(told, ({ survey, kind, period }) => `${survey} ${kind} ${period}`);
  return byKey(
    [...groups].map(([key, group]) => {
      const read = group.filter(({ verdict }) => verdict !== null);
      const n = read.length;
      const count = (verdict: number): number => read.filter((one) => one.verdict === verdict).length;
      const [good, bad] = [count(1), count(-1)];
      const isSmall = n < 30;
      return {
        ...{ key, n, unreadable: group.length - n, is_suppressed: isSmall },
        ...{ positive: isSmall ? null : good, neutral: isSmall ? null : count(0), negative: isSmall ? null : bad },
        ...(isSmall ? { score: null, low: null, high: null } : scoreOf(group[0]!.kind, good, bad, n)),
        mean: isSmall ? null : digits(sum(read.map(({ score }) => score!)) / n),
      };
    }),
  );
}

function scoreOf(kind: string, good: number, bad: number, n: number): Row {
  if (kind !== 'nps') {
    const [low, high] = wilson(good, n);
    return { score: digits((100 * good) / n), low: digits(100 * low), high: digits(100 * high) };
  }
  // Mean and variance of n answers that are each 1, 0 or −1
  const mean = (good - bad) / n;
  const variance = (good * (1 - mean) ** 2 + (n - good - bad) * mean ** 2 + bad * (-1 - mean) ** 2) / n;
  const half = Z * Math.sqrt(variance / n);
  const [low, high] = [Math.max(-1, mean - half), Math.min(1, mean + half)];
  return { score: digits(100 * mean), low: digits(100 * low), high: digits(100 * high) };
}

interface Move {
  readonly day: string;
  readonly currency: string;
  readonly isSale: boolean;
  readonly net: number;
}

function movesOf(sales: readonly TrueSale[], profileOf: ProfileOf): Map<string, Move[]> {
  const moves = new Map<string, Move[]>();
  for (const { owner, at, total, currency, refund, cancelledAt } of sales) {
    const profile = profileOf(owner);
    if (profile === null) continue;
    const mine = moves.get(profile) ?? [];
    moves.set(profile, mine);
    mine.push({ day: dayOf(at), currency, isSale: true, net: total });
    if (refund !== null) mine.push({ day: dayOf(refund.at), currency, isSale: false, net: -refund.cents });
    if (cancelledAt !== null) mine.push({ day: dayOf(cancelledAt), currency, isSale: false, net: -total });
  }
  return moves;
}

const plus = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

export interface Outcomes {
  readonly answers: readonly TrueAnswer[];
  readonly sales: readonly TrueSale[];
  readonly cases: readonly TrueCase[];
}

export function outcomeRows(of: Outcomes, profileOf: ProfileOf, asOf: string, days: number): Row[] {
  const moves = movesOf(of.sales, profileOf);
  const told = heard(of.answers, profileOf, asOf).filter(({ profile, word }) => profile !== '' && word !== '');
  const isDecided = ({ day }: { day: string }): boolean => plus(day, days) <= asOf;
  const newest = new Map(
    told
      .filter(isDecided)
      .toSorted((one, other) => one.at - other.at || (one.id < other.id ? 1 : -1))
      .map((one) => [`${one.profile} ${one.survey} ${one.kind}`, one]),
  );
  const groups = Map.groupBy(told, ({ survey, kind, word }) => `${survey} ${kind} ${word}`);
  return byKey(
    [...groups].map(([key, group]) => {
      const customers = [...newest.values()].filter((one) => group.includes(one));
      const after = customers.map(({ profile, day }) =>
        (moves.get(profile) ?? []).filter((move) => move.day > day && move.day <= plus(day, days)),
      );
      const bought = after.map((list) => list.some(({ isSale }) => isSale));
      const before = customers.map(({ profile, day }) =>
        (moves.get(profile) ?? []).some((m) => m.isSale && m.day <= day && m.day >= plus(day, -days)),
      );
      const complained = customers.filter(({ profile, at }) =>
        of.cases.some(
          ({ owner, steps }) =>
            profileOf(owner) === profile &&
            steps.some((step) => step.kind === 'Opened' && step.at > at && step.at <= at + days * DAY),
        ),
      );
      const active = before.filter(Boolean).length;
      const left = before.filter((was, i) => was && !bought[i]).length;
      const n = customers.length;
      return {
        ...{ key, customers: n, undecided: group.filter((one) => !isDecided(one)).length },
        ...shown('bought', bought.filter(Boolean).length, n),
        ...shown('complained', complained.length, n),
        ...{ were_active: active, ...shown('churned', left, active) },
        revenue: n < 30 ? '{}' : purse(after.flat()),
      };
    }),
  );
}

function shown(name: string, hits: number, n: number): Row {
  if (n < 30) return { [name]: null, [`${name}_share`]: null, [`${name}_low`]: null, [`${name}_high`]: null };
  const [low, high] = wilson(hits, n);
  const ends = { [`${name}_low`]: digits(low), [`${name}_high`]: digits(high) };
  return { [name]: hits, [`${name}_share`]: digits(hits / n), ...ends };
}

/** Cents by currency, as JSON. */
export function purse(moves: readonly { readonly currency: string; readonly net: number }[]): string {
  const sums = Map.groupBy(moves, ({ currency }) => currency);
  const pairs = [...sums].map(([currency, list]) => [currency, sum(list.map(({ net }) => net))]);
  return JSON.stringify(Object.fromEntries(pairs.sort()));
}

/** A sale as the end of a day knew it; null where it was not there, or cancelled. */
export function netBy({ at, total, refund, cancelledAt }: TrueSale, asOf: string): number | null {
  if (dayOf(at) > asOf) return null;
  if (cancelledAt !== null && dayOf(cancelledAt) <= asOf) return null;
  return total - (refund !== null && dayOf(refund.at) <= asOf ? refund.cents : 0);
}

export function campaignRows(
  of: { reaches: readonly TrueReach[]; sales: readonly TrueSale[] },
  profileOf: ProfileOf,
  asOf: string,
  days: number,
): Row[] {
  const people = new Map<
    string,
    { campaign: string; profile: string; sentAt: number; heldAt: number; marks: Set<Mark> }
  >();
  for (const { campaign, owner, sentAt, heldAt, marks } of of.reaches) {
    const profile = profileOf(owner);
    if (profile === null || dayOf((sentAt ?? heldAt)!) > asOf) continue;
    const key = `${campaign} ${profile}`;
    const one = people.get(key) ?? { campaign, profile, sentAt: Infinity, heldAt: Infinity, marks: new Set() };
    people.set(key, one);
    one.sentAt = Math.min(one.sentAt, sentAt ?? Infinity);
    one.heldAt = Math.min(one.heldAt, heldAt ?? Infinity);
    for (const mark of marks) one.marks.add(mark);
  }
  const judged = [...people.values()].map((one) => {
    const begin = one.sentAt === Infinity ? one.heldAt : one.sentAt;
    const bought = of.sales.filter(
      (sale) =>
        profileOf(sale.owner) === one.profile &&
        netBy(sale, asOf) !== null &&
        sale.at > begin &&
        sale.at <= begin + days * DAY,
    );
    return {
      ...one,
      bought,
      isSent: one.sentAt < Infinity,
      isHeld: one.heldAt < Infinity,
      isOver: plus(dayOf(begin), days) <= asOf,
    };
  });
  return byKey(
    [...Map.groupBy(judged, ({ campaign }) => campaign)].map(([campaign, group]) => {
      const sent = group.filter(({ isSent }) => isSent);
      const count = (mark: Mark): number => sent.filter(({ marks }) => marks.has(mark)).length;
      const orders = sent.flatMap(({ bought }) => bought);
      const treated = sent.filter(({ isHeld, isOver }) => !isHeld && isOver);
      const control = group.filter(({ isSent, isOver }) => !isSent && isOver);
      return {
        ...{
          campaign,
          sent: sent.length,
          delivered: count('delivered'),
          bounced: count('bounced'),
          opened: count('opened'),
        },
        opened_by_machine: sent.filter(({ marks }) => marks.has('machine') && !marks.has('opened')).length,
        ...{ clicked: count('clicked'), answered: count('answered'), unsubscribed: count('unsubscribed') },
        ...{ complained: count('complained'), bought: sent.filter(({ bought }) => bought.length > 0).length },
        ...{ orders: orders.length, is_over: sent.every(({ isOver }) => isOver) },
        revenue: purse(orders.map((sale) => ({ currency: sale.currency, net: netBy(sale, asOf)! }))),
        held_out: group.filter(({ isHeld }) => isHeld).length,
        both_ways: group.filter(({ isHeld, isSent }) => isHeld && isSent).length,
        ...compared(
          treated.map(({ bought }) => bought.length > 0),
          control.map(({ bought }) => bought.length > 0),
        ),
      };
    }),
  );
}

/** Newcombe's interval of the difference. */
function compared(treated: readonly boolean[], control: readonly boolean[]): Row {
  const hits = (list: readonly boolean[]): number => list.filter(Boolean).length;
  const counts = {
    treated: treated.length,
    treated_bought: hits(treated),
    control: control.length,
    control_bought: hits(control),
  };
  if (treated.length < 30 || control.length < 30)
    return { ...counts, uplift: null, uplift_low: null, uplift_high: null };
  const [p, q] = [hits(treated) / treated.length, hits(control) / control.length];
  const [[a, b], [c, d]] = [wilson(hits(treated), treated.length), wilson(hits(control), control.length)];
  const [low, high] = [p - q - Math.hypot(p - a, d - q), p - q + Math.hypot(b - p, q - c)];
  return { ...counts, uplift: digits(p - q), uplift_low: digits(low), uplift_high: digits(high) };
}
