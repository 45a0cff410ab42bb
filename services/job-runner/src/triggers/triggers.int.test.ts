import { type Action, type Clock, kenalConfigSchema } from '@kenal/contracts';
import { isKenalError } from '@kenal/errors';
import type { TopicWriter } from '@kenal/event-log';
import { systemClock } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAskWarehouse } from '../computed/ask.ts';
import { temporaryDirectory } from '../testing/world.ts';
import { createActionRows } from './action-rows.ts';
import { createReadCandidates } from './candidates.ts';
import { createReadNever } from './never-target.ts';
import { createTriggers } from './triggers.ts';

const WORKSPACE = 'shop';
const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const NOW = systemClock();

let warehouse: Warehouse;
let messages = 0;

beforeAll(async () => {
  warehouse = await openWarehouse({ dataDir: await temporaryDirectory() });
  await warehouse.migrate();
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
afterAll(() => warehouse.close());

function dayOf(micros: number, year: number): string {
  return `${year}${new Date(micros / 1_000).toISOString().slice(4, 10)}`;
}

function profile(id: string, traits: object = {}, consent: object = { marketing: true }, more: object = {}): object {
  return {
    ...{ workspace: WORKSPACE, profile_id: id, version: 1, change_type: 'created', changed_at: NOW, live: true },
    ...{ traits: JSON.stringify(traits), consent: JSON.stringify(consent), identifiers: [], identifier_count: 0 },
    ...more,
  };
}

/** @param ago hours */
function event(profileId: string, name: string, ago: number, properties: object = {}, more: object = {}): object {
  messages += 1;
  const at = NOW - ago * HOUR;
  return {
    ...{ workspace: WORKSPACE, source: 'web', message_id: `m${messages}`, type: 'track', name, channel: 'web' },
    ...{ occurred_at: at, received_at: at, client_at: at, owner: `user_id:${profileId}`, profile_id: profileId },
    ...{ ver: 1, properties: JSON.stringify(properties), receipt_collector: 'c1', receipt_sequence: messages, ...more },
  };
}

function order(profileId: string, daysAgo: number): object {
  const money = { order_kind: 'snapshot', order_total: '20', order_refunded: '0', order_currency: 'USD' };
  return event(profileId, 'Order Completed', daysAgo * 24, {}, { order_id: `o${messages}`, ...money });
}

/** A topic that can be out of reach. */
function createTopic(): TopicWriter<Action> & { readonly sent: Action[]; isAway: boolean } {
  const topic = {
    sent: [] as Action[],
    isAway: false,
    append: async (items: readonly { value: Action }[]) => {
      if (topic.isAway) throw new Error('the log is away');
      topic.sent.push(...items.map(({ value }) => value));
      return [];
    },
  };
  return topic;
}

const topic = createTopic();
const SEGMENTS = { staff: { where: { trait: 'staff', eq: true } }, broken: { sql: 'SELECT nothing AS profile_id' } };

async function run(triggers: object, sizes = { page: 1_000, piece: 500 }): Promise<Action[]> {
  const sources = [{ id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }];
  const config = kenalConfigSchema.parse({ workspaces: [{ id: WORKSPACE, sources, segments: SEGMENTS, triggers }] });
  const askDeclared = createAskWarehouse(warehouse);
  const mart = createTriggers({
    warehouse,
    readCandidates: createReadCandidates({ warehouse, askDeclared, sizes }),
    readNever: createReadNever(askDeclared),
    actionRows: createActionRows(warehouse, topic, clock),
    clock: systemClock,
  });
  const before = topic.sent.length;
  const [workspace] = config.workspaces;
  await mart.refresh({
    workspace: workspace!,
    full: false,
    signal: new AbortController().signal,
    note: async () => {},
  });
  return topic.sent.slice(before);
}
const rule = (name: string, when: object, more: object = {}) => ({ name, when, holdOut: 0, ...more });
/** Of the process that decides. */
let clock: Clock = systemClock;
let rules = 0;
const only = (when: object, more: object = {}) => {
  rules += 1;
  return { rules: [rule(`r${rules}`, when, more)], cap: { most: 99 } };
};
const who = (actions: readonly Action[]): string[] => actions.map(({ profileId }) => profileId).sort();
const state = () =>
  warehouse.query<{ rule: string; profile_id: string; state: string; reason: string }>(
    'SELECT rule, profile_id, state, reason FROM kenal.actions ORDER BY rule, profile_id',
    { workspace: WORKSPACE },
  );

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
    event('tom', 'Invoice Due', 400, { invoice_id: 'i1', due_at: new Date((NOW - 10 * DAY) / 1_000).toISOString() }),
    event('uma', 'Invoice Due', 400, { invoice_id: 'i2', due_at: new Date((NOW - 10 * DAY) / 1_000).toISOString() }),
    event('uma', 'Invoice Paid', 100, { invoice_id: 'i2' }),
    event('sue', 'Checkout Started', 26),
    event('sue', 'Checkout Started', 6),
    event('tom', 'Checkout Started', 1),
    event('uma', 'Plan Chosen', 2, { plan: 'pro', seats: 3, trial: true }),
    event('vic', 'Plan Chosen', 2, { plan: 'free', seats: 3, trial: true }),
    event('tom', 'Plan Chosen', 60, { plan: 'pro', seats: 3, trial: true }),
  ]);
  expect(who(await run(only({ replenishmentDue: {} })))).toEqual(['pia']);
  expect(who(await run(only({ replenishmentDue: { daysBefore: 1 } })))).toEqual([]);
  expect(who(await run(only({ lapsed: {} })))).toEqual(['rob']);
  expect(who(await run(only({ lapsed: { withinDays: 999 } })))).toEqual(['rob', 'vic']);
  expect(who(await run(only({ caseOpen: {} })))).toEqual(['tom', 'vic']);
  expect(who(await run(only({ caseOpen: { hours: 80 } })))).toEqual(['vic']);
  expect(who(await run(only({ paymentLate: {} })))).toEqual(['tom']);
  expect(who(await run(only({ paymentLate: { days: 11 } })))).toEqual([]);
  expect(who(await run(only({ checkoutAbandoned: {} })))).toEqual(['sue']);
  expect(who(await run(only({ birthday: {} })))).toEqual(['leap', 'staff']);
  expect(who(await run(only({ birthday: { daysBefore: 20 } })))).toEqual(['later', 'leap', 'staff']);
  const where = { plan: 'pro', seats: 3, trial: true };
  expect(who(await run(only({ event: { name: 'Plan Chosen', where } })))).toEqual(['uma']);
  expect(who(await run(only({ event: { name: 'Plan Chosen', where: { seats: 4 } } })))).toEqual([]);
  expect(who(await run(only({ event: { name: "it's no event" } })))).toEqual([]);
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
  clock = () => systemClock() - DAY;
  const [again, ...more] = await run(late);
  clock = systemClock;
  expect(again).toMatchObject({ rule: 'log-away', profileId: 'tom' });
  expect(more).toEqual([]);
  expect(await run(late)).toEqual([]);
});

