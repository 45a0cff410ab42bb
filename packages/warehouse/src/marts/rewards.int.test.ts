import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyErased } from '../erased.ts';
import { applyOverrides } from '../overrides.ts';
import { NOON, type TestWarehouse, temporaryWarehouse, WORKSPACE } from '../test-support.ts';
import { ACCOUNTS } from './testing/accounts.ts';
import { customerDays, digits, type ProfileOf, type Row } from './testing/oracle.ts';
import { type Goal, goalRows } from './testing/oracle-goals.ts';
import { livesOf } from './testing/oracle-lifecycle.ts';
import { grantsOf, ledgerRows, type Rule } from './testing/oracle-points.ts';
import {
  broughtBy,
  COST,
  portfolioRows,
  type Scheme,
  stabilityRows,
  tierMonths,
  tierRows,
} from './testing/oracle-tiers.ts';
import { candidateRows } from './testing/oracle-winback.ts';
import { createRewardsShop, declared } from './testing/rewards.ts';

const SHOP = createRewardsShop(20_241);
/** A day in the middle of a month. */
const AS_OF = '2024-08-13';

const SCHEME: Scheme = {
  ...{ measure: 'net', windowMonths: 3, graceMonths: 1 },
  levels: [
    { name: 'bronze', from: 10_000, keep: 10_000 },
    { name: 'silver', from: 30_000, keep: 25_050 },
    { name: 'gold', from: 60_000, keep: 45_000 },
  ],
};

const RULES: readonly Rule[] = [
  { name: 'money', for: 'customer', event: 'order', per: { amount: 12.5, points: 2 }, where: [], expiresMonths: 1 },
  { name: 'orders', for: 'customer', event: 'order', points: 5, where: [], max: { points: 12, per: 'month' } },
  {
    ...{ name: 'reviews', for: 'customer', event: 'Review Written', points: 7, expiresMonths: 1 },
    where: [{ property: 'shown', value: 'true' }],
    max: { points: 10, per: 'week' },
  },
  {
    ...{ name: 'coupon', for: 'customer', event: 'order', points: 3 },
    where: [{ property: 'coupon', value: '"SPRING"' }],
  },
  { name: 'sales', for: 'staff', event: 'order', per: { amount: 100, points: 3 }, where: [] },
  {
    ...{ name: 'advice', for: 'staff', event: 'Review Written', points: 4, max: { points: 6, per: 'day' } },
    where: [{ property: 'stars', value: '3' }],
  },
];

const goal = (name: string, measure: string, target: number, from: string, until: string, scope: Goal['for']): Goal => {
  return { name, measure, target, from, until, for: scope, owner: 'Ada' };
};
const GOALS: readonly Goal[] = [
  goal('all net', 'net', 20_000, '2024-02-10', '2024-06-30', 'everybody'),
  goal('gold', 'net', 2_000.5, '2024-03-05', '2024-12-31', { tier: 'gold' }),
  goal('orders', 'orders', 100, '2024-03-10', '2024-09-20', 'everybody'),
  goal('buyers', 'customers', 25, '2024-03-01', '2024-05-31', 'everybody'),
  goal('again', 'retention', 0.8, '2024-04-01', '2024-05-31', 'everybody'),
  goal('silver again', 'retention', 0.5, '2024-06-15', '2024-08-31', { tier: 'silver' }),
  goal('nobody', 'retention', 0.5, '2024-01-01', '2024-02-15', 'everybody'),
  goal('champions', 'gross', 3_000, '2024-04-01', '2024-09-30', { segment: 'champions' }),
  goal('of ours', 'gross', 1_000, '2024-03-01', '2024-06-30', { segment: 'vip' }),
  goal('account', 'net', 500, '2024-02-01', '2024-07-31', { account: 'a1' }),
  goal('one', 'points', 100, '2024-02-01', '2024-07-31', { profile: SHOP.owners[0]! }),
  goal('by id', 'gross', 100, '2024-02-01', '2024-03-31', { profile: `p-${SHOP.owners[1]}` }),
  goal('to come', 'net', 100, '2024-09-01', '2024-09-30', 'everybody'),
];

const own: ProfileOf = (owner) => `p-${owner}`;

let warehouse: TestWarehouse;

