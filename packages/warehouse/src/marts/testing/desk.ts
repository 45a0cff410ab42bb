import { BEGIN, type Below, createBelow, DAY, HOUR, SECOND, toldRow } from './seeded.ts';

/** What is true of a contact; times are milliseconds since 1970, null: never. */
export interface TrueContact {
  readonly kind: 'call' | 'chat' | 'email';
  readonly source: string;
  readonly id: string;
  readonly conversation: string;
  readonly owner: string;
  readonly at: number;
  readonly team: string;
  readonly agent: string;
  readonly caseId: string;
  /** When a person answered, and a machine. */
  readonly answeredAt: number | null;
  readonly machineAt: number | null;
  readonly endedAt: number | null;
  /** When the customer wrote on. */
  readonly moreAt: number | null;
  /** Of a chat whose end says so: solved. Of a call: how it ended, and the seconds of work on it. */
  readonly outcome: string;
  readonly work: number;
}

export interface TrueCase {
  readonly source: string;
  readonly id: string;
  readonly owner: string;
  readonly channel: string;
  readonly steps: readonly { readonly at: number; readonly kind: CaseStep; readonly agent: string }[];
}
export type CaseStep = 'Opened' | 'Updated' | 'Resolved' | 'Reopened';

export interface Desk {
  /** Rows of kenal.interaction_rows, in no order. */
  readonly rows: readonly object[];
  readonly contacts: readonly TrueContact[];
  readonly cases: readonly TrueCase[];
  readonly outbound: readonly TrueOutbound[];
}

/** A call that one of ours made; nobody answered where `work` is 0. */
export interface TrueOutbound {
  readonly id: string;
  readonly owner: string;
  readonly at: number;
  readonly agent: string;
  readonly work: number;
}

const CONTACTS = 340;
const CASES = 90;
const SPAN_DAYS = 100;
const TEAMS = ['billing', 'delivery', ''];

/** A service desk of some weeks: calls, chats and mails of any outcome, and cases that are opened and solved at any hour. */
export function createDesk(seed: number, owners: readonly string[]): Desk {
  const below = createBelow(seed);
  const rows: object[] = [];
  const contacts = Array.from({ length: CONTACTS }, (_, n) => n).flatMap((n): TrueContact[] => {
    // Some of them come in company: several contacts of few people, and of few cases
    const owner = below(12) === 0 ? '' : owners[Math.min(below(owners.length), below(owners.length))]!;
    const seen = { id: `k${n}`, owner, at: BEGIN + below(SPAN_DAYS * 24 * 60) * 60_000, agent: `a${below(4)}` };
    const base = { ...seen, team: TEAMS[below(3)]!, caseId: below(3) === 0 ? `case-${below(6)}` : '' };
    const make = [call, chat, mail][below(3)]!;
    return make(below, base, rows);
  });
  const cases = Array.from({ length: CASES }, (_, n) => makeCase(below, n, owners[below(owners.length)]!, rows));
  const outbound = Array.from({ length: 40 }, (_, n) => dial(below, n, owners[below(owners.length)]!, rows));
  return { rows, contacts, cases, outbound };
}

function dial(below: Below, n: number, owner: string, rows: object[]): TrueOutbound {
  const [id, agent, work] = [`o${n}`, `a${below(4)}`, below(3) === 0 ? 0 : 20 + below(90)];
  const at = BEGIN + below(SPAN_DAYS * 24 * 60) * 60_000;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const times = { started_at: iso(at), ended_at: iso(at + (work + 5) * SECOND), talk_seconds: work };
  const spoke = work === 0 ? { outcome: 'missed' } : { outcome: 'answered', answered_at: iso(at + 5 * SECOND) };
  const fields = { channel: 'phone', conversation_id: id, direction: 'outbound' };
  const properties = { call_id: id, leg_id: id, direction: 'outbound', agent, ...times, ...spoke };
  rows.push(toldRow({ id, source: 'pbx', ms: at, owner, name: 'Call Completed', fields, properties }));
  return { id, owner, at, agent, work };
}

