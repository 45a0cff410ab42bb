import { afterAll, beforeAll, expect, it } from 'vitest';
import { interactionRow, type TestWarehouse, temporaryWarehouse, WORKSPACE } from './test-support.ts';

const DAY = 86_400_000_000;
const NOW = Date.now() * 1_000;

let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await warehouse.insert('kenal.wanted_trait_rows', [
    wantedRow('email', ['email'], 30),
    wantedRow('city', ['city', 'town'], 30),
    wantedRow('shoe', ['shoe'], 30),
    { ...wantedRow('old', ['old'], 30), wanted: false },
    { ...wantedRow('foreign', ['foreign'], 30), workspace: 'other' },
  ]);
  await warehouse.insert('kenal.profile_rows', [
    profileRow('ann', { city: 'Bonn', email: 'ann@x.de', shoe: ' ' }),
    profileRow('bob', { town: 'Kiel' }),
    profileRow('cyd', { city: 'Köln "Süd"', email: '' }),
    { ...profileRow('gone', { city: 'Ulm', email: 'gone@x.de' }), live: false },
    { ...profileRow('ann', { foreign: 'x' }), workspace: 'other' },
  ]);
  await warehouse.insert('kenal.identifier_rows', [
    { workspace: WORKSPACE, type: 'email', value: 'cyd@x.de', profile_id: 'cyd', version: 1 },
    { workspace: WORKSPACE, type: 'user_id', value: 'ann', profile_id: 'ann', version: 1 },
    // Came with Bob's, and is nobody's
    { workspace: WORKSPACE, type: 'email', value: 'gone@x.de', profile_id: 'gone', version: 1 },
  ]);
  await warehouse.insert('kenal.interaction_rows', [
    said('a1', 'ann', 40, 'web', { city: 'Bonn', email: 'ann@x.de' }),
    said('a2', 'ann', 20, 'crm', { city: 'Bonn' }),
    said('a3', 'ann', 10, 'web', { city: null }),
    said('b1', 'bob', 40, 'web', { town: 'Kiel' }),
    said('b2', 'bob', 1, 'till', { city: '' }, [{ type: 'email', value: 'gone@x.de' }]),
    said('c1', 'cyd', 4, 'crm', { city: 'Köln "Süd"' }, [{ type: 'email', value: 'cyd@x.de' }]),
    { ...said('c2', 'cyd', 2, 'web', { city: 'Köln "Süd"' }), type: 'group' },
    said('g1', 'gone', 1, 'gone', { shoe: 40 }),
    said('n1', '', 1, 'web', { shoe: 40 }),
  ]);
  await warehouse.insert('kenal.computed_rows', [
    inSegment('vip', 'ann', 3),
    inSegment('vip', 'bob', 3),
    { ...inSegment('vip', 'bob', 2), value: '' },
    inSegment('vip', 'gone', 3),
    { ...inSegment('foreign', 'ann', 3), workspace: 'other' },
  ]);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

function wantedRow(trait: string, names: readonly string[], days: number): object {
  return { workspace: WORKSPACE, trait, names, fresh_for_days: days, wanted: true, version: 1 };
}

function profileRow(id: string, traits: object): object {
  const row = { workspace: WORKSPACE, profile_id: id, version: 1, live: true, traits: JSON.stringify(traits) };
  return { ...row, changed_at: NOW - 3 * DAY };
}

function inSegment(segment: string, profile: string, days: number): object {
  const row = { workspace: WORKSPACE, name: `segment.${segment}`, profile_id: profile, kind: 'segment', value: 'true' };
  return { ...row, computed_at: NOW - days * DAY, sent: 1 };
}

function said(id: string, profile: string, days: number, source: string, traits: object, identifiers = [{}]): object {
  const at = NOW - days * DAY;
  const times = { occurred_at: at, received_at: at, client_at: at };
  const row = { source, type: 'identify', owner: profile && `user_id:${profile}`, profile_id: profile };
  const own = identifiers.filter((one) => 'type' in one);
  return interactionRow(id, { ...row, ...times, traits: JSON.stringify(traits), identifiers: own });
}