it('does not send what was decided before consent was withdrawn, nor by a rule that is gone', async () => {
  const call = { rules: [rule('call', { event: { name: 'Called' } })], cap: { most: 99 } };
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
  const sizes = { page: 2, piece: 2 };
  expect(who(await run(only({ event: { name: 'Paged' } }), sizes))).toEqual(['e']);
  const sql = "SELECT profile_id, 1 AS occurrence FROM interactions WHERE name = 'Paged'";
  expect(who(await run(only({ sql }), sizes))).toEqual(['e']);
});

it('is silent in quiet hours, and tells which rule has a fault while the others go on', async () => {
  const time = (micros: number): string => new Date(micros / 1_000).toISOString().slice(11, 16);
  const quietHours = { from: time(NOW - HOUR), until: time(NOW + 2 * HOUR) };
  const asked = only({ paymentLate: {} });
  expect(await run({ ...asked, quietHours })).toEqual([]);
  expect(who(await run({ ...asked, quietHours: { from: quietHours.until, until: quietHours.from } }))).toEqual(['tom']);
  const broken = rule('broken', { sql: 'SELECT nothing AS profile_id' });
  const fault = await run({ rules: [broken, rule('sound', { paymentLate: {} })], cap: { most: 99 } }).catch((e) => e);
  expect(isKenalError(fault) && fault.message).toMatch(/rule broken: its signal cannot be asked: .*nothing/s);
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
  ]);
  const rows = await state();
  expect(rows.filter(({ rule: name }) => name === 'log-away')).toEqual([
    { rule: 'log-away', profile_id: 'uma', state: 'sent', reason: '' },
  ]);
  expect(rows.some(({ profile_id }) => profile_id === 'leap')).toBe(false);
  const kept = (): Promise<unknown[]> =>
    warehouse.query("SELECT 1 FROM kenal.action_rows WHERE profile_id = 'leap'", { role: 'writer' });
  expect(await kept()).not.toEqual([]);
  await run({ rules: [] });
  expect(await kept()).toEqual([]);
});

