import { createChance, simulateBg, simulateOccasions, simulateSpend } from '@kenal/analytics/testing';

export const DAY_MS = 86_400_000;
/** What customers of the market really are like. */
export const TRUTH = {
  buying: { r: 0.6, alpha: 4, a: 0.8, b: 2.5 },
  spend: { p: 6, q: 4, v: 60 },
  giving: { alpha: 1.2, beta: 0.75, gamma: 0.65, delta: 2.8 },
} as const;
const YEARS = 9;

/** A purchase: one order of one item. */
export interface Bought {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly gross: number;
  readonly item: string;
  readonly currency: string;
  /** The day on which all of it was given back. */
  readonly returnedOn?: number;
}

export interface Customer {
  /** Its only identifier. */
  readonly owner: string;
  readonly bought: Bought[];
}

export const profileOf = (owner: string): string => `p-${owner.split(':')[1]}`;

/** Customers who live as MBG/NBD says, and spend as Gamma-Gamma says, until today; every tenth pays in dollars too. */
export function createMarket(customers: number, seed: number, today: number): Customer[] {
  const { x, recency, age } = simulateBg('mbg-nbd', TRUTH.buying, customers, seed);
  const { mean } = simulateSpend(TRUTH.spend, x, seed + 1);
  const chance = createChance(seed + 2);
  return Array.from({ length: customers }, (_, i) => {
    const first = today - age[i]!;
    const days = new Set([0, ...(x[i]! > 0 ? [recency[i]!] : [])]);
    // Given how many there were and when the last was, the others may have been at any time
    while (days.size <= x[i]!) days.add(1 + Math.floor(chance() * (recency[i]! - 1)));
    const gross = cents(mean[i] || 40);
    const bought = [...days]
      .sort((one, other) => one - other)
      .map((day): Bought => ({ day: first + day, gross, item: `i${Math.floor(chance() * 9)}`, currency: 'EUR' }));
    if (i % 10 === 0)
      bought.push({ day: today - Math.floor(chance() * 300), gross: 12.5, item: 'i0', currency: 'USD' });
    // Every seventh gave the last purchase back, some of them all that they bought within the year
    if (i % 7 === 3) bought.push({ ...bought.pop()!, returnedOn: today });
    return { owner: `user_id:u${i}`, bought };
  });
}

const cents = (value: number): number => Math.max(1, Math.round(value * 100)) / 100;

/** Gifts by calendar year of donors who all began in the same one, by owner. */
export function createDonors(people: number, seed: number, lastWhole: number): readonly (readonly number[])[] {
  const { taken } = simulateOccasions(TRUTH.giving, people, YEARS, seed);
  return taken.map((own) => [0, ...own].map((year) => lastWhole - YEARS + 1 + year));
}

let receipts = 0;

/** Rows of kenal.interaction_rows: an order for each purchase, as the loader stores it. */
export function orderRows(workspace: string, owner: string, bought: readonly Bought[]): object[] {
  return bought.flatMap(({ day, gross, item, currency, returnedOn }) => {
    const at = (day * DAY_MS + 12 * 3_600_000) * 1_000;
    const line = { line: 1, item_id: item, name: '', category: '', quantity: 1, price: gross, amount: gross, currency };
    const row = rowOf(workspace, 'Order Completed', owner, at);
    const order = { order_id: `o${receipts}`, order_currency: currency };
    const placed = { ...row, ...order, order_kind: 'snapshot', order_total: gross, order_refunded: 0, items: [line] };
    if (returnedOn === undefined) return [placed];
    const back = rowOf(workspace, 'Order Refunded', owner, (returnedOn * DAY_MS + 13 * 3_600_000) * 1_000);
    return [placed, { ...back, ...order, order_kind: 'refund', order_total: null, order_refunded: gross, items: [] }];
  });
}

/** An order of several items, a euro each. */
export interface Basket {
  readonly order: string;
  /** '' where nobody is known. */
  readonly owner: string;
  readonly day: number;
  readonly items: readonly string[];
}

/** @param more what the event says beside it */
export function basketRows(workspace: string, { order, owner, day, items }: Basket, more: object = {}): object[] {
  const lines = items.map((item, at) => ({
    ...{ line: at + 1, item_id: item, name: '', category: '', quantity: 1, price: 1, amount: 1, currency: 'EUR' },
  }));
  return [
    {
      ...rowOf(workspace, 'Order Completed', owner, (day * DAY_MS + 12 * 3_600_000) * 1_000 + receipts),
      ...{ order_id: order, order_kind: 'snapshot', order_total: items.length, order_refunded: 0 },
      ...{ order_currency: 'EUR', items: lines, ...more },
    },
  ];
}

function rowOf(workspace: string, name: string, owner: string, at: number) {
  receipts += 1;
  return {
    ...{ workspace, source: 'shop', message_id: `m${receipts}`, type: 'track', name, channel: 'web' },
    ...{
      occurred_at: at,
      received_at: at,
      client_at: at,
      owner,
      profile_id: owner === '' ? '' : profileOf(owner),
      ver: at,
    },
    ...{ receipt_collector: 'c', receipt_sequence: receipts },
  };
}

export function giftRows(workspace: string, owner: string, years: readonly number[]): object[] {
  return years.map((year) => {
    return { ...rowOf(workspace, 'Donation Made', owner, Date.UTC(year, 5, 1) * 1_000), amount: 20, currency: 'EUR' };
  });
}

/** A version of a profile, as its change says. */
export function profileRow(workspace: string, owner: string, version: number, live = true): object {
  const [type, value] = owner.split(':');
  return {
    ...{ workspace, profile_id: profileOf(owner), version, change_type: 'updated', changed_at: version, live },
    ...{ merged_into: '', traits: '{}', identifiers: live ? [{ type, value }] : [], identifier_count: live ? 1 : 0 },
  };
}
