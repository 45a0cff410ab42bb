import type { GammaGammaParameters } from '@kenal/analytics';
import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey, systemClock } from '@kenal/service-kit';
import { applyErased, applyOverrides, openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { refreshNow } from '../testing/refresh-now.ts';
import { createModelsMart } from './models-mart.ts';
import { createScoresMart } from './scores-mart.ts';
import {
  type Bought,
  createDonors,
  createMarket,
  DAY_MS,
  giftRows,
  orderRows,
  profileOf,
  profileRow,
  TRUTH,
} from './testing/market.ts';
import { noteMove, noteRun, outdatedSql } from './testing/moves.ts';
import { type Fits, mediansOf, SCORES, scoresOf } from './testing/oracle.ts';

const workspaces = ['shop', 'kiosk'].map((id) => ({ id, sources: [{ id: 'shop', keys: [{ key: hashKey(id) }] }] }));
const config = kenalConfigSchema.parse({ workspaces });
const SHOP = 'shop';
const TODAY = Math.floor(Date.now() / DAY_MS);
const YEAR = new Date().getUTCFullYear();
const DONORS = createDonors(500, 8, YEAR - 1);
/** What has been bought, by today's profile. */
const ledger = new Map<string, readonly Bought[]>();

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse({ dataDir: await migratedDirectory() });
  await warehouse.migrate();
  const market = createMarket(200, 5, TODAY);
  for (const { owner, bought } of market) ledger.set(profileOf(owner), bought);
  const gifts = DONORS.flatMap((years, i) => giftRows(SHOP, `user_id:d${i}`, years));
  const orders = market.flatMap(({ owner, bought }) => orderRows(SHOP, owner, bought));
  const few = market.slice(0, 60).flatMap(({ owner, bought }) => orderRows('kiosk', owner, bought));
  await warehouse.insert('kenal.interaction_rows', [...orders, ...few, ...gifts]);
  const before = Date.now() * 1_000 - 1e9;
  const profiles = market.map(({ owner }) => profileRow(SHOP, owner, before));
  await warehouse.insert('kenal.profile_rows', profiles);
});
afterAll(() => warehouse?.close());

const refresh = (mart: 'models' | 'scores', { workspace = SHOP, full = false } = {}): Promise<number> => {
  const create = { models: createModelsMart, scores: createScoresMart }[mart];
  return refreshNow(create({ warehouse, clock: systemClock }), config, workspace, full);
};
const ask = <T = Record<string, unknown>>(sql: string, workspace = SHOP): Promise<T[]> =>
  warehouse.query<T>(sql, { workspace });

interface Registered {
  readonly model: string;
  readonly currency: string;
  readonly parameters: Record<string, number>;
  readonly standard_errors: Record<string, number>;
  readonly document: string;
  readonly used: boolean;
}

/** The fits that scores come from, as they were kept. */
async function fits(): Promise<Fits> {
  const sql = `SELECT * FROM kenal.model_rows FINAL WHERE workspace = 'shop' AND used`;
  const rows = await warehouse.query<Registered>(sql);
  const of = (is: (model: string) => boolean) =>
    Object.fromEntries(rows.filter(({ model }) => is(model)).map((row) => [row.currency, row]));
  return {
    repeat: of((model) => model.endsWith('nbd')) as unknown as Fits['repeat'],
    spend: Object.fromEntries(
      Object.entries(of((model) => model === 'gamma-gamma')).map(([currency, { parameters }]) => [
        currency,
        parameters as unknown as GammaGammaParameters,
      ]),
    ),
    churn: JSON.parse(rows.find(({ model }) => model === 'churn')!.document),
  };
}

/** Every score, beside what a plain computation makes of the purchases themselves. */
async function expectScores(): Promise<void> {
  const told = scoresOf(ledger, await fits(), TODAY).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? expect.closeTo(value, 5) : value]),
    ),
  );
  expect(await ask(SCORES)).toEqual(told);
}

