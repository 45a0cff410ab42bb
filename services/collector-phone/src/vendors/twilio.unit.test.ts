import { parseTime } from '@kenal/contracts';
import twilioClient from 'twilio';
import { expect, test } from 'vitest';
import { startVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorPhone } from '../app.ts';
import { fixtureLines } from '../testing/fixtures.ts';
import { createTaken, type Taken } from '../testing/taken.ts';

const TOKEN = 'the auth token of the account';
const PUBLIC = 'https://events.shop.example';
const PATH = '/v1/hooks/twilio/shop/calls';
const CALLER = '+442071838750';
const HOUSE = '+442033221100';
const MOBILE = '+447400123456';
const CUSTOMER = '+447400987654';
const sid = (last: string): string => `CA${last.padStart(32, '0')}`;

const options = {
  sources: [{ id: 'calls', kind: 'twilio' as const, secrets: ['env:TOKEN'], own: [HOUSE, MOBILE] }],
  environment: { TOKEN },
  publicUrl: PUBLIC,
};

/** As Twilio's own library signs it. */
function signed(form: string): Record<string, string> {
  const fields = Object.fromEntries(new URLSearchParams(form));
  const signature = twilioClient.getExpectedTwilioSignature(TOKEN, PUBLIC + PATH, fields);
  return { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
}

/** What these came to, at a collector of their own: the very same callback again is a repeat. */
async function taken(...forms: readonly string[]): Promise<Taken> {
  await using collector = await startVendorCollector(createCollectorPhone, options);
  for (const form of forms) expect((await collector.deliver('calls', form, signed(form))).status).toBe(200);
  return createTaken(collector)();
}

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const at = (time: string, sequence = 0): number => (parseTime(`2026-11-30T${time}Z`) ?? 0) + sequence * 1_000;

test('what the library of Twilio signs for our public address is taken, and what another token signs is not', async () => {
  await using collector = await startVendorCollector(createCollectorPhone, options);
  const [body = ''] = fixtureLines('twilio-outbound.txt');
  const answer = await collector.deliver('calls', body, signed(body));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml; charset=utf-8']);
  expect(await answer.text()).toContain('<Response/>');
  const forged = twilioClient.getExpectedTwilioSignature(
    'another',
    PUBLIC + PATH,
    Object.fromEntries(new URLSearchParams(body)),
  );
  expect((await collector.deliver('calls', body, { 'x-twilio-signature': forged })).status).toBe(401);
  expect((await collector.deliver('calls', `${body}&CallDuration=9`, signed(body))).status).toBe(401);
  expect(await collector.interactions()).toHaveLength(1);
});

test('a call that rings two telephones is a conversation of three legs with one subject, the caller', async () => {
  const { interactions } = await taken(...fixtureLines('twilio-inbound.txt'));
  expect(interactions.map(({ name, id, at: when }) => [name, id, when])).toEqual([
    ['Call Started', `${sid('a')}.initiated`, at('10:00:02')],
    ['Call Started', `${sid('b')}.initiated`, at('10:00:02')],
    ['Call Answered', `${sid('b')}.in-progress`, at('10:00:12', 2)],
    ['Call Missed', `${sid('a')}.canceled`, at('10:00:12', 2)],
    ['Call Completed', `${sid('b')}.completed`, at('10:01:12', 3)],
    ['Call Completed', `${sid('1')}.completed`, at('10:01:13')],
    ['Recording Available', `${sid('1')}.RE${'1'.padStart(32, '0')}`, at('10:00:12')],
    ['Call Transcribed', `${sid('1')}.TR${'1'.padStart(32, '0')}`, expect.any(Number)],
  ]);
  for (const { call, direction, phone, name } of interactions) {
    expect([call, direction]).toEqual([sid('1'), 'inbound']);
    // The callback of a recording names nobody
    expect(phone).toBe(name === 'Recording Available' ? null : CALLER);
  }
});

test('each leg tells who was rung, how it ended and how long anybody spoke', async () => {
  const { interactions } = await taken(...fixtureLines('twilio-inbound.txt'));
  const [, , , missed, answered, call, recording, transcript] = interactions;
  expect(missed).toMatchObject({
    agent: 'alice',
    others: ['callee alice'],
    properties: { outcome: 'abandoned', leg_id: sid('a') },
  });
  expect(answered).toMatchObject({
    others: [`callee ${MOBILE}`],
    properties: {
      ...{ call_id: sid('1'), leg_id: sid('b'), direction: 'inbound', from: CALLER, to: MOBILE, outcome: 'answered' },
      ...{ answered_at: '2026-11-30T10:00:12.003Z', ended_at: '2026-11-30T10:01:12.003Z', talk_seconds: 60 },
      ...{ status: 'completed', sequence: '3', sip_response_code: '200' },
    },
  });
  // Twilio took it by itself: whether anybody spoke is known by the legs
  expect(call?.properties).not.toHaveProperty('outcome');
  expect(call).toMatchObject({
    others: [`callee ${HOUSE}`],
    properties: { caller_name: 'JANE DOE', talk_seconds: 73 },
  });
  expect(recording?.properties).toMatchObject({
    recording_url: expect.stringContaining('/Recordings/RE'),
    recording_seconds: 60,
  });
  expect(transcript?.properties).toMatchObject({ transcript_ref: expect.stringContaining('/Transcriptions/TR') });
  expect(JSON.stringify(interactions)).not.toContain('about my order');
});

test('a call of ours that nobody takes is missed, and one that a machine takes a voicemail', async () => {
  const { interactions } = await taken(...fixtureLines('twilio-outbound.txt'));
  expect(interactions).toMatchObject([
    { name: 'Call Started', direction: 'outbound', phone: CUSTOMER, others: [`caller ${HOUSE}`] },
    { name: 'Call Missed', phone: CUSTOMER, properties: { outcome: 'missed', status: 'no-answer' } },
    { name: 'Call Completed', phone: CUSTOMER, properties: { outcome: 'voicemail', answered_by: 'machine_end_beep' } },
  ]);
});

test('every end of a call has its outcome, and a state that is none brings no event', async () => {
  const call = { CallSid: sid('9'), From: CALLER, To: HOUSE, Direction: 'outbound-dial', ParentCallSid: sid('8') };
  const states = ['busy', 'no-answer', 'failed', 'canceled', 'completed', 'queued', 'in-progress', 'unheard-of', ''];
  const { interactions, failed } = await taken(...states.map((CallStatus) => form({ ...call, CallStatus })));
  expect(interactions.map(({ name, properties }) => [properties.status, name, properties.outcome])).toEqual([
    ['busy', 'Call Missed', 'missed'],
    ['no-answer', 'Call Missed', 'missed'],
    ['failed', 'Call Missed', 'missed'],
    ['canceled', 'Call Missed', 'abandoned'],
    ['completed', 'Call Completed', 'answered'],
    ['queued', 'Call Started', undefined],
    ['in-progress', 'Call Answered', 'answered'],
  ]);
  expect(failed).toEqual([]);
});

test('ringing is a start only where nothing was told before it', async () => {
  const call = { CallSid: sid('9'), From: CALLER, To: HOUSE, Direction: 'inbound', CallStatus: 'ringing' };
  const { interactions } = await taken(form({ ...call, SequenceNumber: '0' }), form({ ...call, SequenceNumber: '1' }));
  expect(interactions).toMatchObject([{ name: 'Call Started', id: `${sid('9')}.ringing` }]);
});

test('what <Record> takes is a message to us, and no other recording is', async () => {
  const recording = { CallSid: sid('9'), RecordingUrl: 'https://api.twilio.com/r', RecordingStatus: 'completed' };
  const { interactions } = await taken(
    form({ ...recording, RecordingSid: 'RE1', RecordingSource: 'RecordVerb' }),
    form({ ...recording, RecordingSid: 'RE2', RecordingSource: 'StartCallRecordingAPI' }),
    form({ ...recording, RecordingSid: 'RE3', RecordingStatus: 'in-progress' }),
    form({ ...recording, RecordingSid: 'RE4', RecordingStatus: 'absent' }),
  );
  expect(interactions).toMatchObject([
    { name: 'Voicemail Left', properties: { outcome: 'voicemail', recording_id: 'RE1' } },
    { name: 'Recording Available', properties: { recording_id: 'RE2' } },
  ]);
});

test('callbacks that come twice, late or before another give the same ids once', async () => {
  const lines = fixtureLines('twilio-inbound.txt');
  const { interactions } = await taken(...lines.toReversed(), ...lines);
  const ids = interactions.map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([8, 8]);
  const before = await taken(...lines);
  const facts = (list: typeof interactions) => new Map(list.map(({ id, properties }) => [id, properties]));
  expect(facts(interactions)).toEqual(facts(before.interactions));
});

test('a callback without a call is kept as a failed event, one of a message is none of ours', async () => {
  const { interactions, failed } = await taken(
    form({ CallStatus: 'completed' }),
    form({ CallSid: sid('9'), CallStatus: 'completed', Timestamp: 'yesterday' }),
    form({ CallSid: sid('9'), RecordingStatus: 'completed' }),
    form({ MessageSid: 'SM1', MessageStatus: 'delivered' }),
  );
  expect(interactions).toEqual([]);
  expect(failed.map(({ code, path }) => [code, path])).toEqual([
    ['event_missing_field', '$.CallSid'],
    ['event_bad_time', '$.Timestamp'],
    ['event_missing_field', '$.RecordingSid'],
  ]);
});

test('a signature that does not fit names the address that it was held against, without its password', async () => {
  const [body = ''] = fixtureLines('twilio-outbound.txt');
  const publicUrl = 'https://user:pass@inside.shop.example';
  await using collector = await startVendorCollector(createCollectorPhone, { ...options, publicUrl });
  const answer = await (await collector.deliver('calls', body, signed(body))).text();
  expect(answer).toContain(`https://inside.shop.example${PATH}`);
  expect(answer).toContain('set publicUrl');
  expect(answer).not.toContain('pass@');
  expect(await (await collector.deliver('calls', body)).text()).not.toContain('publicUrl');
});
