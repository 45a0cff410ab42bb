import { interactionRow } from '../../test-support.ts';
import { createBills } from './bills.ts';
import { createBuyers } from './buyers.ts';
import { createDesk } from './desk.ts';
import { createParcels } from './parcels.ts';
import { createRewardsShop, declared } from './rewards.ts';
import { BEGIN, DAY, dayOf, HOUR } from './seeded.ts';
import { createWares } from './wares.ts';

interface HistoryRow {
  readonly message_id: string;
  readonly order_id?: string;
  /** Microseconds, as the other times. */
  readonly occurred_at: number;
  readonly received_at: number;
  readonly client_at: number;
}

/** The two years of the wares lie around the months of the others by then. */
const WARES_LATER = 1_000 * DAY * 1_000;
/** 2024-03-20T22:30:00Z, half an hour before midnight in Berlin. */
const LATE = BEGIN + 79 * DAY + 22.5 * HOUR;
const SHOP = createRewardsShop(20_241);
const WARES = createWares(7_013);

/** Everything that marts are made of: what happened at all the shops and desks here, as if they were one. */
export function createHistory(): readonly object[] {
  const owners = SHOP.owners;
  const desk = createDesk(77, owners);
  const about = desk.contacts.map(({ conversation }) => conversation);
  const others = [desk, createBuyers(78, owners, about), createBills(79, owners), createParcels(80, owners)];
  const wares = (WARES.rows as readonly HistoryRow[]).map((row) => ({
    ...row,
    message_id: `w-${row.message_id}`,
    ...(row.order_id === undefined ? {} : { order_id: `w-${row.order_id}` }),
    occurred_at: row.occurred_at + WARES_LATER,
    received_at: row.received_at + WARES_LATER,
    client_at: row.client_at + WARES_LATER,
  }));
  return [...SHOP.rows, ...wares, ...others.flatMap(({ rows }) => rows), ...oddOrders(), ...toldLater()];
}

/** What had happened by the end of a day. */
export function knownBy(history: readonly object[], asOf: string): readonly object[] {
  return (history as readonly HistoryRow[]).filter(({ occurred_at: at }) => dayOf(at / 1_000) <= asOf);
}

type Said = readonly [day: number, kind: string, fields: object];
const snapshot = (total: string | null, ...quantities: readonly number[]): object => {
  return { order_total: total, order_refunded: '0', items: quantities.map((quantity, i) => line(quantity, i)) };
};
const line = (quantity: number, i: number): object => {
  return {
    line: i + 1,
    item_id: `i${i}`,
    name: '',
    category: '',
    quantity,
    price: 5,
    amount: 5 * quantity,
    currency: '',
  };
};
const NOBODY = { owner: '', profile_id: '' };

/** Of each order what was said of it, so many days after the year began. */
const ODD: Readonly<Record<string, readonly Said[]>> = {
  'whose buyer is known later': [
    [50, 'snapshot', { ...snapshot('20', 4), ...NOBODY }],
    [110, 'snapshot', snapshot('20', 4)],
  ],
  'of another currency than it seemed': [
    [40, 'refund', { order_currency: 'EUR', order_refunded: '3' }],
    [60, 'lines', { ...snapshot('20', 2), order_currency: '' }],
    [120, 'lines', { ...snapshot('5', 1), order_currency: 'USD' }],
  ],
  'that is stated again in another currency': [
    [35, 'snapshot', snapshot('20', 4)],
    [70, 'refund', { order_refunded: '5', items: [line(-1, 0)] }],
    [115, 'snapshot', { ...snapshot('2000', 4), order_currency: 'JPY' }],
    [145, 'snapshot', { ...snapshot('1900', 3), order_currency: '' }],
  ],
  'that is given back before it comes': [
    [70, 'refund', { order_refunded: '8' }],
    [130, 'snapshot', snapshot('30', 6)],
  ],
  'that loses its value and wins it again': [
    [60, 'snapshot', snapshot('30', 6)],
    [80, 'snapshot', snapshot('0')],
    [140, 'snapshot', snapshot('12', 1, 1)],
  ],
  'that is cancelled and taken up, changed': [
    [30, 'snapshot', snapshot('25', 3, 2)],
    [65, 'refund', { order_refunded: '5' }],
    [75, 'cancel', {}],
    [100, 'snapshot', snapshot('15', 3)],
    [150, 'refund', { order_refunded: null }],
  ],
  // Its clock is wrong: what it calls older came later
  'that is told in the wrong order': [
    [45, 'snapshot', { ...snapshot('40', 8), client_at: (BEGIN + 130 * DAY) * 1_000 }],
    [85, 'snapshot', { ...snapshot('10', 2), client_at: (BEGIN + 20 * DAY) * 1_000 }],
    [135, 'snapshot', snapshot('45', 8, 1)],
  ],
  'whose value nobody can read': [
    [55, 'snapshot', { ...snapshot(null), order_faults: ['total "x" is no number'] }],
    [90, 'refund', { order_refunded: '2', items: [line(-1, 0)] }],
    [125, 'snapshot', snapshot('10', 2)],
  ],
};