const inUnits = ({ levels, ...rest }: Scheme): object => {
  return { ...rest, levels: levels.map(({ name, from, keep }) => ({ name, from: from / 100, keep: keep / 100 })) };
};
const objectors = new Set([`p-${SHOP.owners[2]}`, `p-${SHOP.owners[30]}`]);

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await warehouse.insert('kenal.workspace_rows', [
    { workspace: WORKSPACE, timezone: 'Europe/Berlin', currency: 'EUR', version: 1 },
  ]);
  await warehouse.insert('kenal.declaration_rows', [
    declared('tiers', 'tiers', 0, inUnits(SCHEME)),
    ...RULES.map((rule, i) => declared('points', rule.name, i, rule)),
    ...GOALS.map((one, i) => declared('goal', one.name, i, one)),
    { ...declared('goal', 'given up', 0, GOALS[0]!), live: false },
  ]);
  await warehouse.insert(
    'kenal.profile_rows',
    SHOP.owners.map((owner) => profileRow(`p-${owner}`)),
  );
  await warehouse.insert(
    'kenal.identifier_rows',
    SHOP.owners.map((owner) => identifierRow(owner, `p-${owner}`, 1)),
  );
  await warehouse.insert('kenal.record_words', [cost(COST)]);
  await warehouse.insert(
    'kenal.computed_rows',
    [...SHOP.segment].map((owner) => ({
      ...{ workspace: WORKSPACE, profile_id: own(owner), name: 'segment.vip', kind: 'segment', value: 'true' },
      computed_at: NOON,
    })),
  );
  await warehouse.insert('kenal.interaction_rows', SHOP.rows);
});

function profileRow(profile_id: string): object {
  const consent = JSON.stringify({ sms: false, 'email-marketing': !objectors.has(profile_id) });
  return { workspace: WORKSPACE, profile_id, version: 1, live: true, traits: '{}', consent, changed_at: NOON };
}

function identifierRow(owner: string, profile_id: string, version: number): object {
  const [type, value] = owner.split(':');
  return { workspace: WORKSPACE, type, value, profile_id, version };
}

function cost(cents: number): object {
  const values = JSON.stringify({ item_id: 'sku', amount: String(cents / 100), currency: 'EUR' });
  const word = { workspace: WORKSPACE, kind: 'cost', id: 'c', source: 'erp', values, ver: 1 };
  return { ...word, received_at: 0, recorded_at: 0, valid_from: NOON - 1e15, valid_to: null };
}

afterAll(() => warehouse[Symbol.asyncDispose]());

const inOrder = (rows: readonly Row[]): Row[] =>
  rows
    .map((row) => [JSON.stringify(Object.entries(row).sort()), row] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, row]) => row);

async function ask(columns: string, mart: string): Promise<Row[]> {
  return inOrder(
    await warehouse.query<Row>(`SELECT ${columns} FROM kenal.${mart}`, { workspace: WORKSPACE, role: 'writer' }),
  );
}

const at = (mart: string): string => `${mart}_as_of(as_of = '${AS_OF}')`;
const cents = (column: string): string => `toInt64(${column} * 100) AS ${column}`;
const TIER_COLUMNS = `profile_id AS profile, toString(month) AS month, ${cents('value')}, tier, tier_before, move, toString(since) AS since, months_below,
  ${cents('to_next')}, ${cents('to_keep')}, toString(falls_on) AS falls_on, toJSONString(mapApply((code, sum) -> (code, toInt64(sum * 100)), left_out)) AS left_out`;

const schemeRows = (scheme: Scheme, profileOf: ProfileOf): Row[] => {
  const grants = grantsOf(SHOP, RULES, profileOf, AS_OF);
  return tierRows(tierMonths(broughtBy(scheme.measure, SHOP.orders, grants, profileOf), scheme, AS_OF), scheme, AS_OF);
};

