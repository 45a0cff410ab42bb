import { rm } from 'node:fs/promises';
import type { Interaction } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import { openWarehouse, type Warehouse } from '@kenal/warehouse';
import twilioClient from 'twilio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { startVendorCollector, type TestVendorCollector } from '../../../test/support/vendor-collector.ts';
import { createCollectorPhone } from './app.ts';
import { fixture, fixtureLines } from './testing/fixtures.ts';

const PUBLIC = 'https://events.shop.example';
const KEY = 'write-key-of-calls';
const CALLER = '+442071838750';
const HOUSE = '+442033221100';
const own = [HOUSE, '+447400123456'];
const keys = [{ key: hashKey(KEY) }];

let directory: string;
let warehouse: Warehouse;
let collector: TestVendorCollector;

beforeAll(async () => {
  directory = await migratedDirectory();
  warehouse = await openWarehouse({ dataDir: directory });
  await warehouse.migrate();
  collector = await startVendorCollector(createCollectorPhone, {
    sources: [
      { id: 'twilio', kind: 'twilio', secrets: ['env:SECRET'], own },
      { id: 'reversed', kind: 'twilio', secrets: ['env:SECRET'], own },
      { id: 'pbx', kind: 'asterisk', keys, own: [HOUSE] },
      { id: 'fs', kind: 'freeswitch', secrets: ['env:SECRET'], own },
      { id: 'connect', kind: 'connect', keys: [{ key: hashKey(`${KEY} 2`) }], own },
    ],
    environment: { SECRET: 'user:secret' },
    publicUrl: PUBLIC,
  });
  await deliverAll();
  await warehouse.insert('kenal.interaction_rows', (await collector.interactions()).map(rowOf));
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await warehouse.close();
  await rm(directory, { recursive: true, force: true });
});

async function deliverAll(): Promise<void> {
  const send = async (source: string, body: string, headers: Record<string, string>): Promise<void> =>
    expect((await collector.deliver(source, body, headers)).status).toBe(200);
  const twilio = async (source: string, forms: readonly string[]): Promise<void> => {
    for (const form of forms) {
      const fields = Object.fromEntries(new URLSearchParams(form));
      const url = `${PUBLIC}/v1/hooks/twilio/shop/${source}`;
      await send(source, form, {
        'x-twilio-signature': twilioClient.getExpectedTwilioSignature('user:secret', url, fields),
      });
    }
  };
  const forms = [...fixtureLines('twilio-inbound.txt'), ...fixtureLines('twilio-outbound.txt')];
  await twilio('twilio', forms);
  await twilio('reversed', forms.toReversed());
  await send('pbx', fixture('asterisk-master.csv'), { 'x-write-key': KEY });
  const login = { authorization: `Basic ${Buffer.from('user:secret').toString('base64')}` };
  for (const leg of ['b', 'a']) await send('fs', fixture(`freeswitch-${leg}-leg.json`), login);
  const first = JSON.parse(fixture('connect-contact.json')) as { Agent: object };
  const newer = {
    ...first,
    LastUpdateTimestamp: '2026-11-30T10:09:00Z',
    Agent: { ...first.Agent, AfterContactWorkDuration: 90 },
  };
  for (const record of [newer, first]) await send('connect', JSON.stringify(record), { 'x-write-key': `${KEY} 2` });
}

/** As the loader stores it, with the telephone number for a profile. */
function rowOf({ identifiers, properties, ...one }: Interaction): object {
  const profile = identifiers[0]?.value ?? '';
  return {
    ...{ workspace: one.workspace, source: one.source, message_id: one.id, type: one.type, name: one.name },
    ...{ channel: one.channel, direction: one.direction, occurred_at: one.occurredAt, received_at: one.receivedAt },
    ...{ client_at: one.clientAt, conversation_id: one.conversationId, properties, ver: 0 },
    ...{ owner: profile && `phone:${profile}`, profile_id: profile },
    ...{ receipt_collector: one.receipt.collector, receipt_sequence: one.receipt.sequence },
  };
}

const callsOf = (source: string) =>
  warehouse.query<Record<string, unknown>>(
    `SELECT right(call_id, 12) AS call, profile_id, direction, outcome, agent, answer_seconds AS answer, talk_seconds AS talk,
       handle_seconds AS handle, total_seconds AS total, legs FROM kenal.calls WHERE source = {source:String} ORDER BY started_at, call`,
    { workspace: 'shop', params: { source } },
  );

test('callbacks of Twilio make the same calls in whatever order they come', async () => {
  const calls = await callsOf('twilio');
  expect(calls).toEqual([
    {
      ...{ call: '000000000001', profile_id: CALLER, direction: 'inbound', outcome: 'answered', agent: '' },
      // The call began two seconds before its legs: as long before its end as Twilio says
      ...{ answer: expect.closeTo(12.003, 5), talk: 60, handle: 60, total: 73, legs: 3 },
    },
    {
      ...{ call: '000000000002', profile_id: '+447400987654', direction: 'outbound', outcome: 'missed', agent: '' },
      ...{ answer: null, talk: 0, handle: 0, total: expect.closeTo(33.002, 5), legs: 1 },
    },
    expect.objectContaining({ call: '000000000003', direction: 'outbound', outcome: 'voicemail', talk: 0 }),
  ]);
  expect(await callsOf('reversed')).toEqual(calls);
});

test('lines of Asterisk are calls: answered by one of two telephones, waited for in a queue, given up, passed on', async () => {
  const calls = await callsOf('pbx');
  expect(
    calls.map(({ direction, outcome, agent, answer, talk, legs }) => [direction, outcome, agent, answer, talk, legs]),
  ).toEqual([
    ['inbound', 'answered', '2002', 9, 60, 2],
    ['inbound', 'answered', '2002', 20, 120, 2],
    ['inbound', 'abandoned', '', null, 0, 1],
    ['inbound', 'voicemail', '', null, 0, 1],
    ['outbound', 'answered', '2001', 7, 120, 1],
    ['outbound', 'missed', '2001', null, 0, 1],
    ['internal', 'answered', '2002', 2, 10, 1],
    ['inbound', 'answered', '2001', 5, 20, 1],
    ['inbound', 'answered', '', 10, 30, 1],
    ['inbound', 'abandoned', '', null, 0, 1],
    ['inbound', 'missed', '', null, 0, 1],
    ['inbound', 'missed', '', null, 0, 1],
  ]);
  expect(calls.map(({ profile_id }) => profile_id)).toEqual([
    ...[CALLER, CALLER, CALLER, CALLER, CALLER, '+447400123456', '', '', CALLER, CALLER, CALLER, CALLER],
  ]);
});

test('both legs of FreeSWITCH are one call, and speech counts once', async () => {
  expect(await callsOf('fs')).toMatchObject([
    {
      profile_id: CALLER,
      direction: 'inbound',
      outcome: 'answered',
      agent: '2002',
      answer: 9,
      talk: 60,
      total: 69,
      legs: 2,
    },
  ]);
});

test('of a contact record that came again the newest holds, with hold and work after the call in its handle time', async () => {
  expect(await callsOf('connect')).toMatchObject([
    { outcome: 'answered', agent: 'bob', answer: 30, talk: 80, handle: 180, total: 120, legs: 1 },
  ]);
});
