import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyErased } from '../erased.ts';
import { applyOverrides } from '../overrides.ts';
import { type TestWarehouse, temporaryWarehouse, WORKSPACE } from '../test-support.ts';
import { customerDays, digits, type ProfileOf, type Row } from './testing/oracle.ts';
import { funnelRows, lifecycleRows, livesOf, referralRows, referrerRows } from './testing/oracle-lifecycle.ts';
import { holdingRows, linesAt, needRows, seasonRows } from './testing/oracle-needs.ts';
import { factRows, survivalRows } from './testing/oracle-survival.ts';
import { createWares, identifierRow } from './testing/wares.ts';

const WARES = createWares(7_013);
/** A day on which something came back, some weeks before the last. */
const AS_OF = WARES.lines
  .flatMap(({ day, pieces }) => (pieces < 0 ? day : []))
  .sort()
  .at(-30)!;

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await warehouse.insert('kenal.workspace_rows', [
    { workspace: WORKSPACE, timezone: 'Europe/Berlin', currency: 'EUR', version: 1 },
  ]);
  await warehouse.insert('kenal.record_words', WARES.records);
  await warehouse.insert('kenal.profile_rows', WARES.profiles);
  await warehouse.insert('kenal.identifier_rows', WARES.identifiers);
  // Everything twice, the second time in another order
  await warehouse.insert('kenal.interaction_rows', WARES.rows);
  await warehouse.insert('kenal.interaction_rows', WARES.rows.toReversed());
});

afterAll(() => warehouse[Symbol.asyncDispose]());

const cents = (column: string): string => `toInt64(${column} * 100) AS ${column}`;
const inOrder = (rows: readonly Row[]): Row[] => {
  const texts = rows.map((row) => [JSON.stringify(Object.entries(row).sort()), row] as const);
  return texts.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
};

async function ask(mart: string, columns: string, ...floats: readonly string[]): Promise<Row[]> {
  const sql = `SELECT ${columns} FROM kenal.${mart}_as_of(as_of = '${AS_OF}')`;
  const rows = await warehouse.query<Row>(sql, { workspace: WORKSPACE });
  const rounded = (row: Row): Row =>
    Object.fromEntries(floats.map((name) => [name, digits(row[name] === null ? null : Number(row[name]))]));
  return inOrder(rows.map((row) => ({ ...row, ...rounded(row) })));
}

/** Every mart, beside what the truth says under today's owners. */
async function expectMarts(profileOf: ProfileOf): Promise<void> {
  const days = customerDays(WARES.orders, profileOf);
  const lives = livesOf(WARES, days, profileOf, AS_OF);
  const lifecycle = await ask(
    'lifecycle',
    `profile_id AS profile, stage, toString(since) AS since, previous_stage, toString(known_since) AS known_since, toString(first_day) AS first_day, toString(last_day) AS last_day,
     buying_days, lapse_after, toString(lapses_on) AS lapses_on, times_lapsed, toJSONString(arrayMap(step -> [toString(step.1), step.2], path)) AS path`,
  );
  expect(lifecycle).toEqual(inOrder(lifecycleRows(lives)));
  const funnel = await ask(
    'lifecycle_funnel',
    'toString(month) AS month, stage, at_start, entered, moved_on, lapsed, at_end, conversion',
    'conversion',
  );
  expect(funnel).toEqual(inOrder(funnelRows(lives, AS_OF)));
  const referrals = await ask(
    'referrals',
    `profile_id AS profile, referrer_id AS referrer, toString(referred_on) AS referred_on, toString(first_day) AS first_day, state,
     arrayStringConcat(arrayMap((code, sum) -> concat(code, ' ', toString(toInt64(sum * 100))), mapKeys(net), mapValues(net)), ',') AS net`,
  );
  const told = referralRows(WARES.referrals, days, profileOf, AS_OF);
  expect(referrals).toEqual(inOrder(told));
  const referrers = await ask(
    'referrers',
    'profile_id AS profile, referred, converted, conversion, not_counted',
    'conversion',
  );
  expect(referrers).toEqual(inOrder(referrerRows(told)));
  await expectNeeds(profileOf);
  const facts = factRows(WARES, days, profileOf, AS_OF);
  const known = await ask(
    'loyalty_facts',
    'profile_id AS profile, toString(first_day) AS first_day, toString(watched_from) AS watched_from, lapse_after, toUInt8(lapsed) AS lapsed, days, products, holding, first_channel, contacts, troubles, returns, round(satisfaction, 9) AS satisfaction',
  );
  expect(known).toEqual(inOrder(facts));
  const near = (share: string): string => `round(${share}, 9) AS ${share}`;
  const curves = `holding, customers, days, at_risk, lapsed, ${near('retention')}, ${near('low')}, ${near('high')}`;
  expect(await ask('holding_survival', curves)).toEqual(inOrder(survivalRows(facts)));
}

