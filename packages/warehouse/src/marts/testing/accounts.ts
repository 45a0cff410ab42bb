import { interactionRow, NOON } from '../../test-support.ts';
import { declared } from './rewards.ts';

const WORKSPACE = 'accounts';
const HOUR = 3_600_000_000;
const TIMES = 2_000;
const RULES = [
  { name: 'visit', for: 'customer', event: 'Visited', points: 3, where: [], expiresMonths: 1 },
  { name: 'money', for: 'customer', event: 'order', per: { amount: 1, points: 1 }, where: [], expiresMonths: 1 },
];

function event(who: string, id: string, hours: number, name: string, fields: object): object {
  const at = NOON + hours * HOUR;
  const said = {
    name,
    owner: `user_id:${who}`,
    profile_id: who,
    ver: 1,
    occurred_at: at,
    client_at: at,
    received_at: at,
  };
  return { ...interactionRow(`${who}-${id}`, { ...said, ...fields }), workspace: WORKSPACE };
}
const order = (hours: number, order_kind: string, order_total: number | null, order_refunded: number): object =>
  event('back', `${order_kind}-${hours}`, hours, 'Order', {
    ...{ order_id: 'o', order_kind, order_currency: 'EUR', order_total, order_refunded },
  });

/**
 * A workspace of two accounts: of `busy`, who earns points in one hour and redeems one in the next, thousands of times; and of
 * `back`, whose order is given back in halves when four of its ten points are redeemed and six have expired.
 */
export const ACCOUNTS = {
  tables: {
    'kenal.workspace_rows': [{ workspace: WORKSPACE, timezone: 'UTC', currency: 'EUR', version: 1 }],
    'kenal.declaration_rows': RULES.map((rule, i) => ({
      ...declared('points', rule.name, i, rule),
      workspace: WORKSPACE,
    })),
    'kenal.interaction_rows': [
      ...Array.from({ length: TIMES }, (_, i) => event('busy', `v-${i}`, 2 * i, 'Visited', {})),
      ...Array.from({ length: TIMES }, (_, i) =>
        event('busy', `r-${i}`, 2 * i + 1, 'Points Redeemed', { properties: '{"points":1}' }),
      ),
      order(0, 'lines', 10, 0),
      event('back', 'r', 1, 'Points Redeemed', { properties: '{"points":4}' }),
      ...[2_000, 3_000].map((hours) => order(hours, 'refund', null, 5)),
    ],
  },
  sql: `SELECT subject_id AS who, what, uniqExact(tuple(*)) AS n, sum(p.points) AS points FROM points AS p GROUP BY who, what ORDER BY who, what`,
  options: { workspace: WORKSPACE, settings: { max_execution_time: 60, max_memory_usage: '200000000' } },
  /** Of each and kind of entry: how many, and what they come to. */
  told: [
    { who: 'back', what: 'earned', n: 1, points: 10 },
    { who: 'back', what: 'expired', n: 1, points: -6 },
    { who: 'back', what: 'redeemed', n: 1, points: -4 },
    { who: 'back', what: 'taken back', n: 1, points: -4 },
    { who: 'busy', what: 'earned', n: TIMES, points: 3 * TIMES },
    // Redeemed is what expires first: of three visits' nine points that is one visit's three
    { who: 'busy', what: 'expired', n: 1_334, points: -2 * TIMES },
    { who: 'busy', what: 'redeemed', n: TIMES, points: -TIMES },
  ],
};