it('measures what a rule brings, and finds nothing where it brings nothing', async () => {
  const people = Array.from({ length: 600 }, (_, i) => `buyer${i}`);
  await warehouse.insert(
    'kenal.profile_rows',
    people.map((id) => profile(id)),
  );
  await warehouse.insert(
    'kenal.interaction_rows',
    people.flatMap((id) => [event(id, 'Helped', 2), event(id, 'Idle', 2)]),
  );
  const half = { holdOut: 0.5, outcomeDays: 10 };
  const both = [rule('helps', { event: { name: 'Helped' } }, half), rule('idle', { event: { name: 'Idle' } }, half)];
  await run({ rules: both, cap: { most: 9 } });
  const decided = (await state()).filter(({ rule: name }) => name === 'helps' || name === 'idle');
  const sent = new Set(decided.flatMap((row) => (row.state === 'sent' ? [`${row.rule} ${row.profile_id}`] : [])));
  // One in five buys anyway, three in ten more where rule `helps` has reached them; the others only after the days are over
  const bought = new Set(people.filter((id, i) => i % 10 < (sent.has(`helps ${id}`) ? 5 : 2)));
  const orders = people.map((id) => order(id, bought.has(id) ? -3 : -11));
  await warehouse.insert('kenal.interaction_rows', orders);

  const uplift = (days: number) =>
    warehouse.query<Record<string, number>>(
      `SELECT *, toFloat64(sent_net) AS net FROM kenal.trigger_uplift_as_of(as_of = addDays(toDate32(now('UTC')), ${days})) WHERE rule IN ('helps', 'idle') ORDER BY rule`,
      { workspace: WORKSPACE },
    );
  expect(await uplift(9)).toEqual([]); // the days are not over
  const [helps, idle] = await uplift(12);
  for (const [name, told] of [
    ['helps', helps!],
    ['idle', idle!],
  ] as const) {
    const is = (side: boolean) => people.filter((id) => sent.has(`${name} ${id}`) === side);
    const hits = (side: boolean) => is(side).filter((id) => bought.has(id)).length;
    const [yes, no] = [is(true).length, is(false).length];
    expect(told).toMatchObject({
      sent: yes,
      held_out: no,
      sent_bought: hits(true),
      held_out_bought: hits(false),
      is_small: false,
    });
    expect(told.net).toBe(20 * hits(true));
    const [low, high] = newcombe(hits(true), yes, hits(false), no);
    expect(told.uplift_low).toBeCloseTo(low, 9);
    expect(told.uplift_high).toBeCloseTo(high, 9);
  }
  expect(helps!.uplift_low).toBeGreaterThan(0);
  expect(helps!.uplift_low! < 0.3 && 0.3 < helps!.uplift_high!).toBe(true);
  expect(idle!.uplift_low! < 0 && 0 < idle!.uplift_high!).toBe(true);
});

/** Both ends of the interval of a difference of shares, after Newcombe (1998), method 10. */
function newcombe(a: number, m: number, b: number, n: number): [number, number] {
  const z = 1.959963984540054;
  const wilson = (hits: number, of: number): [number, number] => {
    const share = hits / of;
    const root = Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
    return [-1, 1].map((sign) => (share + z ** 2 / (2 * of) + sign * z * root) / (1 + z ** 2 / of)) as [number, number];
  };
  const [[l1, u1], [l2, u2]] = [wilson(a, m), wilson(b, n)];
  const difference = a / m - b / n;
  return [difference - Math.hypot(a / m - l1, u2 - b / n), difference + Math.hypot(u1 - a / m, b / n - l2)];
}