interface Gap {
  readonly trait: string;
  readonly source: string;
}
const gaps = (workspace: string, segment = '') =>
  warehouse.query<Gap>(
    `SELECT trait, segment, source, profiles, filled, round(fill_rate, 3) AS rate, given, stale,
       round(median_age_days) AS age, ask, ask_rank AS rank FROM kenal.profile_gaps WHERE segment = {segment:String} ORDER BY source, rank, trait`,
    { workspace, params: { segment } },
  );

it('tells of each wanted trait how many have it, from where, how old it is, and what to ask next', async () => {
  const all = { segment: '', source: '', profiles: 3 };
  const rows = await gaps(WORKSPACE);
  expect(rows.filter(({ source }) => source === '')).toEqual([
    // ' ' tells nothing, and nobody's are nobody's
    { ...all, trait: 'shoe', filled: 0, rate: 0, given: 0, stale: 0, age: null, ask: 3, rank: 1 },
    // Ann's was said 40 days ago; Cyd's is an identifier; what came with Bob's event is the e-mail of somebody who is gone
    { ...all, trait: 'email', filled: 2, rate: 0.667, given: 2, stale: 1, age: 40, ask: 2, rank: 2 },
    // Ann's was confirmed by the CRM 20 days ago, Bob's stands under another name
    { ...all, trait: 'city', filled: 3, rate: 1, given: 3, stale: 1, age: 20, ask: 1, rank: 3 },
  ]);
});

it('tells it of the people of each source, and who of them has it from there', async () => {
  const of = (rows: readonly Gap[], source: string, trait: string) =>
    rows.find((row) => row.source === source && row.trait === trait);
  const rows = await gaps(WORKSPACE);
  expect([...new Set(rows.map(({ source }) => source))]).toEqual(['', 'crm', 'till', 'web']);
  const web = { segment: '', source: 'web', profiles: 3 };
  // Its last word on Ann's city was null, and what a group says is the account's
  expect(of(rows, 'web', 'city')).toMatchObject({ ...web, filled: 3, given: 1, stale: 1 });
  expect(of(rows, 'web', 'email')).toMatchObject({ ...web, filled: 2, given: 1, stale: 1 });
  const crm = { segment: '', source: 'crm', profiles: 2 };
  expect(of(rows, 'crm', 'city')).toMatchObject({ ...crm, filled: 2, given: 2, stale: 0, ask: 0, rank: 0 });
  expect(of(rows, 'crm', 'email')).toMatchObject({ ...crm, filled: 2, given: 1, stale: 1, ask: 1, rank: 2 });
  expect(of(rows, 'till', 'city')).toMatchObject({ profiles: 1, filled: 1, given: 0, stale: 1, age: 40, rank: 3 });
  expect(of(rows, 'till', 'shoe')).toMatchObject({ profiles: 1, filled: 0, given: 0, ask: 1, rank: 2 });
});

it('tells it of the profiles that are in a segment now', async () => {
  const vip = { segment: 'vip', profiles: 1 };
  const rows = await gaps(WORKSPACE, 'vip');
  expect([...new Set(rows.map(({ source }) => source))]).toEqual(['', 'crm', 'web']);
  expect(rows.filter(({ source }) => source === '')).toEqual([
    { ...vip, source: '', trait: 'city', filled: 1, rate: 1, given: 1, stale: 0, age: 20, ask: 0, rank: 0 },
    { ...vip, source: '', trait: 'shoe', filled: 0, rate: 0, given: 0, stale: 0, age: null, ask: 1, rank: 1 },
    { ...vip, source: '', trait: 'email', filled: 1, rate: 1, given: 1, stale: 1, age: 40, ask: 1, rank: 2 },
  ]);
  expect(
    await warehouse.query('SELECT segment, profile_id FROM kenal.segment_members', { workspace: WORKSPACE }),
  ).toEqual([{ segment: 'vip', profile_id: 'ann' }]);
});

it('shows a workspace its own gaps only, and nobody’s without one', async () => {
  expect(await gaps('other')).toEqual([
    expect.objectContaining({ trait: 'foreign', source: '', profiles: 1, filled: 1, age: 3 }),
  ]);
  expect(await gaps('')).toEqual([]);
});