type Base = Pick<TrueContact, 'id' | 'owner' | 'at' | 'team' | 'agent' | 'caseId'>;
type Make = (below: Below, base: Base, rows: object[]) => TrueContact[];

const call: Make = (below, base, rows) => {
  const { id, owner, at, team, agent, caseId } = base;
  const outcome = ['answered', 'answered', 'answered', 'abandoned', 'missed', 'voicemail'][below(6)]!;
  const ring = 1 + below(outcome === 'abandoned' ? 9 : 40);
  const [talk, wrap] = outcome === 'answered' ? [30 + below(400), below(60)] : [0, 0];
  const endedAt = at + (ring + talk) * SECOND;
  const answeredAt = outcome === 'answered' ? at + ring * SECOND : null;
  const say = (part: string, ms: number, name: string, told: object, acted = false): void => {
    const who = acted && answeredAt !== null ? { actor_kind: 'agent', actor_id: agent, actor_team: team } : {};
    const fields = { channel: 'phone', conversation_id: id, case_id: caseId, direction: 'inbound', ...who };
    const properties = { call_id: id, leg_id: id, direction: 'inbound', queue: 'line', ...told };
    rows.push(toldRow({ id: `${id}${part}`, source: 'pbx', ms, owner, name, fields, properties }));
  };
  say('a', at, 'Call Started', {});
  const iso = (ms: number): string => new Date(ms).toISOString();
  const end = { outcome, started_at: iso(at), ended_at: iso(endedAt), talk_seconds: talk, wrap_up_seconds: wrap };
  const spoke = answeredAt === null ? {} : { agent, answered_at: iso(answeredAt) };
  say('z', endedAt, talk > 0 ? 'Call Completed' : 'Call Missed', { ...end, ...spoke }, true);
  const known = { ...base, agent: answeredAt === null ? '' : agent };
  // Who acted says the team; else the queue stands for it
  const place = { kind: 'call', source: 'pbx', team: answeredAt === null || team === '' ? 'line' : team } as const;
  const machineAt = outcome === 'voicemail' ? endedAt : null;
  return [
    { ...known, ...place, conversation: id, answeredAt, machineAt, endedAt, moreAt: null, outcome, work: talk + wrap },
  ];
};

const MINUTE = 60 * SECOND;

/** So long after a customer's last message another is the same contact still. */
const PAUSE = { chat: DAY, email: 7 * DAY };

const chat: Make = (below, base, rows) => {
  const talk = (at: number, number: number): TrueContact => {
    const reach = (seconds: number, chance: number): number | null =>
      below(10) < chance ? at + (1 + below(seconds)) * SECOND : null;
    const [machineAt, answeredAt, endedAt] = [reach(3, 4), reach(150, 7), reach(9_000, 7)];
    // Nobody writes after the end; who is not answered may be gone at once
    const last = Math.max(answeredAt ?? 0, machineAt ?? 0);
    const soon = last === 0 && below(2) === 0 ? at + (1 + below(9)) * SECOND : endedAt;
    const ended = endedAt === null || soon! < last ? null : soon;
    const moreAt = ended === null && below(2) === 0 ? at + PAUSE.chat : null;
    return converse('chat', { ...base, at, number, answeredAt, machineAt, endedAt: ended, moreAt }, rows);
  };
  const first = talk(base.at, 1);
  const next = first.endedAt ?? (first.moreAt ?? first.at) + PAUSE.chat;
  return below(3) === 0 ? [first, talk(next + MINUTE, 2)] : [first];
};

