import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { kenalHere, type RunningKenal, up } from './testing/cli.ts';
import { type Body, deliver, fixtureOf, SECRET, type VendorCall } from './testing/vendors.ts';

const ANN = { name: 'Ann Lee', email: 'ann@x.example', phone: '+447400123456' };
const HOUSE = '+442033221100';
const YAML = `
workspaces:
  - id: shop
    region: GB
    currency: GBP
    sources:
      - { id: web, keys: [{ key: env:WEB_KEY }] }
      - { id: intercom, kind: intercom, secrets: [env:VENDOR] }
      - { id: twilio, kind: twilio, secrets: [env:VENDOR], own: ["${HOUSE}"] }
      - { id: postmark, kind: postmark, secrets: [env:POSTMARK], own: [shop.example] }
      - { id: shopify, kind: shopify, secrets: [env:VENDOR] }
      - { id: stripe, kind: stripe, secrets: [env:VENDOR] }
      - { id: aftership, kind: aftership, secrets: [env:VENDOR] }
      - { id: zendesk, kind: zendesk, secrets: [env:VENDOR] }
      - { id: telegram, kind: telegram, secrets: [env:VENDOR] }
      - { id: lines, kind: asterisk, keys: [{ key: env:LINES_KEY }], publicUrl: https://pbx.shop.example/ }
      - { id: talk, kind: widget, keys: [{ key: env:TALK_KEY, scope: public }], enabled: false }
`;
const dataDir = await migratedDirectory();
let running: RunningKenal;