const row = (id: string, n: number, ms: number, fields: object): object => {
  const who = { owner: SHOP.owners[n]!, profile_id: `p-${SHOP.owners[n]!}`, ver: 1 };
  const times = { occurred_at: ms * 1_000, client_at: ms * 1_000, received_at: ms * 1_000 };
  return interactionRow(`odd-${id}`, { source: 'odd', ...who, ...times, ...fields });
};

function oddOrders(): object[] {
  return Object.entries(ODD).flatMap(([order_id, said], n) =>
    said.map(([days, order_kind, fields], i) => {
      const order = { order_id, order_kind, order_currency: 'EUR', name: 'Order Completed' };
      return row(`${n}-${i}`, n, BEGIN + days * DAY + n, { ...order, ...fields });
    }),
  );
}

/** What somebody is told of only later: who sold it, whose order it is, which company, how a call ended. */
function toldLater(): object[] {
  const at = (days: number): number => BEGIN + days * DAY;
  const order = { order_id: 'twice', order_kind: 'snapshot', order_currency: 'EUR', ...snapshot('20', 4) };
  const sold = { actor_kind: 'staff', actor_id: 'agent1', properties: '{"coupon":"SPRING"}' };
  const call = { channel: 'phone', conversation_id: 'long', direction: 'inbound' };
  const ends = (hours: number): object => ({
    properties: JSON.stringify({ direction: 'inbound', ended_at: new Date(LATE + hours * HOUR).toISOString() }),
  });
  return [
    row('sold', 1, at(50), order),
    row('sold-by', 1, at(110), { ...order, ...sold }),
    row('paid', 1, at(52), { source: 'bank', name: 'Payment Succeeded', properties: '{"order_id":"twice"}' }),
    row('other', 2, at(140), { ...order, source: 'elsewhere' }),
    row('account-1', 3, at(40), { type: 'group', account_id: 'a1' }),
    row('account-2', 3, at(100), { type: 'group', account_id: 'a2' }),
    row('call', 4, LATE, { ...call, name: 'Call Started', properties: '{"direction":"inbound"}' }),
    row('call-end', 4, LATE + HOUR, { ...call, name: 'Call Completed', ...ends(1) }),
  ];
}

const record = (kind: string, id: string, values: object): object => {
  const word = { kind, id, source: 'erp', ver: 1, received_at: 0, recorded_at: 0, valid_from: 0, valid_to: null };
  return { ...word, values: JSON.stringify(values) };
};
const CENT = { amount: '1.25', currency: 'EUR' };

/** What does not go by days: declarations, records, and who is who. By table, for any workspace. */
export const SETTINGS: Readonly<Record<string, readonly object[]>> = {
  'kenal.workspace_rows': [{ timezone: 'Europe/Berlin', currency: 'EUR', version: 1 }],
  'kenal.record_words': [
    ...WARES.records,
    record('cost', 'c1', { ...CENT, item_id: 'sku' }),
    record('cost', 'c2', { ...CENT, item_id: 'i0' }),
    record('campaign', 'spring', { name: 'Spring', cost: '12.5', currency: 'EUR' }),
  ],
  'kenal.profile_rows': WARES.profiles,
  'kenal.identifier_rows': WARES.identifiers,
  'kenal.declaration_rows': [
    declared('tiers', 'tiers', 0, {
      ...{ measure: 'net', windowMonths: 3, graceMonths: 1 },
      levels: [
        { name: 'bronze', from: 100 },
        { name: 'gold', from: 600, keep: 400 },
      ],
    }),
    ...[
      { name: 'money', for: 'customer', event: 'order', per: { amount: 10, points: 1 }, where: [], expiresMonths: 2 },
      { name: 'orders', for: 'customer', event: 'order', points: 5, where: [], max: { points: 12, per: 'month' } },
      { name: 'reviews', for: 'staff', event: 'Review Written', points: 4, where: [] },
      { name: 'sales', for: 'staff', event: 'order', points: 3, where: [{ property: 'coupon', value: '"SPRING"' }] },
    ].map((rule, i) => declared('points', rule.name, i, rule)),
    ...['net', 'margin', 'orders', 'customers', 'retention', 'points'].map((measure, i) =>
      declared('goal', measure, i, {
        ...{
          name: measure,
          for: ['everybody', { tier: 'gold' }, { account: 'a1' }][i % 3],
          measure,
          target: 100,
          owner: 'Ada',
        },
        ...{ from: '2024-02-10', until: '2024-06-30' },
      }),
    ),
  ],
};