const mail: Make = (below, base, rows) => {
  const talk = (at: number, number: number): TrueContact => {
    const answeredAt = below(10) < 7 ? at + (1 + below(60)) * HOUR : null;
    const moreAt = below(2) === 0 ? at + PAUSE.email : null;
    return converse('email', { ...base, at, number, answeredAt, machineAt: null, endedAt: null, moreAt }, rows);
  };
  const first = talk(base.at, 1);
  return below(3) === 0 ? [first, talk((first.moreAt ?? first.at) + PAUSE.email + MINUTE, 2)] : [first];
};

type Talk = Base & Pick<TrueContact, 'answeredAt' | 'machineAt' | 'endedAt' | 'moreAt'> & { readonly number: number };

function converse(kind: 'chat' | 'email', talk: Talk, rows: object[]): TrueContact {
  const { id: conversation, number, owner, at, team, agent, caseId, answeredAt, machineAt, endedAt, moreAt } = talk;
  const id = number === 1 ? conversation : `${conversation}#${number}`;
  const source = kind === 'chat' ? 'talks' : 'mail';
  const [asks, answers] =
    kind === 'chat' ? ['Live Chat Message Received', 'Live Chat Message Sent'] : ['Email Received', 'Email Sent'];
  const say = (
    part: string,
    ms: number,
    name: string,
    direction: string,
    more: object = {},
    told: object = {},
  ): void => {
    const fields = { channel: kind, conversation_id: conversation, case_id: caseId, direction, ...more };
    rows.push(toldRow({ id: `${id}${part}`, source, ms, owner, name, fields, properties: told }));
  };
  const bot = { actor_kind: 'system', actor_id: 'bot', actor_team: '' };
  // What a machine says first is no answer, and what a machine asks is no question
  if (number === 1) say('0', at - 2 * SECOND, answers, 'outbound', bot);
  say('1', at - SECOND, asks, 'inbound', {}, { automatic: true });
  say('a', at, asks, 'inbound');
  if (machineAt !== null) say('m', machineAt, answers, 'outbound', bot);
  if (answeredAt !== null)
    say('p', answeredAt, answers, 'outbound', { actor_kind: 'agent', actor_id: agent, actor_team: team });
  // Solved without a word
  const isSolved = caseId === '' && endedAt !== null && answeredAt === null && endedAt % 3 === 0;
  if (endedAt !== null) say('z', endedAt, isSolved ? 'Case Resolved' : 'Live Chat Conversation Ended', 'internal');
  if (moreAt !== null) say('y', moreAt, asks, 'inbound');
  return { ...talk, id, conversation, kind, source, outcome: isSolved ? 'solved' : '', work: 0 };
}

function makeCase(below: Below, n: number, owner: string, rows: object[]): TrueCase {
  const [id, source] = [`c${n}`, below(2) === 0 ? 'tickets' : 'talks'];
  const channel = source === 'talks' ? 'chat' : 'email';
  let at = BEGIN + below(SPAN_DAYS * 24 * 60) * 60_000;
  const kinds: CaseStep[] = below(8) === 0 ? [] : ['Opened'];
  if (below(3) > 0) kinds.push('Updated');
  if (below(5) > 0) kinds.push('Resolved');
  // Twice solved is once solved
  if (below(6) === 0) kinds.push('Resolved');
  if (below(4) === 0) kinds.push('Reopened', ...(below(2) === 0 ? ['Resolved' as const] : []));
  const steps = (kinds.length === 0 ? (['Resolved'] as const) : kinds).map((kind, i) => {
    at += i === 0 ? 0 : below(6 * 24) * HOUR + SECOND;
    const agent = kind === 'Resolved' ? `a${below(4)}` : '';
    const who = agent === '' ? {} : { actor_kind: 'agent', actor_id: agent };
    const fields = { channel, case_id: id, direction: 'inbound', ...who };
    rows.push(toldRow({ id: `${id}-${i}`, source, ms: at, owner, name: `Case ${kind}`, fields }));
    return { at, kind, agent };
  });
  return { source, id, owner, channel, steps };
}
