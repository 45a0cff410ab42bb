import { isKenalError } from '@kenal/errors';
import { systemClock } from '@kenal/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baselinePromises } from './testing/baselines.contract.ts';
import {
  DAY,
  dayOf,
  event,
  HOUR,
  invoice,
  NOW,
  only,
  openShop,
  order,
  profile,
  rule,
  type Shop,
  WORKSPACE,
  who,
} from './testing/shop.ts';
import { upliftPromises } from './testing/uplift.contract.ts';

let shop: Shop;
let warehouse: Shop['warehouse'];
let topic: Shop['topic'];
let run: Shop['run'];
let state: Shop['state'];

beforeAll(async () => {
  shop = await openShop();
  ({ warehouse, topic, run, state } = shop);
  await warehouse.insert('kenal.workspace_rows', [
    { workspace: WORKSPACE, timezone: 'UTC', currency: 'USD', version: 1 },
  ]);
  await warehouse.insert('kenal.profile_rows', [
    ...['pia', 'rob', 'sue', 'tom', 'uma', 'vic'].map((id) => profile(id)),
    profile('leap', { birthday: dayOf(NOW, 1984) }),
    profile('later', { date_of_birth: dayOf(NOW + 20 * DAY, 1990) }),
    profile('staff', { staff: true, birth_date: dayOf(NOW, 1970) }),
    profile('refused', { birthDate: dayOf(NOW, 1971) }, { marketing: false }),
  ]);
});
afterAll(() => warehouse?.close());

it('finds whose purchase is due, who stays away, whose case and checkout are open, who has not paid, whose birthday it is', async () => {
  await warehouse.insert('kenal.interaction_rows', [
    // Every 30 days: due in two days, long gone, and just bought
    ...[88, 58, 28].map((days) => order('pia', days)),
    ...[165, 135, 105].map((days) => order('rob', days)),
    ...[960, 930, 900].map((days) => order('vic', days)),
    ...[61, 31, 1].map((days) => order('sue', days)),
    event('tom', 'Case Opened', 60, {}, { case_id: 'c1' }),
    event('uma', 'Case Opened', 60, {}, { case_id: 'c2' }),
    event('uma', 'Case Resolved', 50, {}, { case_id: 'c2' }),
    event('vic', 'Case Opened', 200, {}, { case_id: 'c3' }),
    event('vic', 'Case Resolved', 150, {}, { case_id: 'c3' }),
    event('vic', 'Case Reopened', 100, {}, { case_id: 'c3' }),
    invoice('tom', 'i1', 10),
    invoice('uma', 'i2', 10),
    event('uma', 'Invoice Paid', 100, { invoice_id: 'i2' }),
    event('sue', 'Checkout Started', 26),
    event('sue', 'Checkout Started', 6),
    event('tom', 'Checkout Started', 1),
    event('uma', 'Plan Chosen', 2, { plan: 'pro', seats: 3, trial: true }),
    event('vic', 'Plan Chosen', 2, { plan: 'free', seats: 3, trial: true }),
    event('tom', 'Plan Chosen', 60, { plan: 'pro', seats: 3, trial: true }),
  ]);
  const where = { plan: 'pro', seats: 3, trial: true };
  const wanted: readonly (readonly [when: object, found: readonly string[]])[] = [
    [{ replenishmentDue: {} }, ['pia']],
    [{ replenishmentDue: { daysBefore: 1 } }, []],
    [{ lapsed: {} }, ['rob']],
    [{ lapsed: { withinDays: 999 } }, ['rob', 'vic']],
    [{ caseOpen: {} }, ['tom', 'vic']],
    [{ caseOpen: { hours: 80 } }, ['vic']],
    [{ paymentLate: {} }, ['tom']],
    [{ paymentLate: { days: 11 } }, []],
    [{ checkoutAbandoned: {} }, ['sue']],
    [{ birthday: {} }, ['leap', 'staff']],
    [{ birthday: { daysBefore: 20 } }, ['later', 'leap', 'staff']],
    [{ event: { name: 'Plan Chosen', where } }, ['uma']],
    [{ event: { name: 'Plan Chosen', where: { seats: 4 } } }, []],
    [{ event: { name: "it's no event" } }, []],
  ];
  const sent = await run({ rules: wanted.map(([when], i) => rule(`finds-${i}`, when)), cap: { most: 99 } });
  const found = wanted.map(([when], i) => [when, who(sent.filter((action) => action.rule === `finds-${i}`))]);
  expect(found).toEqual(wanted);
  const sql = "SELECT profile_id, 7 AS occurrence, 'x' AS note FROM rhythm WHERE profile_id = 'pia';";
  const [told] = await run(only({ sql }, { action: { channel: 'email' } }));
  expect(told).toMatchObject({
    profileId: 'pia',
    occurrence: '7',
    detail: '{"note":"x"}',
    action: '{"channel":"email"}',
    workspace: WORKSPACE,
  });
});

