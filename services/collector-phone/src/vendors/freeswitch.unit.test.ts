import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorPhone } from '../app.ts';
import { fixture } from '../testing/fixtures.ts';
import { createTaken, type Taken } from '../testing/taken.ts';

const options = {
  sources: [{ id: 'fs', kind: 'freeswitch' as const, secrets: ['env:LOGIN'], own: ['+442033221100'] }],
  environment: { LOGIN: 'cdr:the password' },
};
const LOGIN = { authorization: `Basic ${Buffer.from('cdr:the password').toString('base64')}` };
const CALLER = '+442071838750';
const A = '8f5e2f1e-0000-4000-8000-00000000000a';
const B = '8f5e2f1e-0000-4000-8000-00000000000b';
const A_LEG = fixture('freeswitch-a-leg.json');
const B_LEG = fixture('freeswitch-b-leg.json');

let collector: TestVendorCollector;
let news: () => Promise<Taken>;

beforeAll(async () => {
  collector = await startVendorCollector(createCollectorPhone, options);
  news = createTaken(collector);
});
afterAll(() => collector[Symbol.asyncDispose]());
beforeEach(() => news());

async function taken(...bodies: readonly (string | Uint8Array)[]) {
  for (const body of bodies) expect((await collector.deliver('fs', body, LOGIN)).status).toBe(200);
  return news();
}

/** The first leg, with other variables. */
function leg(variables: Readonly<Record<string, unknown>>, text = A_LEG): string {
  const record = JSON.parse(text) as { variables: object };
  return JSON.stringify({ ...record, variables: { ...record.variables, ...variables } });
}
const UNJOINED = { bridge_epoch: '0', bridge_uepoch: '0', originate_disposition: 'failure' };
const UNANSWERED = { ...UNJOINED, answer_epoch: '0', answer_uepoch: '0' };

test('the record of the first leg is the whole call: who spoke, from when, how long', async () => {
  const { interactions } = await taken(A_LEG);
  expect(interactions).toEqual([
    {
      ...{ id: A, name: 'Call Completed', direction: 'inbound', phone: CALLER, others: ['callee +442033221100'] },
      ...{ agent: '2002', call: A, at: 1_796_032_869_000_000 },
      properties: {
        ...{ call_id: A, leg_id: A, direction: 'inbound', from: CALLER, to: '+442033221100', outcome: 'answered' },
        ...{ started_at: '2026-11-30T10:00:00.000Z', answered_at: '2026-11-30T10:00:09.000Z' },
        ...{
          ended_at: '2026-11-30T10:01:09.000Z',
          ring_seconds: 9,
          talk_seconds: 60,
          total_seconds: 69,
          agent: '2002',
        },
        ...{ hangup_cause: 'NORMAL_CLEARING', application: 'bridge', caller_name: 'JANE DOE' },
        recording_url: `/var/recordings/${A}.wav`,
      },
    },
  ]);
});

test('the record of a telephone that was rung belongs to the same call', async () => {
  const { interactions } = await taken(B_LEG, A_LEG);
  expect(interactions).toMatchObject([
    {
      id: B,
      call: A,
      phone: CALLER,
      agent: '2002',
      others: ['callee 2002'],
      properties: { leg_id: B, ring_seconds: 7 },
    },
    { id: A, call: A },
  ]);
});

test('raw JSON and a form, plain, URL-encoded or base64, are the same record', async () => {
  const forms = [
    A_LEG,
    `cdr=${A_LEG}`,
    `cdr=${encodeURIComponent(A_LEG)}`,
    `cdr=${Buffer.from(A_LEG).toString('base64')}`,
    `cdr=${encodeURIComponent(Buffer.from(A_LEG).toString('base64'))}`,
  ];
  const { interactions, failed } = await taken(...forms);
  expect(failed).toEqual([]);
  expect(interactions).toHaveLength(forms.length);
  for (const one of interactions) expect(one).toEqual(interactions[0]);
});

test.each([
  ['nobody answers', { ...UNANSWERED, hangup_cause: 'NO_ANSWER' }, 'missed'],
  ['it is busy', { ...UNANSWERED, hangup_cause: 'USER_BUSY' }, 'missed'],
  ['the caller hangs up while it rings', { ...UNANSWERED, hangup_cause: 'ORIGINATOR_CANCEL' }, 'abandoned'],
  ['the caller hangs up in the menu', { ...UNJOINED, last_app: 'ivr' }, 'abandoned'],
  ['a menu answers, and then nobody', { ...UNJOINED, originate_disposition: 'NO_ANSWER' }, 'missed'],
  ['the caller leaves a message', { ...UNJOINED, last_app: 'voicemail', voicemail_message_len: '12' }, 'voicemail'],
  ['the caller leaves the queue', { ...UNJOINED, last_app: 'hangup', cc_queue: 'support%40shop' }, 'abandoned'],
  [
    'an agent of the queue answers',
    { ...UNJOINED, cc_queue: 'support', cc_queue_answered_epoch: '1796032810' },
    'answered',
  ],
  ['a program speaks with the caller', { ...UNJOINED, last_app: 'socket' }, 'answered'],
])('where %s, the call is what it was', async (_what, variables, outcome) => {
  const { interactions } = await taken(leg(variables));
  expect(interactions.map(({ properties }) => properties.outcome)).toEqual([outcome]);
  expect(interactions[0]?.name).toBe(
    { missed: 'Call Missed', abandoned: 'Call Missed', voicemail: 'Voicemail Left', answered: 'Call Completed' }[
      outcome
    ],
  );
});

test('of the telephones that rang in vain, one that lost the race was missed, and one that still rang was given up', async () => {
  const lost = leg({ ...UNANSWERED, uuid: 'c', hangup_cause: 'LOSE_RACE' }, B_LEG);
  const cancelled = leg({ ...UNANSWERED, uuid: 'd', hangup_cause: 'ORIGINATOR_CANCEL' }, B_LEG);
  const { interactions } = await taken(lost, cancelled);
  expect(interactions.map(({ call, properties }) => [call, properties.outcome])).toEqual([
    [A, 'missed'],
    [A, 'abandoned'],
  ]);
});

test('a telephone of ours that calls out shows the number of the house, and is an agent all the same', async () => {
  const out = { caller_id_number: '02033221100', destination_number: '02071838750', sip_authorized: 'true' };
  const { interactions } = await taken(leg({ ...out, sip_auth_username: '2001', caller_id_name: '' }));
  expect(interactions).toMatchObject([{ direction: 'outbound', phone: CALLER, agent: '2001' }]);
});

test('a record without an id or a time is kept as a failed event, and so is one that cannot be decoded', async () => {
  const { interactions, failed } = await taken(
    leg({ uuid: '' }),
    leg({ start_epoch: '', start_uepoch: 'soon' }),
    leg({ end_epoch: '0', end_uepoch: '0' }),
    'cdr=!!!',
    'cdr=',
  );
  expect(interactions).toEqual([]);
  expect(failed.map(({ code }) => code).sort()).toEqual([
    'bad_json',
    'bad_json',
    'event_bad_time',
    'event_bad_time',
    'event_missing_field',
  ]);
});

test('without the login that we share nothing is taken', async () => {
  const wrong = { authorization: `Basic ${Buffer.from('cdr:another').toString('base64')}` };
  expect((await collector.deliver('fs', A_LEG, wrong)).status).toBe(401);
  expect((await collector.deliver('fs', A_LEG)).status).toBe(401);
});