const shown = async (profile: string): Promise<number> => {
  const [row] = await ask<{ n: number }>(
    `SELECT count() AS n FROM kenal.scores FULL JOIN kenal.clv_predictive USING (profile_id) WHERE profile_id = '${profile}'`,
  );
  return row!.n;
};
const everything = (): Promise<object[]> =>
  ask(
    `SELECT * EXCEPT (computed_at, ver) FROM kenal.score_rows FINAL WHERE workspace = 'shop' ORDER BY profile_id, currency`,
  );

test('what was planted lies within the errors that the registry tells', async () => {
  expect(await refresh('models')).toBe(10);
  const rows = await ask<Registered & { n: number; auc: number; slope: number }>(
    "SELECT * FROM kenal.model_registry WHERE currency IN ('EUR', '')",
  );
  const planted = { 'mbg-nbd': TRUTH.buying, 'gamma-gamma': TRUTH.spend, 'bg-bb': TRUTH.giving };
  const of = (model: string) => rows.find((row) => row.model === model)!;
  for (const [model, truth] of Object.entries(planted))
    for (const [name, value] of Object.entries(truth)) {
      const off = Math.abs(of(model).parameters[name]! - value) / of(model).standard_errors[name]!;
      expect({ model, name, off }).toEqual({ model, name, off: expect.closeTo(0, -0.78) }); // |off| < 3
    }
  expect(of('churn').auc).toBeGreaterThan(0.7);
  expect((await fits()).churn.medians).toEqual(mediansOf(ledger));
  expect(of('bg-bb')).toMatchObject({
    holdout_from: `${YEAR - 3}-12-31`,
    actual: expect.any(Number),
    correlation: expect.any(Number),
  });
  expect(rows.filter(({ used, model }) => used && model.endsWith('nbd'))).toHaveLength(1);
});

test('the same data are not learned from twice, and learned again they give the same', async () => {
  const before = await ask('SELECT fit_id, parameters FROM kenal.model_registry ORDER BY fit_id');
  expect(await refresh('models')).toBe(0);
  expect(await refresh('models', { full: true })).toBe(10);
  expect(await ask('SELECT fit_id, parameters FROM kenal.model_registry ORDER BY fit_id')).toEqual(before);
});

test('too little data are told, for what reason, and nobody is scored by guess', async () => {
  const yen = { workspace: 'kiosk', model: 'gamma-gamma', currency: 'JPY', fit_id: 'old', state: 'fitted', ver: 1 };
  await warehouse.insert('kenal.model_rows', [yen]);
  expect(await refresh('models', { workspace: 'kiosk' })).toBeGreaterThan(4);
  const yens = "SELECT reason FROM kenal.model_registry WHERE currency = 'JPY' AND newest AND state = 'refused'";
  expect(await ask(yens, 'kiosk')).toEqual([{ reason: 'what it was learnt from is no longer there' }]);
  const told = await ask<{ model: string; reason: string }>(
    "SELECT model, reason FROM kenal.model_registry WHERE state = 'refused' AND currency NOT IN ('USD', 'JPY')",
    'kiosk',
  );
  expect(told.map(({ model }) => model).sort()).toEqual(['bg-nbd', 'churn', 'gamma-gamma', 'mbg-nbd', 'pareto-nbd']);
  for (const { reason } of told)
    expect(reason).toBe('too little to learn from: there are 60 customers, and 100 are needed');
  await refresh('scores', { workspace: 'kiosk' });
  expect(await ask('SELECT * FROM kenal.scores', 'kiosk')).toEqual([]);
});

test('scores are what a plain computation makes of the purchases, and are left alone where nothing changed', async () => {
  expect(await refresh('scores')).toBe(220);
  await expectScores();
  expect(await refresh('scores')).toBe(0);
  const before = await everything();
  expect(await refresh('scores', { full: true })).toBe(220);
  expect(await everything()).toEqual(before);
});