beforeAll(async () => {
  const KENAL_CONFIG = join(dataDir, 'kenal.yaml');
  writeFileSync(KENAL_CONFIG, YAML);
  const secrets = { VENDOR: SECRET, POSTMARK: `postmark:${SECRET}`, WEB_KEY: 'key of web' };
  const keys = { LINES_KEY: 'key of lines', TALK_KEY: 'key of the chat' };
  running = await up(dataDir, { KENAL_CONFIG, ...secrets, ...keys });
});
afterAll(async () => {
  await running?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A moment of February 2026: `on('2 09:00')`. */
function on(moment: string): Date {
  const [day = '', time] = moment.split(' ');
  return new Date(`2026-02-${day.padStart(2, '0')}T${time}:00Z`);
}
const seconds = (moment: string): number => on(moment).getTime() / 1_000;

/** An event of the page, by the tracking API. */
interface PageEvent {
  readonly kind: 'web';
  readonly type: 'page' | 'identify';
  readonly body: Body;
}
type Told = VendorCall | PageEvent;

function web(at: string, type: PageEvent['type'], more: Body = {}): PageEvent {
  const body = { anonymousId: 'browser-7', messageId: `${type} ${at}`, timestamp: on(at), ...more };
  return { kind: 'web', type, body };
}

/** `what` is the name of a delivery in Intercom's fixtures. */
function intercom(at: string, what: string, change: (item: Body) => void = () => undefined): VendorCall {
  const body = fixtureOf('chat', 'intercom-deliveries')[what];
  const { item } = body.data;
  Object.assign(item, { id: '471', created_at: seconds(at), updated_at: seconds(at) });
  item.contacts.contacts = [{ type: 'contact', id: 'c-ann' }];
  for (const part of item.conversation_parts.conversation_parts) part.created_at = seconds(at);
  change(item);
  return { kind: 'intercom', body: { ...body, id: `notif ${at}`, created_at: seconds(at) } };
}

function twilio(at: string, sid: string, status: string, more: Body): VendorCall {
  const time = on(at).toUTCString().replace('GMT', '+0000');
  return { kind: 'twilio', body: { CallSid: sid, CallStatus: status, Timestamp: time, ...more } };
}
const leg = { From: ANN.phone, Direction: 'outbound-dial', ParentCallSid: 'CA1' };
const back = { From: HOUSE, To: ANN.phone, Direction: 'outbound-api' };

type Mail = { readonly from: string; readonly to: string; readonly cc?: readonly string[] };
function postmark(at: string, { from, to, cc = [] }: Mail): VendorCall {
  const body = fixtureOf('email', 'postmark-inbound');
  const full = (address: string) => ({ Email: address, Name: '', MailboxHash: '' });
  Object.assign(body, { From: from, FromFull: full(from), To: to, ToFull: [full(to)], Cc: cc.join(', ') });
  Object.assign(body, { CcFull: cc.map(full), Date: on(at).toUTCString(), ReplyTo: '', Attachments: [] });
  body.Headers = [{ Name: 'Message-ID', Value: `<${at.replace(' ', '-')}@x.example>` }];
  return { kind: 'postmark', body };
}

/** The fixture of a shop's order: two items, 19.90 twice and 2.55, and 4.00 for their way. */
function shopify(at: string, name: 'order' | 'refund'): VendorCall {
  const { headers, body } = fixtureOf('commerce', `shopify-${name}`);
  Object.assign(body, { created_at: on(at), processed_at: on(at), updated_at: on(at) });
  if (name === 'order') {
    const { email, phone } = ANN;
    Object.assign(body, { email, contact_email: email, total_price: '46.35', subtotal_price: '42.35' });
    Object.assign(body.customer, { id: 207, email, phone, first_name: 'Ann', last_name: 'Lee' });
    body.line_items[1].price = '2.55';
  }
  return { kind: 'shopify', body, headers: { ...headers, 'x-shopify-event-id': `event ${at}` } };
}

function stripe(at: string, type: string, fixture: string, object: Body): VendorCall {
  const { body } = fixtureOf('commerce', `stripe-${fixture}`);
  Object.assign(body.data.object, { customer: 'cus_ann', currency: 'gbp', ...object });
  return { kind: 'stripe', body: { ...body, id: `evt ${at}`, type, created: seconds(at) } };
}
const billing_details = { email: ANN.email, name: ANN.name };
const due_date = seconds('14 12:00');
const invoice = { customer_email: ANN.email, amount_due: 4_635, amount_paid: 0, parent: null, due_date };

function aftership(at: string, tag: string): VendorCall {
  const { body } = fixtureOf('commerce', 'aftership-tracking');
  const { email, phone, name } = ANN;
  Object.assign(body.msg.customers[0], { email, name, phone_number: phone });
  Object.assign(body.msg, { tag, checkpoints: [] });
  return { kind: 'aftership', body: { ...body, event_id: `parcel ${at}`, ts: seconds(at) } };
}

function zendesk(at: string, what: string): VendorCall {
  const body = fixtureOf('chat', 'zendesk-deliveries')[what];
  if (body.detail.via !== undefined) body.detail.via.channel = 'messaging';
  return { kind: 'zendesk', body: { ...body, id: `zendesk ${at}`, time: on(at) } };
}

/** What was done, and what the timeline makes of it; nothing beside a delivery: it is in no timeline. */
const STORY: readonly (readonly [Told, ...string[]])[] = [
  // Nobody knows who she is …
  [web('2 09:00', 'page', { name: 'Home' }), '2 09:00 web inbound Home'],
  [web('2 09:01', 'page', { name: 'Kettles' }), '2 09:01 web inbound Kettles'],
  // … and the chat knows her address only
  [
    intercom('2 09:05', 'a customer begins', (item) => {
      item.source.author = { type: 'user', id: 'c-ann', name: ANN.name, email: ANN.email };
    }),
    '2 09:05 chat inbound Live Chat Conversation Started',
    '2 09:05 chat inbound Live Chat Message Received',
  ],
  [intercom('2 09:07', 'an agent answers'), '2 09:07 chat outbound Live Chat Message Sent'],
  [
    intercom('2 09:09', 'two customers, an agent closes with words'),
    '2 09:09 chat outbound Live Chat Conversation Ended',
    '2 09:09 chat outbound Live Chat Message Sent',
  ],
  // The form joins browser, address and telephone
  [web('2 09:10', 'identify', { traits: ANN }), '2 09:10 web inbound identify'],
  // She calls: two telephones ring, one is taken
  [twilio('3 10:00', 'CA1a', 'initiated', { ...leg, To: 'client:alice' }), '3 10:00 phone inbound Call Started'],
  [twilio('3 10:01', 'CA1b', 'initiated', { ...leg, To: 'client:bob' }), '3 10:01 phone inbound Call Started'],
  [twilio('3 10:02', 'CA1b', 'in-progress', { ...leg, To: 'client:bob' }), '3 10:02 phone inbound Call Answered'],
  [twilio('3 10:03', 'CA1a', 'canceled', { ...leg, To: 'client:alice' }), '3 10:03 phone inbound Call Missed'],
  [
    twilio('3 10:05', 'CA1b', 'completed', { ...leg, To: 'client:bob', CallDuration: '180' }),
    '3 10:05 phone inbound Call Completed',
  ],
  [
    twilio('3 10:06', 'CA1', 'completed', { From: ANN.phone, To: HOUSE, Direction: 'inbound', CallDuration: '240' }),
    '3 10:06 phone inbound Call Completed',
  ],
  [postmark('3 15:00', { from: ANN.email, to: 'help@shop.example' }), '3 15:00 email inbound Email Received'],
  [shopify('4 12:00', 'order'), '4 12:00 commerce inbound Order Completed'],
  [stripe('4 12:01', 'invoice.finalized', 'invoice', invoice), '4 12:01 commerce outbound Invoice Due'],
  [aftership('5 08:00', 'InTransit'), '5 08:00 commerce outbound Shipment In Transit'],
  [aftership('6 11:00', 'Delivered'), '6 11:00 commerce outbound Shipment Delivered'],
  // Due on the 14th
  [
    stripe('18 07:00', 'invoice.payment_failed', 'invoice', invoice),
    '18 07:00 commerce outbound Invoice Payment Failed',
  ],
  [
    stripe('20 18:00', 'invoice.paid', 'invoice', { ...invoice, amount_paid: 4_635 }),
    '20 18:00 commerce inbound Invoice Paid',
  ],
  // One of two kettles comes back. The shop's refund names its order and nobody; her bank gives back the money
  [shopify('22 10:00', 'refund'), '22 10:00 commerce outbound Order Refunded'],
  [
    stripe('22 10:01', 'charge.refunded', 'refund', {
      amount: 4_635,
      amount_refunded: 2_190,
      invoice: 'in_1',
      billing_details,
    }),
    '22 10:01 commerce outbound Payment Refunded',
  ],
  [zendesk('23 09:00', 'a customer'), '23 09:00 chat inbound identify'],
  [zendesk('23 09:01', 'a ticket'), '23 09:01 chat inbound Case Opened'],
  [twilio('23 11:00', 'CA2', 'initiated', back), '23 11:00 phone outbound Call Started'],
  [twilio('23 11:01', 'CA2', 'in-progress', back), '23 11:01 phone outbound Call Answered'],
  [twilio('23 11:06', 'CA2', 'completed', { ...back, CallDuration: '300' }), '23 11:06 phone outbound Call Completed'],
  [zendesk('23 11:10', 'solved'), '23 11:10 chat outbound Case Resolved'],
];

async function tell(told: Told, again = false): Promise<void> {
  const { url, workspaces } = running.endpoints;
  const headers = { 'x-write-key': workspaces.shop?.sources.web ?? '', 'content-type': 'application/json' };
  const answer =
    told.kind === 'web'
      ? await fetch(`${url}/v1/${told.type}`, { method: 'POST', headers, body: JSON.stringify(told.body) })
      : await deliver(workspaces.shop?.hooks[told.kind] ?? '', told, again);
  const text = await answer.text();
  expect([told.kind, answer.status, text]).toEqual([told.kind, 200, expect.not.stringMatching(/"rejected":\[\{/)]);
}

async function settled(): Promise<void> {
  const key = { headers: { 'x-write-key': running.endpoints.writeKey } };
  const answer = await fetch(`${running.endpoints.url}/v1/settled?wait=60`, key);
  expect(await answer.json()).toEqual({ settled: true });
}

async function read(path: string): Promise<Body> {
  const headers = { authorization: `Bearer ${running.endpoints.readKey}` };
  const answer = await fetch(`${running.endpoints.url}/v1/profiles/${path}`, { headers });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json();
}

async function sql(question: string): Promise<string[]> {
  const { stdout, stderr } = await kenalHere(dataDir, ['sql', `${question} FORMAT TSV`]);
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

/** Last first, odd ones before even ones. */
function outOfOrder<T>(list: readonly T[]): readonly T[] {
  const reversed = list.toReversed();
  return [1, 0].flatMap((odd) => reversed.filter((_, place) => place % 2 === odd));
}

test('who browses, chats, calls, mails, orders, pays late, returns one item, complains and is called back is one person with one timeline', async () => {
  const tellings = outOfOrder(STORY.map(([told]) => told));
  for (const told of tellings) await tell(told);
  for (const told of tellings) await tell(told, true);
  await settled();

  const ann = await read(`email:${ANN.email}`);
  expect(ann.identifiers.map(({ type, value }: Body) => `${type}:${value}`).sort()).toEqual([
    'anonymous_id:browser-7',
    'email:ann@x.example',
    'intercom_id:a86dr8yl/c-ann',
    'phone:+447400123456',
    'shopify_id:heron-and-sons.myshopify.com/207',
    'stripe_id:stripe/cus_ann',
    'user_id:u42',
    'zendesk_id:22129848/8447388090494',
  ]);
  expect(await sql('SELECT profile_id FROM profiles')).toEqual([ann.id]);

  const { interactions: items } = await read(`email:${ANN.email}/timeline?limit=500`);
  const lines = items.toReversed().map(({ occurredAt, channel, direction, name, type }: Body) => {
    const [, day, time] = /-(\d\d)T(\d\d:\d\d)/.exec(occurredAt) ?? [];
    return `${Number(day)} ${time} ${channel} ${direction} ${name ?? type}`;
  });
  expect(lines).toEqual(STORY.flatMap(([, ...expected]) => expected));
});

test('her order, her calls and her talks stand in the views once, and her money to the penny', async () => {
  const orders = 'SELECT order_id, total, refunded, net, currency, status, length(faults) FROM orders';
  expect(await sql(orders)).toEqual(['450789469\t46.35\t19.9\t26.45\tGBP\tpartially_refunded\t0']);
  expect(
    await sql(
      "SELECT name, sum(amount) FROM interactions WHERE source = 'stripe' AND amount IS NOT NULL GROUP BY name ORDER BY name",
    ),
  ).toEqual(['Invoice Paid\t46.35', 'Payment Refunded\t19.9']);
  const calls = 'SELECT call_id, direction, outcome, agent, talk_seconds, legs FROM calls ORDER BY call_id';
  expect(await sql(calls)).toEqual(['CA1\tinbound\tanswered\tbob\t180\t3', 'CA2\toutbound\tanswered\t\t300\t1']);
  const talks =
    'SELECT source, messages_in, messages_out, first_response_seconds, profiles FROM conversations ORDER BY source';
  expect(await sql(talks)).toEqual(['intercom\t1\t2\t120\t1', 'postmark\t1\t0\t\\N\t1', 'zendesk\t0\t0\t\\N\t1']);
});

test('in the marts she waited, paid late, got her parcel, and has one case that is solved', async () => {
  const contacts =
    'SELECT source, kind, outcome, agent_id, toInt32(answer_seconds), is_resolved_first FROM contacts ORDER BY started_at';
  expect(await sql(contacts)).toEqual([
    // She called the day after
    'intercom\tchat\tanswered\t991267459\t120\t0',
    'twilio\tcall\tanswered\tbob\t120\t0',
    'postmark\temail\twaiting\t\t\\N\t\\N',
    // Solved by calling her back
    'zendesk\tchat\tclosed\t\t\\N\t1',
  ]);
  const cases = 'SELECT source, is_open, reopened, toString(opened_at), toString(resolved_at) FROM cases';
  expect(await sql(cases)).toEqual(['zendesk\t0\t0\t2026-02-23 09:01:00.000000\t2026-02-23 11:10:00.000000']);
  const pays =
    'SELECT i.status, i.amount, i.currency, i.days_late, p.paid, p.open_amount, p.late_share, p.failed_payments FROM invoices AS i JOIN payment_behaviour AS p USING (profile_id)';
  expect(await sql(pays)).toEqual(['paid\t46.35\tGBP\t6\t1\t0\t1\t1']);
  const status =
    'SELECT status, source, net, parcels, parcels_delivered, carrier, toString(delivered_at), isNotNull(refunded_at) FROM order_status';
  expect(await sql(status)).toEqual(['delivered\tshopify\t26.45\t1\t1\tusps\t2026-02-06 11:00:00.000000\t1']);
  expect(await sql('SELECT event_source, stage FROM order_timeline ORDER BY occurred_at')).toEqual([
    ...['shopify\tordered', 'aftership\tshipped', 'aftership\tdelivered', 'shopify\trefunded'],
  ]);
});

test('a mail to three in copy, a group of ten and a call between two customers link nobody', async () => {
  const before = await sql('SELECT profile_id FROM profiles');
  const others = ['bea@x.example', 'cem@x.example', 'dora@x.example'];
  const strangers = { From: '+447400987651', To: '+447400987652', Direction: 'inbound', CallDuration: '60' };
  const group = Array.from({ length: 10 }, (_, n): VendorCall => {
    const body = fixtureOf('chat', 'telegram-deliveries')['in a group'];
    Object.assign(body.message.from, { id: 5_000 + n });
    Object.assign(body.message, { message_id: n, date: seconds('24 10:00') + n });
    return { kind: 'telegram', body: { ...body, update_id: n } };
  });
  await tell(postmark('24 09:00', { from: 'help@shop.example', to: 'help@shop.example', cc: others }));
  await tell(postmark('24 09:01', { from: 'otto@x.example', to: 'help@shop.example', cc: others }));
  for (const message of group) await tell(message);
  await tell(twilio('24 11:00', 'CA3', 'completed', strangers));
  await settled();

  const added = await sql(
    `SELECT arrayStringConcat(arraySort(groupArray(concat(type, ':', value))), ' ') FROM profile_identifiers WHERE profile_id NOT IN ('${before.join("','")}') GROUP BY profile_id ORDER BY 1`,
  );
  expect(before).toHaveLength(1);
  expect(added).toEqual([
    ...[...others, 'otto@x.example'].map((email) => `email:${email}`),
    'phone:+447400987651',
    ...group.map((_, n) => `telegram_id:${5_000 + n}`),
  ]);
  expect((await read(`email:${ANN.email}`)).identifiers).toHaveLength(8);
});

test('each source is told with the address, or the command, by which it comes in', async () => {
  const { url } = running.endpoints;
  const { stdout } = await kenalHere(dataDir, ['sources', 'ls']);
  const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
  expect(lines).toEqual(
    expect.arrayContaining([
      `twilio | twilio | phone | on | this machine | ${url}/v1/hooks/twilio/shop/twilio`,
      'lines | asterisk | phone | on | public | https://pbx.shop.example/v1/hooks/asterisk/shop/lines | with a write key of it; or kenal cdr tail FILE --source lines (a whole file: cdr import)',
      `talk | widget | chat | off | this machine | ${url.replace('http', 'ws')}/v1/stream?writeKey=<public key> | script for a page: ${url}/v1/widget.js`,
    ]),
  );
});

test('from a delivery one goes on to its events, by the ids that vendor and sender know them by', async () => {
  const { stdout } = await kenalHere(dataDir, ['sources', 'deliveries', 'postmark', '--json']);
  // Without the address of who it went to, which an erasure could not take back
  const [newest, before] = JSON.parse(stdout);
  expect([newest.messageIds, before.messageIds]).toEqual([['24-09:01@x.example'], ['24-09:00@x.example']]);

  const trace = async (id: string) => JSON.parse((await kenalHere(dataDir, ['trace', id, '--json'])).stdout);
  const idsOf = ({ traces }: Body): string[] =>
    traces.map((one: Body) => `${one.source} ${one.messageId} ${one.state}`);
  const mail = await trace('<24-09:00@x.example>');
  expect([mail.foundBy, mail.others, mail.more]).toEqual(['vendor_id', [], false]);
  expect(idsOf(mail)).toEqual(
    ['bea', 'cem', 'dora'].map((name) => `postmark 24-09:00@x.example#${name}@x.example stored`),
  );
  expect(mail.traces[1].stages.map(({ stage }: Body) => stage)).toEqual(
    expect.arrayContaining(['received', 'resolved', 'stored', 'delivered']),
  );
  expect(idsOf(await trace('471'))).toEqual([
    'intercom conversation.471.started stored',
    'intercom part.471.first stored',
  ]);
  expect(await trace('CA3.completed')).toMatchObject({ foundBy: 'message_id', traces: [{ source: 'twilio' }] });
  expect((await kenalHere(dataDir, ['trace', 'CA3'])).stdout).toMatch(
    /^CA3 is the id of a vendor or sender: one event has it\.\nCA3\.completed of twilio: stored, 1 copy received/,
  );
});

test('nothing was refused and nothing is missing', async () => {
  expect(await sql('SELECT count() FROM failed_events')).toEqual(['0']);
  expect(await sql('SELECT sum(difference), sum(duplicate) >= 20 FROM balance')).toEqual(['0\t1']);
});

// The last one: it leaves a failed event
test('a repair that nothing reads is refused with what there is to set', async () => {
  const line = (start: string): string =>
    `"","02071838750","02033221100","from-trunk","""JANE"" <02071838750>","PJSIP/p-1","PJSIP/2001-1","Dial","PJSIP/2001","${start}",,"2026-11-30 10:00:09",9,0,"NO ANSWER","DOCUMENTATION","1796032800.16",""`;
  const sent = await fetch(`${running.endpoints.url}/v1/hooks/asterisk/shop/lines`, {
    method: 'POST',
    headers: { 'x-write-key': 'key of lines' },
    body: line('soon'),
  });
  expect(sent.status).toBe(200);
  await settled();
  const [id] = await sql("SELECT failure_id FROM failed_events WHERE path = '$.start'");
  const wrong = await kenalHere(dataDir, ['failed', 'fix', id!, '--set', '$.start=2026-11-30 10:00:00']);
  expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([
    ...[2, ''],
    expect.stringMatching(/\$\.start.*no such field.*it has line/),
  ]);
  const right = await kenalHere(dataDir, ['failed', 'fix', id!, '--set', `$.line=${line('2026-11-30 10:00:00')}`]);
  expect(right.stdout).toMatch(/is fixed; now: kenal failed replay/);
});
