import { interactionRow, WORKSPACE } from '../../test-support.ts';
import { dayOf } from './seeded.ts';
import { createShop, type TrueOrder } from './shop.ts';

/** An order with the id and coupon that its events have, and who sold it; '' where nobody did. */
export interface SoldOrder extends TrueOrder {
  readonly id: string;
  readonly staff: string;
  readonly coupon: string;
}

/** Something that a rule may count, or that takes points. */
export interface TrueEvent {
  readonly id: string;
  readonly name: string;
  /** '' where nobody is known. */
  readonly owner: string;
  readonly staff: string;
  readonly ms: number;
  readonly day: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

export interface RewardsShop {
  readonly rows: readonly object[];
  readonly orders: readonly SoldOrder[];
  readonly events: readonly TrueEvent[];
  readonly owners: readonly string[];
  /** Owners in segment vip. */
  readonly segment: ReadonlySet<string>;
  /** Who was named with an account last. */
  readonly accounts: ReadonlyMap<string, string>;
}

/** 2024-01-01T00:00:00Z */
const BEGIN = 1_704_067_200_000;
const HOUR = 3_600_000;

/** The shop of the other marts, sold by staff in part, with reviews that earn points and with points that are redeemed. */
export function createRewardsShop(seed: number): RewardsShop {
  const { rows, orders, owners } = createShop(seed);
  const couponOf = (n: number): string => (n % 4 === 0 ? 'SPRING' : 'NONE');
  const staffOf = (n: number): string => (n % 3 === 0 ? '' : `agent${n % 2}`);
  const events = Array.from({ length: 240 }, (_, n) => eventOf(n, owners));
  const accounts = new Map(owners.slice(0, 9).map((owner, i) => [owner, `a${i % 2}`]));
  return {
    orders: orders.map((order, n) => ({ ...order, id: `o${n}`, staff: staffOf(n), coupon: couponOf(n) })),
    events,
    owners,
    segment: new Set(owners.slice(3, 7)),
    accounts,
    rows: [
      ...rows.map((row) => {
        const n = Number((row as { order_id: string }).order_id.slice(1));
        const properties = JSON.stringify({ coupon: couponOf(n) });
        return { ...row, properties, actor_kind: staffOf(n) === '' ? '' : 'staff', actor_id: staffOf(n) };
      }),
      ...events.map(rowOf),
      ...[...accounts].flatMap(([owner, account], i) => [named(owner, 'before', i), named(owner, account, i + 20)]),
    ],
  };
}

function eventOf(n: number, owners: readonly string[]): TrueEvent {
  const ms = BEGIN + ((n * 7_919) % (230 * 24)) * HOUR + n;
  const isReview = n % 4 !== 0;
  return {
    id: `e${n}`,
    name: isReview ? 'Review Written' : 'Points Redeemed',
    owner: n % 11 === 0 ? '' : owners[(n * 13) % owners.length]!,
    staff: n % 5 === 0 ? 'agent1' : '',
    ms,
    day: dayOf(ms),
    properties: isReview
      ? { stars: 1 + (n % 5), shown: n % 2 === 0, test: n % 17 === 0 }
      : { points: 5 + (n % 40), ...(n % 8 === 0 ? { for: 'staff' } : {}) },
  };
}

function rowOf({ id, name, owner, staff, ms, properties }: TrueEvent): object {
  return interactionRow(id, {
    ...{ name, owner, profile_id: owner === '' ? '' : `p-${owner}`, ver: 1, properties: JSON.stringify(properties) },
    ...{ occurred_at: ms * 1_000, client_at: ms * 1_000, received_at: ms * 1_000 },
    ...{ actor_kind: staff === '' ? '' : 'agent', actor_id: staff },
  });
}

function named(owner: string, account_id: string, hours: number): object {
  const at = (BEGIN + hours * HOUR) * 1_000;
  const times = { occurred_at: at, client_at: at, received_at: at };
  return interactionRow(`g-${owner}-${account_id}`, {
    ...{ type: 'group', name: '', owner, profile_id: `p-${owner}`, ver: 1, account_id, ...times },
  });
}

/** A row of kenal.declaration_rows, as the loader writes it. */
export function declared(kind: string, name: string, place: number, content: object, version = 1): object {
  return { workspace: WORKSPACE, kind, name, place, declared: JSON.stringify(content), live: true, version };
}