it('decides each occurrence once, and again as soon as what forbade it is gone', async () => {
  const birthday = { rules: [rule('birthday', { birthday: {} })], neverTarget: ['staff'] };
  expect(who(await run({ ...birthday, cap: { most: 1 } }))).toEqual([]); // who has it today was contacted above
  const free = { ...birthday, cap: { most: 99 } };
  expect(who(await run(free))).toEqual(['leap']);
  expect(await run(free)).toEqual([]);
  expect((await state()).filter((row) => row.rule === 'birthday')).toEqual([
    { rule: 'birthday', profile_id: 'leap', state: 'sent', reason: '' },
    { rule: 'birthday', profile_id: 'refused', state: 'suppressed', reason: 'consent' },
    { rule: 'birthday', profile_id: 'staff', state: 'suppressed', reason: 'never_target' },
  ]);
  const granted = profile('refused', { birthDate: dayOf(NOW, 1971) }, { marketing: true }, { version: 2 });
  await warehouse.insert('kenal.profile_rows', [granted]);
  expect(who(await run(free))).toEqual(['refused']);
});

it('counts the messages of campaigns toward the cap, one a campaign and day', async () => {
  const mail = (hours: number, campaign: string, name = 'Email Sent'): object =>
    event('wim', name, hours, {}, { direction: 'outbound', campaign_id: campaign });
  const [first, second, third] = ['One', 'Two', 'Three'].map((name) => rule(name.toLowerCase(), { event: { name } }));
  await warehouse.insert('kenal.profile_rows', [profile('wim')]);
  // Three events of one message, and one of last month
  const mails = [mail(30, 'spring'), mail(30, 'spring', 'Email Delivered'), mail(52, 'easter'), mail(800, 'winter')];
  await warehouse.insert('kenal.interaction_rows', [
    ...mails,
    ...['One', 'Two', 'Three'].map((name) => event('wim', name, 1)),
  ]);
  expect(who(await run({ rules: [first], cap: { most: 2 } }))).toEqual([]);
  expect(who(await run({ rules: [first, second, third], cap: { most: 4 } }))).toEqual(['wim', 'wim']);
  expect((await state()).filter(({ profile_id }) => profile_id === 'wim')).toEqual([
    { rule: 'one', profile_id: 'wim', state: 'sent', reason: '' },
    { rule: 'three', profile_id: 'wim', state: 'suppressed', reason: 'cap' },
    { rule: 'two', profile_id: 'wim', state: 'sent', reason: '' },
  ]);
});

it('loses nothing and decides nothing twice where the log is away in between', async () => {
  const late = { rules: [rule('log-away', { paymentLate: {} })], cap: { most: 99 } };
  topic.isAway = true;
  await expect(run(late)).rejects.toThrow('the log is away');
  topic.isAway = false;
  // Another process goes on, whose clock is behind
  const [again, ...more] = await run(late, { clock: () => systemClock() - DAY });
  expect(again).toMatchObject({ rule: 'log-away', profileId: 'tom' });
  expect(more).toEqual([]);
  expect(await run(late)).toEqual([]);
});

it('does not send what was decided before consent was withdrawn, nor by a rule that is gone', async () => {
  const call = { rules: [rule('call', { event: { name: 'Called', withinHours: 26 } })], cap: { most: 99 } };
  const people = ['yes', 'no', 'moved'].map((id) => profile(id));
  await warehouse.insert('kenal.profile_rows', people);
  await warehouse.insert(
    'kenal.interaction_rows',
    ['yes', 'no', 'moved'].map((id) => event(id, 'Called', 1)),
  );
  topic.isAway = true;
  await expect(run(call)).rejects.toThrow('the log is away');
  topic.isAway = false;
  await warehouse.insert('kenal.profile_rows', [profile('no', {}, { marketing: false }, { version: 2 })]);
  const merged = { version: 2, live: false, change_type: 'merged', merged_into: 'yes' };
  await warehouse.insert('kenal.profile_rows', [profile('moved', {}, {}, merged)]);
  expect(who(await run({ ...call, quietHours: { from: '00:00', until: '23:59' } }))).toEqual([]);
  expect(who(await run(call))).toEqual(['yes', 'yes']); // and whoever is one with them now
  const called = (await state()).filter(({ rule: name }) => name === 'call');
  expect(called.map(({ state: is, reason }) => `${is} ${reason}`)).toEqual(['suppressed consent', 'sent ', 'sent ']);
});