async function expectMarts(profileOf: ProfileOf): Promise<void> {
  const rows = schemeRows(SCHEME, profileOf);
  expect(await ask(TIER_COLUMNS, at('tiers'))).toEqual(inOrder(rows));

  const grants = grantsOf(SHOP, RULES, profileOf, AS_OF);
  const ledger = ledgerRows(SHOP, grants, profileOf, AS_OF);
  expect(
    await ask('subject, subject_id AS id, toString(day) AS day, what, rule, points, balance, cause_id', at('points')),
  ).toEqual(inOrder(ledger));

  const days = customerDays(SHOP.orders, profileOf);
  const tiers = tierMonths(broughtBy('net', SHOP.orders, grants, profileOf), SCHEME, AS_OF);
  const world = { shop: SHOP, grants, days, tiers, tierNames: SCHEME.levels.map(({ name }) => name), profileOf };
  const goals = await ask(
    `goal, toString(month) AS month, toString(day) AS day, toFloat64(reached) AS reached, toFloat64(actual) AS actual, round(toFloat64(target_to_date), 4) AS target_to_date,
     toUInt8(on_track) AS on_track, toUInt8(is_final) AS is_final`,
    at('goals'),
  );
  expect(goals).toEqual(inOrder(goalRows(GOALS, { ...world, asOf: AS_OF })));

  const lives = livesOf({ known: new Map() }, days, profileOf, AS_OF);
  const candidates = await ask(
    `profile_id AS profile, toString(lapsed_since) AS lapsed_since, days_silent, buying_days, ${cents('value_before')}, times, came_back, toUInt8(objected) AS objected, rank`,
    at('reactivation_candidates'),
  );
  expect(candidates).toEqual(inOrder(candidateRows(lives, days, objectors, AS_OF)));
}

it('say what the truth says, after a merge and with everything there twice: orders corrected, given back in part or whole, points spent, expired and taken back', async () => {
  await warehouse.insert('kenal.interaction_rows', SHOP.rows.toReversed());
  const [left, right] = SHOP.owners as [string, string];
  await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: right, profileId: own(left)!, ver: 10 }]);
  await warehouse.insert('kenal.identifier_rows', [identifierRow(right, own(left)!, 2)]);
  const merged: ProfileOf = (owner) => own(owner === right ? left : owner);
  await expectMarts(merged);
  const ledger = ledgerRows(SHOP, grantsOf(SHOP, RULES, merged, AS_OF), merged, AS_OF);
  for (const what of ['earned', 'taken back', 'redeemed', 'expired'])
    expect(ledger.filter((row) => row.what === what).length).toBeGreaterThan(10);
  expect(ledger.some((row) => Number(row.balance) < 0)).toBe(true);
});

it('follow a split, and forget who is erased', async () => {
  const [, right, gone] = SHOP.owners as [string, string, string];
  await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: right, profileId: own(right)!, ver: 20 }]);
  await warehouse.insert('kenal.identifier_rows', [identifierRow(right, own(right)!, 3)]);
  await applyErased(warehouse, [{ workspace: WORKSPACE, key: gone, ver: Date.now() * 1_000 }]);
  await expectMarts((owner) => (owner === gone ? null : own(owner)));
});

it('follow another declaration: by orders, points, margin or gross, with other windows and patience', async () => {
  const profileOf: ProfileOf = (owner) => (owner === SHOP.owners[2] ? null : own(owner));
  const level = (name: string, from: number, keep = from) => ({ name, from: from * 100, keep: keep * 100 });
  const schemes: readonly Scheme[] = [
    { measure: 'orders', windowMonths: 4, graceMonths: 0, levels: [level('any', 0), level('some', 3, 2)] },
    { measure: 'points', windowMonths: 2, graceMonths: 2, levels: [level('a', 20, 10), level('b', 40, 39)] },
    { measure: 'margin', windowMonths: 3, graceMonths: 1, levels: [level('a', 50), level('b', 100, 99)] },
    { measure: 'gross', windowMonths: 1, graceMonths: 1, levels: [level('a', 1), level('b', 150, 1.5)] },
  ];
  for (const [i, scheme] of schemes.entries()) {
    await warehouse.insert('kenal.declaration_rows', [declared('tiers', 'tiers', 0, inUnits(scheme), 2 + i)]);
    const rows = schemeRows(scheme, profileOf);
    const told = await ask(`${TIER_COLUMNS}, why`, at('tiers'));
    expect(inOrder(told.map(({ why: _, ...row }) => row))).toEqual(inOrder(rows));
    expect(told.filter(({ why }) => !/^.+: -?\d+(\.\d+)?( EUR)? \w+ in \d months?, .+$/.test(String(why)))).toEqual([]);
    expectNoFlapping(rows, scheme);
  }
  const rows = schemeRows(schemes.at(-1)!, profileOf);
  const moved = await ask(`toString(month) AS month, began, stayed, left, entered, stability`, at('tier_stability'));
  expect(moved.map((row) => ({ ...row, stability: digits(row.stability as number | null) }))).toEqual(
    inOrder(stabilityRows(rows)),
  );
  const portfolio = await ask(
    `classes, class_before, class_after, customers, ${cents('value_before')}, ${cents('value_after')}`,
    `portfolio_between(first = '2024-03-09', last = '${AS_OF}')`,
  );
  expect(portfolio).toEqual(inOrder(portfolioRows(rows, '2024-03-01', '2024-08-01')));
  const [yearly] = await ask(
    "sum(customers) AS customers, min(first_day) = '2023-08-31' AS is_a_year",
    at('portfolio'),
  );
  expect(yearly).toEqual({ customers: 2 * new Set(rows.map(({ profile }) => profile)).size, is_a_year: 1 });
  const months = await ask(
    `toString(month) AS month, sum(customers) AS customers, round(ifNull(sumIf(share, move != 'new'), 0), 9) = uniqExactIf(tier_before, move != 'new') AS is_whole`,
    `${at('tier_transitions')} GROUP BY month`,
  );
  for (const { month, customers, is_whole } of months) {
    expect(customers).toBe(rows.filter((row) => row.month === month).length);
    expect(is_whole).toBe(1);
  }
});