test('who is merged away is gone at once, the one who stays is scored again, and a split undoes it', async () => {
  const [stays, goes] = ['user_id:u1', 'user_id:u2'] as const;
  const [one, other] = [ledger.get(profileOf(stays))!, ledger.get(profileOf(goes))!];
  const now = Date.now() * 1_000;
  await noteRun(warehouse, SHOP);
  await applyOverrides(warehouse, [{ workspace: SHOP, owner: goes, profileId: profileOf(stays), ver: now }]);
  await warehouse.insert('kenal.profile_rows', [profileRow(SHOP, goes, now, false)]);
  await noteMove(warehouse, SHOP, goes, profileOf(goes), profileOf(stays));
  expect(await shown(profileOf(goes))).toBe(0);
  for (const view of ['scores', 'clv_predictive', 'churn'])
    expect(await ask(outdatedSql(view))).toEqual([{ id: profileOf(stays) }]);
  ledger.delete(profileOf(goes));
  ledger.set(profileOf(stays), [...one, ...other]);
  expect(await refresh('scores')).toBe(2);
  await noteRun(warehouse, SHOP);
  expect(await ask(outdatedSql('scores'))).toEqual([]);
  await expectScores();
  const hidden = "SELECT profile_id FROM kenal.score_rows FINAL WHERE workspace = 'shop' AND hidden";
  expect(await ask(hidden)).toEqual([{ profile_id: profileOf(goes) }]);
  expect(await refresh('scores')).toBe(0);
  await applyOverrides(warehouse, [{ workspace: SHOP, owner: goes, profileId: profileOf(goes), ver: now + 10 }]);
  await warehouse.insert('kenal.profile_rows', [profileRow(SHOP, goes, now + 10)]);
  await noteMove(warehouse, SHOP, goes, profileOf(stays), profileOf(goes));
  // The half without a score has no row to say so
  expect(await ask(outdatedSql('churn'))).toEqual([{ id: profileOf(stays) }]);
  ledger.set(profileOf(stays), one).set(profileOf(goes), other);
  expect(await refresh('scores')).toBe(2);
  await noteRun(warehouse, SHOP);
  expect(await ask(outdatedSql('churn'))).toEqual([]);
  await expectScores();
});

test('who is erased is gone at once, also when they come back by the same identifier, and begins anew', async () => {
  const owner = 'user_id:u4';
  const erased = Date.now() * 1_000;
  await applyErased(warehouse, [{ workspace: SHOP, key: owner, ver: erased }]);
  await warehouse.insert('kenal.profile_rows', [profileRow(SHOP, owner, erased, false)]);
  expect(await shown(profileOf(owner))).toBe(0);
  const again = [{ day: TODAY, gross: 10, item: 'i1', currency: 'EUR' }];
  const rows = orderRows(SHOP, owner, again).map((row) => ({
    ...row,
    received_at: erased + 5,
    occurred_at: erased + 5,
    client_at: erased + 5,
    ver: erased + 5,
  }));
  await warehouse.insert('kenal.interaction_rows', rows);
  await warehouse.insert('kenal.profile_rows', [profileRow(SHOP, owner, erased + 5)]);
  expect(await shown(profileOf(owner))).toBe(0);
  ledger.set(profileOf(owner), again);
  await refresh('scores');
  expect(await shown(profileOf(owner))).toBe(4);
  await expectScores();
  const before = await everything();
  await refresh('scores', { full: true });
  expect(await everything()).toEqual(before);
});