async function expectNeeds(profileOf: ProfileOf): Promise<void> {
  const lines = linesAt(WARES.lines, profileOf, AS_OF);
  const needs = await ask(
    'needs',
    `profile_id AS profile, currency, category, orders, customer_orders, ${cents('spent')}, share, base_share, need_index`,
    ...['share', 'base_share', 'need_index'],
  );
  expect(needs).toEqual(inOrder(needRows(lines)));
  const holdings = await ask(
    'holdings',
    'profile_id AS profile, products, categories, holding, toString(first_day) AS first_day, toString(second_day) AS second_day',
  );
  expect(holdings).toEqual(inOrder(holdingRows(lines)));
  const season = await ask(
    'seasonality',
    `currency, category, is_total, period_kind, period, season_index, low, high, cycles, ${cents('net')}, days_open`,
    ...['season_index', 'low', 'high'],
  );
  expect(season).toEqual(inOrder(seasonRows(lines)));
}

const own = (owner: string): string => `p-${owner}`;

it('say what the truth says of stages, referrals, needs, seasons and loyalty; also where everything came twice and two people are one', async () => {
  const [left, right] = WARES.owners as [string, string];
  await move(right, own(left), 10);
  await expectMarts((owner) => (owner === right ? own(left) : own(owner)));
});

it('follow the split after it, and forget who is erased', async () => {
  const [, right, gone] = WARES.owners as [string, string, string];
  await move(right, own(right), 20);
  await applyErased(warehouse, [{ workspace: WORKSPACE, key: gone, ver: Date.now() * 1_000 }]);
  await warehouse.insert('kenal.profile_rows', [
    { workspace: WORKSPACE, profile_id: own(gone), version: 2, changed_at: 0, live: false },
  ]);
  await expectMarts((owner) => (owner === gone ? null : own(owner)));
});

async function move(owner: string, profileId: string, ver: number): Promise<void> {
  await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner, profileId, ver }]);
  await warehouse.insert('kenal.identifier_rows', [identifierRow(owner, profileId, ver)]);
}

const OTHERS = ['sold_lines', 'need_fits', 'need_segments', 'need_segment_profiles', 'loyalty_drivers'];
const MARTS = [
  'lifecycle',
  'lifecycle_funnel',
  'referrals',
  'referrers',
  'needs',
  'holdings',
  'seasonality',
  'loyalty_facts',
  'holding_survival',
];

it('find the season that was planted, with the truth in its interval, and none in months', async () => {
  const season = await ask('seasonality', '*');
  const euros = season.filter(({ currency, is_total }) => currency === 'EUR' && is_total === 1);
  const of = (kind: string): Row[] =>
    euros.filter(({ period_kind, season_index }) => period_kind === kind && season_index !== null);
  const covers = (row: Row, truth: number): boolean => Number(row.low) < truth && truth < Number(row.high);
  // What would be bought on Sundays is bought on Mondays: two of seven, one of seven on the other days, of six that are open
  for (const row of of('weekday'))
    expect([row.period, covers(row, row.period === 1 ? 12 / 7 : 6 / 7)]).toEqual([row.period, true]);
  expect(Number(of('weekday').find(({ period }) => period === 1)!.low)).toBeGreaterThan(1);
  expect(of('month').filter((row) => covers(row, 1)).length).toBeGreaterThan(10);
});

it('of today are those as of today, show nothing without a workspace, and have a comment on every column', async () => {
  const asked = { role: 'writer', params: { marts: MARTS, all: [...MARTS, ...OTHERS] } } as const;
  const wired = await warehouse.query(
    `SELECT name FROM system.tables WHERE database = 'kenal' AND name IN {marts:Array(String)}
       AND NOT endsWith(replaceAll(as_select, char(96), ''), concat('kenal.', name, '_as_of(as_of = (SELECT today FROM kenal.workspace_settings))'))`,
    asked,
  );
  expect(wired).toEqual([]);
  const bare = await warehouse.query(
    `SELECT table, name FROM system.columns WHERE database = 'kenal' AND comment = '' AND table IN {all:Array(String)}`,
    asked,
  );
  expect(bare).toEqual([]);
  const [counted] = await warehouse.query<{ rows: number }>(
    `SELECT count() AS rows FROM kenal.lifecycle WHERE as_of = (SELECT today FROM kenal.workspace_settings)`,
    { workspace: WORKSPACE },
  );
  expect(counted!.rows).toBeGreaterThan(40);
  expect(await warehouse.query('SELECT 1 FROM kenal.lifecycle UNION ALL SELECT 1 FROM kenal.seasonality')).toEqual([]);
});