it('looks at everybody of whom a signal speaks, however many may not be contacted, page by page', async () => {
  const people = ['a', 'b', 'c', 'd', 'e'];
  const consent = (id: string): object => (id === 'e' ? { marketing: true } : {});
  await warehouse.insert(
    'kenal.profile_rows',
    people.map((id) => profile(id, { page: true }, consent(id))),
  );
  await warehouse.insert(
    'kenal.interaction_rows',
    people.map((id) => event(id, 'Paged', 1)),
  );
  expect(who(await run(only({ event: { name: 'Paged' } }), { page: 2 }))).toEqual(['e']);
  const sql = "SELECT profile_id, 1 AS occurrence FROM interactions WHERE name = 'Paged'";
  const before = shop.asked.length;
  const never = { segments: { d: { sql: "SELECT 'd' AS profile_id" } } };
  expect(
    who(await run({ ...only({ sql }, { consent: 'opt_out' }), neverTarget: ['d'] }, { page: 2, ...never })),
  ).toEqual([...['a', 'b', 'c', 'e']]);
  expect(shop.asked.slice(before)).toHaveLength(2); // whom never, and whom
  const left = 'SELECT list FROM kenal.rule_found_rows';
  expect(await warehouse.query(left, { role: 'writer' })).toEqual([]);
});

it('is silent in quiet hours, and tells which rule has a fault while the others go on', async () => {
  const time = (micros: number): string => new Date(micros / 1_000).toISOString().slice(11, 16);
  const quietHours = { from: time(NOW - HOUR), until: time(NOW + 2 * HOUR) };
  const asked = only({ paymentLate: {} });
  expect(await run({ ...asked, quietHours })).toEqual([]);
  expect(who(await run({ ...asked, quietHours: { from: quietHours.until, until: quietHours.from } }))).toEqual(['tom']);
  const broken = ['broken', 'worse'].map((name) => rule(name, { sql: 'SELECT nothing AS profile_id' }));
  const fault = await run({ rules: [...broken, rule('sound', { paymentLate: {} })], cap: { most: 99 } }).catch(
    (e) => e,
  );
  expect(isKenalError(fault) && fault.message).toMatch(
    /^[^:]+: rule broken: its signal cannot be asked: .*nothing.*; rule worse: its signal .*nothing/s,
  );
  expect(topic.sent.at(-1)).toMatchObject({ rule: 'sound', profileId: 'tom' });
  // Whom a rule may never reach cannot be told: nobody is contacted
  const blind = await run({ ...only({ paymentLate: {} }), neverTarget: ['broken'] }).catch((e) => e);
  expect(isKenalError(blind) && blind.message).toMatch(/segment broken of neverTarget cannot be asked: .*nothing/s);
});

it('follows who was merged, and forgets who was erased', async () => {
  const gone = (id: string, more: object): object => profile(id, {}, {}, { version: 9, live: false, ...more });
  await warehouse.insert('kenal.profile_rows', [
    gone('tom', { change_type: 'merged', merged_into: 'vic' }),
    gone('vic', { change_type: 'merged', merged_into: 'uma' }),
    gone('leap', { change_type: 'erased' }),
    gone('refused', { change_type: 'merged', merged_into: 'staff' }),
  ]);
  const rows = await state();
  expect(rows.filter(({ rule: name }) => name === 'log-away')).toEqual([
    { rule: 'log-away', profile_id: 'uma', state: 'sent', reason: '' },
  ]);
  expect(rows.some(({ profile_id }) => profile_id === 'leap')).toBe(false);
  const kept = (): Promise<unknown[]> =>
    warehouse.query("SELECT 1 FROM kenal.action_rows WHERE profile_id = 'leap'", { role: 'writer' });
  expect(await kept()).not.toEqual([]);
  // Of one of both it was sent, of the other suppressed
  expect(await run({ rules: [rule('birthday', { birthday: {} })], cap: { most: 99 } })).toEqual([]);
  expect(await kept()).toEqual([]);
});

describe('what was so before a rule', () => baselinePromises(() => shop));
describe('what a rule brings', () => upliftPromises(() => shop));