test('what was refused since is told beside the scores, and what is newest counts where it says nothing', async () => {
  const [profile, now] = [profileOf('user_id:u9'), Date.now() * 1_000];
  const own = `FROM kenal.churn WHERE profile_id = '${profile}'`;
  expect(await ask(`SELECT outdated, churn IS NULL AS unknown ${own}`)).toEqual([{ outdated: '', unknown: 0 }]);
  const stale = {
    workspace: SHOP,
    profile_id: profile,
    currency: 'CHF',
    as_of: TODAY,
    computed_at: now + 9e6,
    ver: now,
  };
  await warehouse.insert('kenal.score_rows', [{ ...stale, churn: null, overdue: null }]);
  expect(await ask(`SELECT churn, band, overdue ${own}`)).toEqual([{ churn: null, band: '', overdue: null }]);
  const hidden = { ...stale, hidden: true, ver: now + 1 };
  const refused = { workspace: SHOP, state: 'refused', reason: 'too little', fitted_at: now, ver: now };
  await warehouse.insert('kenal.score_rows', [hidden]);
  await warehouse.insert('kenal.model_rows', [{ ...refused, model: 'churn', fit_id: 'refused' }]);
  const today = new Date().toISOString().slice(0, 10);
  expect(await ask(`SELECT outdated ${own}`)).toEqual([{ outdated: `too little (${today})` }]);
  expect(await ask('SELECT DISTINCT outdated FROM kenal.clv_predictive')).toEqual([{ outdated: '' }]);
  const again = `INSERT INTO kenal.model_rows SELECT * REPLACE (${now + 1} AS ver) FROM kenal.model_rows FINAL WHERE workspace = 'shop' AND model = 'churn' AND state = 'fitted'`;
  const before =
    'INSERT INTO kenal.score_rows SELECT * REPLACE (computed_at - INTERVAL 3 DAY AS computed_at, ver + 1 AS ver) FROM kenal.score_rows FINAL';
  for (const sql of [again, before]) await (await warehouse.raw(sql, { role: 'writer' })).stream.resume().toArray();
  expect((await ask<{ outdated: string }>(`SELECT outdated ${own}`))[0]!.outdated).toMatch(/^not computed since \d{4}/);
  await warehouse.insert('kenal.mart_run_rows', [
    { workspace: SHOP, mart: 'scores', id: 'r', state: 'done', started_at: now, updated_at: now, ver: now },
  ]);
  expect(await ask(`SELECT outdated ${own}`)).toEqual([{ outdated: '' }]);
});

test('churn says why, lapsed donors are told, every column has a comment, and other workspaces see nothing', async () => {
  const bands = await ask<{ band: string; least: number; most: number; n: number }>(
    'SELECT band, min(churn) AS least, max(churn) AS most, count() AS n FROM kenal.churn GROUP BY band ORDER BY least',
  );
  expect(bands.map(({ band }) => band)).toEqual(['low', 'medium', 'high', 'lost']);
  expect(
    bands
      .map(({ most }) => most)
      .slice(0, 3)
      .every((most, at) => most < [0.3, 0.6, 0.9][at]!),
  ).toBe(true);
  expect(bands.reduce((sum, { n }) => sum + n, 0)).toBe(200);
  const rests =
    'SELECT count() AS n FROM kenal.scores AS s INNER JOIN kenal.model_registry AS m ON s.churn_fit = m.fit_id WHERE m.auc > 0.7';
  expect(await ask(rests)).toEqual(await ask('SELECT count() AS n FROM kenal.scores'));
  const words = await ask<{ reason: string }>('SELECT DISTINCT reason FROM kenal.churn ORDER BY reason');
  expect(words.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^overdue \d+\.\d ×$/),
      expect.stringMatching(/^\d+ purchases in \d+ weeks$/),
    ]),
  );
  const donors = await ask<{
    profile_id: string;
    last_year: number;
    is_lapsed: boolean;
    x: number;
    expected_1: number | null;
  }>('SELECT * FROM kenal.donors ORDER BY toUInt32(substring(profile_id, 4))');
  expect(donors.map(({ x, is_lapsed: lapsed }) => [x, lapsed])).toEqual(
    DONORS.map((years) => [years.length - 1, years.at(-1)! < YEAR - 1]),
  );
  expect(donors.every(({ expected_1: expected }) => expected !== null && expected > 0 && expected < 1)).toBe(true);
  const views = [
    'live_profiles',
    'model_registry',
    'scores',
    'clv_predictive',
    'churn',
    'donors',
    'associations',
    'also_bought',
    'next_best',
    'items_in_stock',
  ];
  for (const view of views)
    expect(await warehouse.query(`SELECT * FROM kenal.${view}`, { workspace: 'nobody' })).toEqual([]);
  const bare = `SELECT table, name FROM system.columns WHERE database = 'kenal' AND comment = '' AND table IN ({views:Array(String)})`;
  expect(await warehouse.query(bare, { role: 'writer', params: { views } })).toEqual([]);
});
