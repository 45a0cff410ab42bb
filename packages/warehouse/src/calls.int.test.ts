import { afterAll, beforeAll, expect, it } from 'vitest';
import { interactionRow, NOON, type TestWarehouse, temporaryWarehouse, WORKSPACE } from './test-support.ts';

let warehouse: TestWarehouse;
let calls = 0;

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
});
afterAll(() => warehouse[Symbol.asyncDispose]());

interface Leg {
  /** `call` is the first leg. */
  readonly leg: string;
  readonly name: string;
  /** Second after noon. */
  readonly at: number;
  /** Times in it are seconds after noon. */
  readonly told?: Readonly<Record<string, unknown>>;
  readonly profile?: string;
}

const second = (at: number): number => NOON + at * 1_000_000;
const written = (at: unknown): string => new Date(second(at as number) / 1_000).toISOString();

/** The end of a leg that began at `start`; `talk` seconds of it somebody spoke. */
function end(leg: string, outcome: string, start: number, at: number, talk = 0, told: object = {}): Leg {
  const answered = talk > 0 ? { answered_at: at - talk } : {};
  const name = outcome === 'answered' || outcome === '' ? 'Call Completed' : 'Call Missed';
  const fields = { started_at: start, ended_at: at, talk_seconds: talk, direction: 'inbound', ...answered, ...told };
  return { leg, name, at, told: outcome === '' ? fields : { outcome, ...fields } };
}