/** Down is one level, after more than the months of grace below what keeps it, and never by a month that is not over. */
function expectNoFlapping(rows: readonly Row[], { levels, graceMonths }: Scheme): void {
  let falls = 0;
  for (const [i, row] of rows.entries()) {
    if (row.move !== 'down' && row.move !== 'left') continue;
    falls += 1;
    const before = levels.findIndex(({ name }) => name === row.tier_before);
    expect(levels[before - 1]?.name ?? '').toBe(row.tier);
    expect(row.month).not.toBe('2024-08-01');
    for (const { profile, value, tier } of rows.slice(i - graceMonths, i + 1)) {
      expect(profile).toBe(row.profile);
      expect(value).toBeLessThan(levels[before]!.keep);
      expect([row.tier, row.tier_before]).toContain(tier);
    }
  }
  expect(falls).toBeGreaterThan(3);
}

const VIEWS = [
  ...['tier_levels', 'tiers', 'customer_tiers', 'tier_transitions', 'tier_stability', 'portfolio', 'goal_list'],
  ...['goals', 'point_rules', 'points', 'points_balance', 'reactivation_candidates'],
];

it('of today have a comment on every column, and show nothing to another workspace', async () => {
  const columns = await warehouse.query<{ table: string; bare: number }>(
    `SELECT table, countIf(comment = '') AS bare FROM system.columns WHERE database = 'kenal' AND table IN (${VIEWS.map((view) => `'${view}'`).join()}) GROUP BY table ORDER BY table`,
    { role: 'writer' },
  );
  expect(columns).toEqual([...VIEWS].sort().map((table) => ({ table, bare: 0 })));
  // The others stand on these
  for (const view of ["tier_states(as_of = today(), since = '2024-01-01')", 'points_balance'])
    expect(await warehouse.query(`SELECT * FROM kenal.${view}`, { role: 'writer', workspace: 'bank' })).toEqual([]);
});

it('tell the same of a balance as of its ledger', async () => {
  const profileOf: ProfileOf = (owner) => (owner === SHOP.owners[2] ? null : own(owner));
  const ledger = ledgerRows(SHOP, grantsOf(SHOP, RULES, profileOf, AS_OF), profileOf, AS_OF);
  const accounts = [...Map.groupBy(ledger, ({ subject, id }) => `${subject} ${id}`).values()];
  const sum = (rows: readonly Row[]): number => rows.reduce((all, { points }) => all + Number(points), 0);
  const balances = accounts.map((rows) => ({ subject: rows[0]!.subject!, id: rows[0]!.id!, balance: sum(rows) }));
  const told = await ask(
    'subject, subject_id AS id, balance, earned - taken_back - redeemed - expired AS total',
    at('points_balance'),
  );
  expect(told).toEqual(inOrder(balances.map((row) => ({ ...row, total: row.balance }))));
});

it('tell of an account of 6,000 entries in 200 MB, and count what had expired once', async () => {
  for (const [table, rows] of Object.entries(ACCOUNTS.tables)) await warehouse.insert(table, rows);
  expect(await warehouse.query(ACCOUNTS.sql, ACCOUNTS.options)).toEqual(ACCOUNTS.told);
});
