import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyErased } from '../erased.ts';
import { applyOverrides } from '../overrides.ts';
import { type TestWarehouse, temporaryWarehouse, WORKSPACE } from '../test-support.ts';
import { createBuyers, EFFECT } from './testing/buyers.ts';
import { campaignRows, outcomeRows, satisfactionRows } from './testing/buyers-oracle.ts';
import { createDesk } from './testing/desk.ts';
import { byKey, caseRows, contactRows, kpiRows, seenContacts } from './testing/desk-oracle.ts';
import { digits, type ProfileOf, type Row } from './testing/oracle.ts';
import { staffRows } from './testing/staff-oracle.ts';

const OWNERS = Array.from({ length: 160 }, (_, i) => `user_id:u${i}`);
const DESK = createDesk(77, OWNERS.slice(0, 60));
const BUYERS = createBuyers(
  78,
  OWNERS,
  DESK.contacts.map(({ conversation }) => conversation),
);
/** In the middle of things: many contacts, cases and purchases come after it. */
const AS_OF = '2024-03-31';
const DAYS = 21;

let warehouse: TestWarehouse;
const rows = [...DESK.rows, ...BUYERS.rows];

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await warehouse.insert('kenal.workspace_rows', [
    { workspace: WORKSPACE, timezone: 'Europe/Berlin', currency: 'EUR', version: 1 },
  ]);
  await warehouse.insert('kenal.interaction_rows', rows);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const ask = async (sql: string): Promise<Row[]> => byKey(await warehouse.query<Row>(sql, { workspace: WORKSPACE }));
const at = (mart: string, more = ''): string => `kenal.${mart}_as_of(as_of = '${AS_OF}'${more})`;
const ms = (column: string, name: string): string => `toUnixTimestamp64Milli(${column}) AS ${name}`;
const purse = 'toJSONString(mapSort(mapApply((code, sum) -> (code, toInt64(sum * 100)), revenue))) AS revenue';
/** Floats to nine digits, truths as such. */
const rounded = (found: readonly Row[], flags: readonly string[] = []): Row[] =>
  byKey(
    found.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => {
          if (flags.includes(name)) return [name, value === null ? null : Boolean(value)];
          return [name, typeof value === 'number' && !Number.isInteger(value) ? digits(value) : value];
        }),
      ),
    ),
  );

async function expectMarts(profileOf: ProfileOf): Promise<void> {
  const seen = seenContacts([...DESK.contacts, ...BUYERS.replies], profileOf, AS_OF);
  const contacts = await ask(
    `SELECT source, kind, contact_id AS id, profile_id AS profile, toString(day) AS day, team, agent_id AS agent, outcome, answer_seconds AS answer,
       is_within_target AS in_time, handle_seconds AS handle, case_id, ${ms('again_at', 'again')}, is_resolved_first AS first FROM ${at('contacts')}`,
  );
  expect(rounded(contacts, ['in_time', 'first'])).toEqual(contactRows(seen));
  const cases = await ask(
    `SELECT source, case_id AS id, profile_id AS profile, channel, agent_id AS agent, ${ms('opened_at', 'opened')}, is_open, ${ms('resolved_at', 'resolved')}, reopened FROM ${at('cases')}`,
  );
  const trueCases = caseRows(DESK.cases, profileOf, AS_OF);
  expect(rounded(cases, ['is_open'])).toEqual(trueCases);
  const kpis = await ask(
    `SELECT concat(source, ' ', channel, ' ', team) AS place, toString(day) AS day, * EXCEPT (as_of, source, channel, team, day, handle_p90, first_contact_resolution) FROM ${at('service_kpis')}`,
  );
  expect(rounded(kpis)).toEqual(kpiRows(seen, DESK.cases, profileOf, AS_OF));
  const satisfaction = await ask(
    `SELECT concat(survey, ' ', kind, ' ', period, ' ', toString(since)) AS key, * EXCEPT (as_of, survey, kind, period, since) FROM ${at('satisfaction')}`,
  );
  expect(rounded(satisfaction, ['is_suppressed'])).toEqual(satisfactionRows(BUYERS.answers, profileOf, AS_OF));
  const outcomes = await ask(
    `SELECT concat(survey, ' ', kind, ' ', answer) AS key, ${purse}, * EXCEPT (as_of, days, survey, kind, answer, is_suppressed, is_churn_suppressed, revenue)
     FROM ${at('satisfaction_outcomes', `, days = ${DAYS}`)}`,
  );
  const told = { ...BUYERS, cases: DESK.cases };
  expect(rounded(outcomes)).toEqual(outcomeRows(told, profileOf, AS_OF, DAYS));
  const campaigns = await ask(
    `SELECT campaign_id AS campaign, * EXCEPT (as_of, days, campaign_id, name, first_sent_at, last_sent_at, revenue, cost, cost_currency, cost_per_order, bought_share, held_out_share, finding), ${purse}
     FROM ${at('campaign_results', ', days = 7')}`,
  );
  expect(rounded(campaigns, ['is_over'])).toEqual(campaignRows(BUYERS, profileOf, AS_OF, 7));
  const staff = await ask(
    `SELECT concat(toString(month), ' ', actor_id) AS key, * EXCEPT (as_of, month, actor_id, team, community, csat_is_suppressed, revenue), ${purse} FROM ${at('staff')}`,
  );
  expect(rounded(staff)).toEqual(staffRows({ ...BUYERS, ...DESK, seen, cases: trueCases }, profileOf, AS_OF));
}

