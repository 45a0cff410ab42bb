import { hashKey } from '@kenal/service-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorPhone } from '../app.ts';
import { fixture } from '../testing/fixtures.ts';
import { createTaken, type Taken } from '../testing/taken.ts';

const KEY = 'write-key-of-the-lambda';
const options = { sources: [{ id: 'cc', kind: 'connect' as const, keys: [{ key: hashKey(KEY) }] }] };
const HEADERS = { 'x-write-key': KEY };
const CALLER = '+442071838750';
const HOUSE = '+442033221100';
const RECORD = JSON.parse(fixture('connect-contact.json')) as Record<string, unknown>;
const ID = RECORD.ContactId as string;

let collector: TestVendorCollector;
let news: () => Promise<Taken>;

beforeAll(async () => {
  collector = await startVendorCollector(createCollectorPhone, options);
  news = createTaken(collector);
});
afterAll(() => collector[Symbol.asyncDispose]());
beforeEach(() => news());

async function taken(...payloads: readonly unknown[]): Promise<Taken> {
  for (const payload of payloads)
    expect((await collector.deliver('cc', JSON.stringify(payload), HEADERS)).status).toBe(200);
  return news();
}

const contact = (fields: object = {}): object => ({ ...RECORD, Recording: null, ...fields });
const NOBODY = { Agent: null };

test('a contact record is the whole leg: direction, answer, talk, hold and work after the call', async () => {
  const { interactions } = await taken(RECORD);
  const recording_url = 'connect-bucket/connect/shop/CallRecordings/2026/11/30/1.wav';
  expect(interactions).toMatchObject([
    {
      ...{
        id: `${ID}.1796032980000000`,
        name: 'Call Completed',
        direction: 'inbound',
        phone: CALLER,
        call: ID,
        agent: 'bob',
      },
      others: [`callee ${HOUSE}`],
      properties: {
        ...{ call_id: ID, leg_id: ID, from: CALLER, to: HOUSE, outcome: 'answered', queue: 'support', agent: 'bob' },
        ...{ started_at: '2026-11-30T10:00:00.000Z', answered_at: '2026-11-30T10:00:30.000Z', ring_seconds: 30 },
        ...{ ended_at: '2026-11-30T10:02:00.000Z', talk_seconds: 80, hold_seconds: 10, wrap_up_seconds: 30 },
        ...{ total_seconds: 120, reason: 'CUSTOMER_DISCONNECT', recording_url, updated_at: '2026-11-30T10:03:00.000Z' },
      },
    },
    { id: `${ID}.recording`, name: 'Recording Available', call: ID, properties: { recording_url } },
  ]);
  expect(JSON.stringify(interactions)).not.toContain('1234"');
});

test('a record that comes again is the same event, and one that was updated another of the same leg', async () => {
  const later = {
    ...RECORD,
    LastUpdateTimestamp: '2026-11-30T10:09:00Z',
    Agent: { ...(RECORD.Agent as object), AfterContactWorkDuration: 90 },
  };
  const { interactions } = await taken(RECORD, later, RECORD);
  const ids = new Set(interactions.map(({ id }) => id));
  expect([...ids]).toEqual([`${ID}.1796032980000000`, `${ID}.recording`, `${ID}.1796033340000000`]);
  expect(new Set(interactions.map(({ properties }) => properties.leg_id))).toEqual(new Set([ID]));
});

test('a transfer is a leg of its own of the same conversation', async () => {
  const transfer = contact({
    ContactId: 'second',
    InitialContactId: ID,
    PreviousContactId: ID,
    InitiationMethod: 'TRANSFER',
  });
  const { interactions } = await taken(transfer);
  expect(interactions).toMatchObject([{ call: ID, properties: { leg_id: 'second', previous_leg_id: ID } }]);
});

test.each([
  ['the caller hangs up in the queue', NOBODY, 'abandoned'],
  ['the queue is full', { ...NOBODY, DisconnectReason: 'CONTACT_FLOW_DISCONNECT' }, 'missed'],
  ['the caller hangs up in the menu', { ...NOBODY, Queue: null }, 'abandoned'],
  [
    'the flow serves the caller to its end',
    { ...NOBODY, Queue: null, DisconnectReason: 'CONTACT_FLOW_DISCONNECT' },
    'answered',
  ],
  [
    'we call, and a customer answers',
    { InitiationMethod: 'OUTBOUND', Queue: null, DisconnectReason: 'AGENT_DISCONNECT' },
    'answered',
  ],
  [
    'we call nobody there',
    { InitiationMethod: 'OUTBOUND', DisconnectReason: 'OUTBOUND_DESTINATION_ENDPOINT_ERROR' },
    'missed',
  ],
  [
    'we call a machine',
    { InitiationMethod: 'OUTBOUND', AnsweringMachineDetectionStatus: 'VOICEMAIL_BEEP' },
    'voicemail',
  ],
])('where %s, the call is what it was', async (_what, fields, outcome) => {
  const { interactions } = await taken(contact(fields));
  expect(interactions).toMatchObject([
    { phone: CALLER, direction: 'InitiationMethod' in fields ? 'outbound' : 'inbound', properties: { outcome } },
  ]);
  expect(interactions[0]?.properties.talk_seconds).toBe(outcome === 'answered' && !('Agent' in fields) ? 80 : 0);
});

test('a list, and what a Lambda gets of a Kinesis stream, are records one by one; a bad one fails alone', async () => {
  const data = (text: string) => ({ kinesis: { data: Buffer.from(text).toString('base64') } });
  const { interactions, failed } = await taken(
    [
      contact({ ContactId: 'one' }),
      contact({ ContactId: null }),
      contact({ ContactId: 'two', LastUpdateTimestamp: 'x' }),
    ],
    { Records: [data(JSON.stringify(contact({ ContactId: 'three' }))), data('{broken')] },
    contact({ ContactId: 'four', DisconnectTimestamp: null }),
  );
  expect(interactions.map(({ call }) => call)).toEqual(['one', 'three']);
  expect(failed.map(({ path }) => path).sort()).toEqual([
    ...['$.ContactId', '$.ContactId', '$.DisconnectTimestamp', '$.LastUpdateTimestamp'],
  ]);
});

test('chats and whoever listens in are no calls of a customer, and a withheld number names nobody', async () => {
  const { interactions, failed } = await taken(
    contact({ Channel: 'CHAT' }),
    contact({ InitiationMethod: 'MONITOR' }),
    contact({ CustomerEndpoint: { Address: 'anonymous', Type: 'TELEPHONE_NUMBER' } }),
  );
  expect(failed).toEqual([]);
  expect(interactions).toMatchObject([{ phone: null, direction: 'inbound', properties: { outcome: 'answered' } }]);
});