/** The call that these messages make, whatever order they come in and however often. */
async function callOf(...legs: readonly Leg[]): Promise<Record<string, unknown>> {
  const seen: unknown[] = [];
  for (const order of [legs, legs.toReversed(), [...legs.slice(1), ...legs, ...legs.slice(0, 1)]]) {
    const call = `call-${++calls}`;
    const rows = order.map((one, place) => rowOf(call, one, place));
    await warehouse.insert('kenal.interaction_rows', rows.slice(0, 1));
    if (rows.length > 1) await warehouse.insert('kenal.interaction_rows', rows.slice(1));
    const [row] = await warehouse.query<Record<string, unknown>>(
      `SELECT * EXCEPT (call_id, source, started_at, answered_at, ended_at),
        dateDiff('second', fromUnixTimestamp64Micro(toInt64(${NOON}), 'UTC'), started_at) AS started,
        dateDiff('second', fromUnixTimestamp64Micro(toInt64(${NOON}), 'UTC'), ended_at) AS ended
       FROM kenal.calls WHERE call_id = {call:String}`,
      { workspace: WORKSPACE, params: { call } },
    );
    seen.push(row);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  return seen[0] as Record<string, unknown>;
}

function rowOf(call: string, { leg, name, at, told = {}, profile = '' }: Leg, place: number): object {
  const moments = ['started_at', 'answered_at', 'ended_at'].filter((field) => field in told);
  const times = Object.fromEntries(moments.map((field) => [field, written(told[field])]));
  const legId = leg === 'call' ? call : leg;
  // A later record has the smaller id: only its own time tells that it is newer
  const id = `${call}.${leg}.${name}.${at}.${9e15 - (Date.parse(String(told.updated_at)) || 0)}`;
  return interactionRow(id, {
    ...{ channel: 'phone', name, conversation_id: call, occurred_at: second(at), client_at: second(at) },
    ...{ profile_id: profile, owner: profile && `user_id:${profile}`, receipt_sequence: calls * 100 + place },
    properties: JSON.stringify({ call_id: call, leg_id: legId, ...told, ...times }),
  });
}

const started = (leg: string, at: number, told: object = {}): Leg => ({
  leg,
  name: 'Call Started',
  at,
  told: { ...told },
});

it('of several telephones that ring, one that is answered makes the call answered, not missed', async () => {
  const call = await callOf(
    started('call', 0, { direction: 'inbound', from: '+442071838750', to: '+442033221100' }),
    started('a', 2),
    started('b', 2),
    end('a', 'abandoned', 2, 12, 0, { agent: 'alice' }),
    end('b', 'answered', 2, 72, 60, { agent: 'bob' }),
    end('c', 'missed', 2, 12),
    { ...end('call', '', 0, 73, 72), profile: 'ann' },
  );
  expect(call).toEqual({
    ...{ profile_id: 'ann', direction: 'inbound', outcome: 'answered', agent: 'bob', team: '', queue: '', case_id: '' },
    ...{ from_number: '+442071838750', to_number: '+442033221100', started: 0, ended: 73, answer_seconds: 12 },
    ...{ talk_seconds: 60, hold_seconds: 0, wrap_up_seconds: 0, handle_seconds: 60, total_seconds: 73, legs: 4 },
    ...{ reason: '', recordings: [], transcripts: [], events: 7 },
  });
});

it('a call that nobody took is missed, and abandoned where the caller hung up first', async () => {
  const rung = [end('a', 'missed', 1, 20), end('b', 'missed', 1, 21, 0, { status: 'no-answer' })];
  expect(await callOf(...rung, end('call', '', 0, 22, 21))).toMatchObject({
    outcome: 'missed',
    talk_seconds: 0,
    agent: '',
  });
  const left = [end('a', 'missed', 1, 20), end('b', 'abandoned', 20, 31, 0, { agent: 'bob', queue: 'support' })];
  expect(await callOf(...left, end('call', '', 0, 31, 30))).toMatchObject({
    ...{ outcome: 'abandoned', queue: 'support', agent: '', total_seconds: 31, answer_seconds: null },
  });
});

it('who is sent to voicemail left one, unless somebody spoke to them in the same call', async () => {
  const message = {
    leg: 'call',
    name: 'Voicemail Left',
    at: 60,
    told: { outcome: 'voicemail', recording_url: 'https://r/1' },
  };
  const unanswered = [end('a', 'missed', 0, 20), message, end('call', '', 0, 61, 61)];
  expect(await callOf(...unanswered)).toMatchObject({
    outcome: 'voicemail',
    recordings: ['https://r/1'],
    talk_seconds: 0,
  });
  expect(await callOf(...unanswered, end('b', 'answered', 0, 50, 40))).toMatchObject({
    outcome: 'answered',
    talk_seconds: 40,
  });
});

it('speech of legs at the same time counts once, of legs one after the other adds up', async () => {
  const one = end('a', 'answered', 0, 70, 60);
  expect(await callOf(one, end('b', 'answered', 0, 100, 50))).toMatchObject({ talk_seconds: 90, answer_seconds: 10 });
  expect(await callOf(one, end('b', 'answered', 70, 200, 100))).toMatchObject({ talk_seconds: 160, legs: 2 });
});

it('of a leg that is told again when more is known the newest record holds', async () => {
  const first = end('call', 'answered', 0, 100, 80, { updated_at: '2024-05-01T12:10:00.000Z', agent: 'alice' });
  const later = {
    updated_at: '2024-05-01T12:20:00.000Z',
    wrap_up_seconds: 30,
    hold_seconds: 5,
    recording_url: 's3://x',
  };
  const call = await callOf(first, end('call', 'answered', 0, 100, 75, { ...later, agent: 'alice' }));
  expect(call).toMatchObject({
    ...{ talk_seconds: 75, hold_seconds: 5, wrap_up_seconds: 30, handle_seconds: 110, legs: 1, events: 2 },
    ...{ agent: 'alice', recordings: ['s3://x'] },
  });
});

it('a call without other legs that ended is answered; one that only began has no outcome, and a recording alone no time', async () => {
  expect(await callOf(end('call', '', 0, 30, 28))).toMatchObject({
    outcome: 'answered',
    answer_seconds: 2,
    talk_seconds: 28,
  });
  expect(await callOf(started('call', 0))).toMatchObject({ outcome: '', ended: null, total_seconds: null });
  const recording = { leg: 'call', name: 'Recording Available', at: 9, told: { recording_url: 'https://r/2' } };
  expect(await callOf(recording)).toMatchObject({ started: null, recordings: ['https://r/2'], outcome: '' });
  const transcript = { leg: 'call', name: 'Call Transcribed', at: 9, told: { transcript_ref: 'TR1' } };
  expect(await callOf(transcript)).toMatchObject({ transcripts: ['TR1'], direction: '' });
});

it('direction, number and profile are those of the first leg, and of a leg inside the house only where there is no other', async () => {
  const inside = {
    ...end('a', 'answered', 0, 50, 40, { direction: 'internal', from: '2001', to: '2002' }),
    profile: 'zoe',
  };
  const passed = {
    ...end('b', 'answered', 1, 60, 50, { direction: 'outbound', from: '+442033221100', to: '+447' }),
    profile: 'taxi',
  };
  const first = { ...end('call', '', 3, 61, 60, { from: '+442071838750' }), profile: 'ann' };
  expect(await callOf(inside, passed, first)).toMatchObject({
    ...{ direction: 'inbound', from_number: '+442071838750', profile_id: 'ann' },
  });
  expect(await callOf(inside, passed)).toMatchObject({ direction: 'outbound', profile_id: 'taxi' });
  expect(await callOf(inside)).toMatchObject({ direction: 'internal', from_number: '2001' });
});

it('shows a workspace its own calls only, and nobody’s without one', async () => {
  const count = async (workspace: string) =>
    (await warehouse.query<{ n: number }>('SELECT count() AS n FROM kenal.calls', { workspace }))[0]?.n;
  expect(await count(WORKSPACE)).toBe(calls);
  expect(await count('other')).toBe(0);
  expect(await count('')).toBe(0);
});