const own = (owner: string): string => `p-${owner}`;
const [LEFT, RIGHT, GONE] = OWNERS as [string, string, string];

it('say what the truth of the desk says, as the end of a past day knew it', async () => {
  await expectMarts(own);
});

it('do not change when everything comes again, in another order, and follow a merge', async () => {
  await warehouse.insert('kenal.interaction_rows', rows.toReversed());
  await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: RIGHT, profileId: own(LEFT), ver: 10 }]);
  await expectMarts((owner) => (owner === RIGHT ? own(LEFT) : own(owner)));
});

it('follow the split after it, and forget who is erased', async () => {
  await applyOverrides(warehouse, [{ workspace: WORKSPACE, owner: RIGHT, profileId: own(RIGHT), ver: 20 }]);
  await applyErased(warehouse, [{ workspace: WORKSPACE, key: GONE, ver: Date.now() * 1_000 }]);
  await expectMarts((owner) => (owner === GONE ? null : own(owner)));
});

it('find the uplift that was planted, its interval around the truth, and none where none was', async () => {
  const found = await ask(
    'SELECT campaign_id AS id, uplift, uplift_low AS low, uplift_high AS high, finding FROM kenal.campaign_results',
  );
  const [autumn, late, small, spring] = found;
  const word = { workspace: WORKSPACE, kind: 'campaign', id: 'spring', source: 'crm', received_at: 0, valid_to: null };
  const costing = { ...word, values: JSON.stringify({ name: 'Spring', cost: '12.5', currency: 'EUR' }) };
  await warehouse.insert('kenal.record_words', [{ ...costing, valid_from: 0, recorded_at: 0, ver: 1 }]);
  const cost =
    "SELECT name, toFloat64(cost) AS cost, cost_currency FROM kenal.campaign_results WHERE campaign_id = 'spring'";
  expect(await ask(cost)).toEqual([{ name: 'Spring', cost: 12.5, cost_currency: 'EUR' }]);
  // A newer record that names no cost
  const free = { ...word, values: JSON.stringify({ name: 'Free' }), valid_from: 1e12, recorded_at: 1, ver: 2 };
  await warehouse.insert('kenal.record_words', [free]);
  expect(await ask(cost)).toEqual([{ name: 'Free', cost: null, cost_currency: '' }]);
  expect(spring).toMatchObject({ id: 'spring', finding: 'more bought' });
  expect(Number(spring!.low)).toBeLessThan(EFFECT.spring / 100);
  expect(Number(spring!.high)).toBeGreaterThan(EFFECT.spring / 100);
  expect(autumn).toMatchObject({ id: 'autumn', finding: 'no difference shown' });
  expect(Number(autumn!.low)).toBeLessThan(EFFECT.autumn);
  expect(Number(autumn!.high)).toBeGreaterThan(EFFECT.autumn);
  expect([small, late]).toMatchObject([
    { id: 'small', finding: 'too few', uplift: null },
    { id: 'late', finding: 'no hold-out', uplift: null },
  ]);
});

it('tell of today, and show nothing without a workspace or to another', async () => {
  const marts = [
    'contacts',
    'cases',
    'service_kpis',
    'survey_answers',
    'satisfaction',
    'satisfaction_outcomes',
    'campaign_results',
    'staff',
  ];
  // The others are read by these
  for (const mart of ['service_kpis', 'satisfaction', 'campaign_results', 'staff']) {
    const [today] = await ask(
      `SELECT count() AS rows, toString(max(as_of) = (SELECT today FROM kenal.workspace_settings)) AS is_today FROM kenal.${mart}`,
    );
    expect([mart, Number(today!.rows) > 3, today!.is_today]).toEqual([mart, true, '1']);
  }
  for (const mart of ['contacts', 'cases', 'survey_answers', 'campaign_results'])
    for (const whose of [{}, { workspace: 'other' }])
      expect(await warehouse.query(`SELECT * FROM kenal.${mart}`, whose)).toEqual([]);
  // Nothing has happened for long: the last day has its row all the same, and what is open is still counted in it
  const [open] = await ask(
    `SELECT sum(backlog) AS backlog, (SELECT countIf(is_open) FROM kenal.cases) AS cases FROM kenal.service_kpis WHERE day = as_of`,
  );
  expect(Number(open!.backlog)).toBeGreaterThan(5);
  expect(open!.backlog).toBe(open!.cases);
  const named = marts.map((mart) => `'${mart}'`).join();
  const bare = `SELECT table, name FROM system.columns WHERE database = 'kenal' AND comment = '' AND table IN (${named})`;
  expect(await warehouse.query(bare, { role: 'writer' })).toEqual([]);
});
