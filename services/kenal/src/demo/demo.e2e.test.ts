import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migratedDirectory } from '../../../../test/support/migrated-directory.ts';
import { CAMPAIGNS, type Campaign, type PersonTruth } from '../gen/index.ts';
import { kenalHere, until, up } from '../testing/cli.ts';
import { QUESTIONS } from '../up/banner.ts';

type Ask = (sql: string) => Promise<string[][]>;

/** What the generator has planted is found, and what it has not is not (services/kenal/src/gen). */
async function expectMarts(ask: Ask): Promise<void> {
  const campaigns = await ask('SELECT campaign_id, finding, uplift_low, uplift_high FROM campaign_results ORDER BY 1');
  const [dull, works] = campaigns.map(([id, finding, low, high]) => ({
    id,
    finding,
    low: Number(low),
    high: Number(high),
  }));
  expect(dull).toMatchObject({ id: 'newsletter-12', finding: 'no difference shown' });
  expect(works).toMatchObject({ id: 'spring-sale', finding: 'more bought' });
  const [{ effect }] = CAMPAIGNS as [Campaign];
  // Some of whom it makes buy would have bought that week anyway, and some mails do not arrive
  expect(works!.low).toBeLessThan(0.95 * effect);
  expect(works!.high).toBeGreaterThan(0.9 * effect);
  // Who waited long stays away: the interval of the difference leaves 0 out (Newcombe)
  const answers = await ask(
    "SELECT bought_share, bought_low, bought_high FROM satisfaction_outcomes_as_of(as_of = today(), days = 30) WHERE answer IN ('satisfied', 'dissatisfied') ORDER BY answer",
  );
  const [bad, good] = answers.map((row) => row.map(Number)) as [[number, number, number], [number, number, number]];
  expect(good[0] - bad[0] - Math.hypot(good[0] - good[1], bad[2] - bad[0])).toBeGreaterThan(0);
  const filled = [
    'contacts',
    'cases',
    'service_kpis',
    'staff',
    'invoices',
    'payment_behaviour',
    'order_status',
    'order_timeline',
  ];
  await expectRows(ask, filled);
}

async function expectRows(ask: Ask, marts: readonly string[]): Promise<void> {
  const [counts] = await ask(`SELECT ${marts.map((mart) => `(SELECT count() FROM ${mart})`).join()}`);
  expect(counts!.map(Number).filter((count) => count < 10)).toEqual([]);
  const tiers = await ask(
    'SELECT tier, count(), min(value), any(why) FROM customer_tiers GROUP BY tier ORDER BY min(value)',
  );
  expect(tiers.map(([tier]) => tier)).toEqual(['', 'silver', 'gold']);
  expect(tiers[2]![3]).toMatch(/gold.* GBP net in 12 months/);
  const accounts = await ask(
    'SELECT subject, countIf(balance > 0) FROM points_balance GROUP BY subject ORDER BY subject',
  );
  expect(accounts.filter(([, holders]) => Number(holders) > 0).map(([subject]) => subject)).toEqual([
    'customer',
    'staff',
  ]);
}

/** Its two tastes are found; what so few customers cannot tell is not told. */
async function expectNeeds(ask: Ask): Promise<void> {
  const [fit] = await ask(
    'SELECT length(segments), stability, arrayMin(arrayMap(one -> one.customers, segments)) FROM need_fits',
  );
  const [groups, stability, least] = fit!.map(Number);
  expect(groups).toBe(2);
  expect(stability).toBeGreaterThan(0.8);
  expect(least).toBeGreaterThan(30);
  const why = await ask('SELECT isNull(hazard_ratio), why FROM loyalty_drivers WHERE customers < 10');
  for (const driver of why) expect(driver).toEqual(['1', expect.stringMatching(/at least \d+ are needed$/)]);
  await expectRows(ask, [
    'lifecycle',
    'lifecycle_funnel',
    'referrers',
    'holdings',
    'seasonality',
    'need_segment_profiles',
  ]);
}

/** Models are learned and customers scored without anybody asking; a year tells who stays away and who does not. */
async function expectScores(ask: Ask, dataDir: string): Promise<void> {
  // Of what runs already it waits for the end
  const { stderr } = await kenalHere(dataDir, ['mart', 'refresh', '--wait']);
  expect(stderr).toBe('');
  expect(await ask("SELECT model, reason FROM model_registry WHERE newest AND state != 'fitted'")).toEqual([]);
  const bands = await ask('SELECT band, count() FROM churn GROUP BY band HAVING count() >= 10');
  expect(bands.length).toBeGreaterThan(1);
  await expectRows(ask, ['scores', 'clv_predictive', 'next_best']);
}

test('the demo is there when it says ready, its people are found again, its questions have answers, and it goes on once', async () => {
  const dataDir = await migratedDirectory();
  const ask: Ask = async (sql) => {
    const { stdout, stderr } = await kenalHere(dataDir, ['sql', sql, '-f', 'tsv']);
    expect(stderr).toBe('');
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
  };
  // Ids of the stream have the time of their start after a dot
  const history = "SELECT count() FROM interactions WHERE match(message_id, '^g[a-z0-9]+-')";
  const first = await up(dataDir, { KENAL_DEMO: 'on' });
  for (const [, sql] of QUESTIONS) expect((await ask(sql)).length).toBeGreaterThan(2);

  await expectMarts(ask);
  await expectScores(ask, dataDir);
  await expectNeeds(ask);

  const owners = new Map(
    (await ask("SELECT concat(type, ':', value), profile_id FROM profile_identifiers")).map(([key = '', id = '']) => [
      key,
      id,
    ]),
  );
  const people = readFileSync(join(dataDir, 'demo-truth.ndjson'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PersonTruth)
    .filter(({ identifiers }) => identifiers.length > 0); // else only ever seen on somebody else's tablet
  expect(people.length).toBeGreaterThan(200);
  const holders = new Map<string, string>();
  for (const { person, identifiers } of people) {
    const profiles = new Set(identifiers.map((key) => owners.get(key)));
    expect([person, profiles.size]).toEqual([person, 1]);
    const [profile = ''] = profiles;
    expect(holders.get(profile ?? '')).toBeUndefined(); // nobody shares a profile
    holders.set(profile ?? '', person);
  }

  const before = Number((await ask('SELECT count() FROM interactions'))[0]?.[0]);
  await until('the stream', async () =>
    Number((await ask('SELECT count() FROM interactions'))[0]?.[0]) > before ? true : null,
  );
  expect(await first.stop()).toBe(0);

  const second = await up(dataDir, { KENAL_DEMO: 'on' });
  expect(await ask(history)).toEqual([['15000']]);
  expect(second.stderr()).not.toContain('interactions of the demo in');
  expect(await second.stop()).toBe(0);
}, 120_000);
