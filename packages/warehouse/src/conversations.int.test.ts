import { afterAll, beforeAll, expect, it } from 'vitest';
import { interactionRow, NOON, type TestWarehouse, temporaryWarehouse, WORKSPACE } from './test-support.ts';

const SECOND = 1_000_000;
let warehouse: TestWarehouse;

const RECEIVED = { name: 'Live Chat Message Received', direction: 'inbound', channel: 'chat' };
const SENT = { name: 'Live Chat Message Sent', direction: 'outbound', channel: 'chat' };
const ENDED = { name: 'Live Chat Conversation Ended', direction: 'outbound', channel: 'chat' };
const by = (id: string, kind = 'agent') => ({ actor_kind: kind, actor_id: id });

/** @param seconds after noon */
function said(id: string, conversation: string, seconds: number, fields: object, message = ''): object {
  const at = NOON + seconds * SECOND;
  const properties = JSON.stringify(message === '' ? {} : { message_id: message });
  return interactionRow(id, {
    source: 'talks',
    conversation_id: conversation,
    occurred_at: at,
    client_at: at,
    properties,
    ...fields,
  });
}

const of = (person: string) => ({ owner: `user_id:${person}`, profile_id: person });

beforeAll(async () => {
  warehouse = await temporaryWarehouse();
  await warehouse.insert('kenal.interaction_rows', [
    // Greeted by us, asked at 10 s, answered by a machine at 11.5 s and by Dan at 70 s
    said('a0', 'a', 0, { ...SENT, ...by('bot', 'system') }),
    said('a1', 'a', 10, { ...RECEIVED, ...of('ann') }),
    said('a1', 'a', 10, { ...RECEIVED, ...of('ann') }),
    said('a2', 'a', 11.5, { ...SENT, ...by('bot', 'system') }),
    said('a3', 'a', 70, { ...SENT, ...by('dan'), case_id: 'case-1' }),
    said('a4', 'a', 80, { ...SENT, ...by('eve') }),
    said('a5', 'a', 90, { ...ENDED, ...by('eve') }),
    said('a6', 'a', 95, { name: 'Message Read', direction: 'outbound', channel: 'chat' }),
    // One message that is told of twice, and an end that was none
    said('w1', 'b', 0, { ...RECEIVED, ...of('ann') }),
    said('w2.sent', 'b', 5, { ...SENT, ...by('line', 'system') }, 'w2'),
    said('w2.echo', 'b', 5, { ...SENT, ...by('dan') }, 'w2'),
    said('b3', 'b', 20, ENDED),
    said('b4', 'b', 30, { ...RECEIVED, ...of('ann') }),
    // A room of three that nobody of ours answered
    ...['ann', 'bob', 'cyd'].map((who, i) => said(`c${i}`, 'c', i, { ...RECEIVED, ...of(who), channel: 'community' })),
    // A case by mail, solved
    said('d1', 'd', 0, { name: 'Case Opened', direction: 'inbound', channel: 'email', ...of('bob'), case_id: 'd' }),
    said('d2', 'd', 3_600, { name: 'Email Sent', direction: 'outbound', channel: 'email', ...by('dan'), case_id: 'd' }),
    said('d3', 'd', 7_200, {
      name: 'Case Resolved',
      direction: 'outbound',
      channel: 'email',
      ...by('dan'),
      case_id: 'd',
    }),
    // We wrote, nobody asked
    said('e1', 'e', 0, { ...SENT, ...by('dan') }),
    // The same name in another source and another workspace; a call; a page view of no conversation
    said('x1', 'a', 0, { ...RECEIVED, source: 'others' }),
    said('x2', 'a', 0, { ...RECEIVED, workspace: 'other' }),
    said('x3', 'f', 0, { name: 'Call Started', direction: 'inbound', channel: 'phone' }),
    said('x4', '', 0, { type: 'page', channel: 'web' }),
  ]);
});
afterAll(() => warehouse[Symbol.asyncDispose]());

const rows = (columns: string, where = "source = 'talks'") =>
  warehouse.query(`SELECT ${columns} FROM kenal.conversations WHERE ${where} ORDER BY conversation_id`, {
    workspace: WORKSPACE,
  });

it('tells how soon the organisation and how soon a person answered, after the first question and not before', async () => {
  expect(
    await rows('conversation_id AS id, first_response_seconds AS any, first_agent_seconds AS person, agent_id, agents'),
  ).toEqual([
    { id: 'a', any: 1.5, person: 60, agent_id: 'dan', agents: 2 },
    { id: 'b', any: 5, person: 5, agent_id: 'dan', agents: 1 },
    { id: 'c', any: null, person: null, agent_id: '', agents: 0 },
    { id: 'd', any: 3_600, person: 3_600, agent_id: 'dan', agents: 1 },
    { id: 'e', any: null, person: null, agent_id: 'dan', agents: 1 },
  ]);
});

it('counts each message once, and the profiles that took part', async () => {
  expect(
    await rows(
      'conversation_id AS id, channel, messages_in AS in, messages_out AS out, profiles, profile_ids, case_id',
    ),
  ).toEqual([
    { id: 'a', channel: 'chat', in: 1, out: 4, profiles: 1, profile_ids: ['ann'], case_id: 'case-1' },
    { id: 'b', channel: 'chat', in: 2, out: 1, profiles: 1, profile_ids: ['ann'], case_id: '' },
    { id: 'c', channel: 'community', in: 3, out: 0, profiles: 3, profile_ids: ['ann', 'bob', 'cyd'], case_id: '' },
    { id: 'd', channel: 'email', in: 0, out: 1, profiles: 1, profile_ids: ['bob'], case_id: 'd' },
    { id: 'e', channel: 'chat', in: 0, out: 1, profiles: 0, profile_ids: [], case_id: '' },
  ]);
});

it('says when a conversation began and ended; one that went on after its end has none', async () => {
  const since = (column: string) => `dateDiff('second', toDateTime64('2024-05-01 12:00:00', 6, 'UTC'), ${column})`;
  expect(
    await rows(
      `conversation_id AS id, ${since('started_at')} AS began, ${since('ended_at')} AS ended, ${since('last_message_at')} AS last`,
    ),
  ).toEqual([
    { id: 'a', began: 0, ended: 90, last: 80 },
    { id: 'b', began: 0, ended: null, last: 30 },
    { id: 'c', began: 0, ended: null, last: 2 },
    { id: 'd', began: 0, ended: 7_200, last: 3_600 },
    { id: 'e', began: 0, ended: null, last: 0 },
  ]);
});

it('keeps sources and workspaces apart', async () => {
  expect(await rows('conversation_id AS id, messages_in AS in', "source != 'talks'")).toEqual([{ id: 'a', in: 1 }]);
});
