import { readdirSync, readFileSync } from 'node:fs';
import { createSource, type KenalEvent } from '@kenal/collector-kit';
import { kenalConfigSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { readMime } from '../readers/mime.ts';
import { cpuMs } from '../testing/cpu.ts';
import { mailEvents } from './events.ts';
import type { Mail } from './mail.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);
const NOON = Date.UTC(2026, 10, 30, 12) * 1_000;
const { workspaces } = kenalConfigSchema.parse({
  workspaces: [
    {
      id: 'shop',
      sources: [{ id: 'inbox', kind: 'smtp', keys: [{ key: `sha256:${'0'.repeat(64)}` }], own: ['shop.example'] }],
    },
  ],
});
const source = createSource(workspaces[0]!, workspaces[0]!.sources[0]!);

async function mailOf(name: string, change: (text: string) => string = (text) => text): Promise<Mail> {
  const text = change(readFileSync(new URL(name, FIXTURES), 'utf8')).replace(/\n/g, '\r\n');
  const read = await readMime(Buffer.from(text));
  if (!read.ok) throw new Error(read.fault.reason);
  return read.value;
}

async function eventsOf(name: string, change?: (text: string) => string, recipients: string[] = []) {
  const mapped = mailEvents(await mailOf(name, change), { source, envelope: { recipients }, receivedAt: NOON });
  if (!mapped.ok) throw new Error(mapped.fault.reason);
  return mapped.value;
}

const email = (value: string) => ({ type: 'email', value });
const subjectsOf = (events: readonly KenalEvent[]) => events.map(({ context }) => context?.kenal?.identifiers);

test('a mail of a customer is of its author alone, in the conversation that its references begin', async () => {
  const [event, ...more] = await eventsOf('plain.eml');
  expect(more).toEqual([]);
  expect(event).toEqual({
    messageId: 'm2@x.example#ann@x.example',
    type: 'track',
    event: 'Email Received',
    timestamp: '2026-11-30T10:00:00.000Z',
    traits: { name: 'Lee, Ann' },
    properties: {
      email_id: 'm2@x.example',
      email_subject: 'Re: Grüße',
      text: 'Where is my order? It is für my mother.',
      quoted_text: expect.stringContaining('We send it today.'),
      in_reply_to: 'm1@shop.example',
      recipients: 3,
    },
    context: {
      kenal: {
        direction: 'inbound',
        identifiers: [email('Ann@x.example')],
        participants: [
          { role: 'to', identifiers: [email('help@shop.example')] },
          { role: 'cc', identifiers: [email('bob@friends.example')] },
          { role: 'cc', identifiers: [email('juergen@z.example')] },
        ],
        conversationId: 'm0@x.example',
      },
    },
  });
});

test('a mail of ours to three customers is one interaction of each, and links nobody', async () => {
  const events = await eventsOf('to-three.eml');
  expect(events.map(({ messageId, event }) => [messageId, event])).toEqual([
    ['m4@shop.example#ann@x.example', 'Email Sent'],
    ['m4@shop.example#bob@y.example', 'Email Sent'],
    ['m4@shop.example#carla@z.example', 'Email Sent'],
  ]);
  expect(subjectsOf(events)).toEqual([[email('ann@x.example')], [email('bob@y.example')], [email('carla@z.example')]]);
  for (const { context, traits } of events) {
    expect(context?.kenal).toMatchObject({
      direction: 'outbound',
      actor: { kind: 'staff', id: 'agent@shop.example' },
      conversationId: 'm4@shop.example',
    });
    expect(traits).toBeUndefined();
  }
});

test('a mail of ours to thousands costs next to nothing: a hundred interactions, the others counted', async () => {
  const box = (name: string) => (_: unknown, index: number) => ({ name: '', address: `${name}${index}@x.example` });
  const mail = {
    ...(await mailOf('to-three.eml')),
    to: Array.from({ length: 1_000 }, box('to')),
    cc: Array.from({ length: 1_000 }, box('cc')),
  };
  let events: readonly KenalEvent[] = [];
  const cpu = await cpuMs(() => {
    const mapped = mailEvents(mail, { source, envelope: { recipients: [] }, receivedAt: NOON });
    if (mapped.ok) events = mapped.value;
  });
  expect(cpu).toBeLessThan(50);
  expect(events).toHaveLength(100);
  for (const { properties, context } of events) {
    expect(properties).toMatchObject({ recipients: 2_000, recipients_left_out: 1_900 });
    expect(context?.kenal?.participants).toHaveLength(50);
  }
});

test('both sides of a thread are one conversation', async () => {
  const [answer] = await eventsOf('away.eml');
  const [first] = await eventsOf('to-three.eml');
  expect(answer?.context?.kenal?.conversationId).toBe(first?.context?.kenal?.conversationId);
});

test('mail between our own people is internal and of nobody; the domain that mail reaches us at is our own', async () => {
  const [event] = await eventsOf('between-us.eml');
  expect(event?.context?.kenal).toMatchObject({ direction: 'internal', identifiers: [] });
  const [sent] = await eventsOf('plain.eml', undefined, ['key@x.example']);
  expect(sent?.context?.kenal).toMatchObject({ direction: 'outbound', identifiers: [email('bob@friends.example')] });
});

test('on a mailing list each author is a person of their own, without a name, in channel community', async () => {
  for (const name of ['list.eml', 'list-rewritten.eml']) {
    const [event] = await eventsOf(name);
    expect(event?.context?.kenal).toMatchObject({ channel: 'community', identifiers: [email('ann@x.example')] });
    expect(event?.traits).toBeUndefined();
  }
  const [unknown] = await eventsOf('list-rewritten.eml', (text) => text.replace(/^X-Original.*\n/m, ''));
  expect(unknown?.context?.kenal?.identifiers).toEqual([]);
});

test.each([
  ['away.eml', 'auto_submitted', undefined],
  ['newsletter.eml', 'list_unsubscribe', undefined],
  ['plain.eml', 'precedence', 'Precedence: bulk'],
  ['plain.eml', 'precedence', 'Precedence: list'],
  ['plain.eml', 'auto_response_suppress', 'X-Auto-Response-Suppress: All'],
  ['plain.eml', 'auto_reply', 'X-Autoreply: yes'],
  ['plain.eml', 'null_sender', 'Return-Path: <>'],
  ['list.eml', 'precedence', 'Precedence: bulk'],
])('automatic mail (%s, %s) is of nobody and tells nothing of anybody', async (name, reason, header) => {
  const [event] = await eventsOf(name, (text) => (header === undefined ? text : `${header}\n${text}`));
  expect(event).toMatchObject({ properties: { automatic: true, automatic_reason: reason } });
  expect(event?.context?.kenal?.identifiers).toEqual([]);
  expect(event?.traits).toBeUndefined();
});

test('a mail that says that no program sent it is no automatic one', async () => {
  const [event] = await eventsOf('plain.eml', (text) => `Auto-Submitted: no\nX-Auto-Response-Suppress: None\n${text}`);
  expect(event?.properties?.automatic).toBeUndefined();
});

test('a bounce is about whom the mail did not reach, in the conversation of that mail', async () => {
  const events = await eventsOf('bounce.eml');
  expect(events).toMatchObject([
    {
      event: 'Email Bounced',
      properties: {
        email_id: 'm4@shop.example',
        bounce_status: '5.1.1',
        bounce_reason: 'smtp; 550 5.1.1 no such user',
      },
      context: {
        kenal: { direction: 'outbound', identifiers: [email('bob@y.example')], conversationId: 'm0@y.example' },
      },
    },
    { event: 'Email Deferred', context: { kenal: { identifiers: [email('carla@z.example')] } } },
  ]);
  expect(events.some(({ traits }) => traits !== undefined)).toBe(false);
});

test('a complaint is about who complained', async () => {
  expect(await eventsOf('complaint.eml')).toMatchObject([
    {
      event: 'Email Marked as Spam',
      properties: { email_id: 'n1@shop.example' },
      context: { kenal: { direction: 'inbound', identifiers: [email('ann@x.example')] } },
    },
  ]);
});

test('of attachments name, type, size and hash are kept', async () => {
  const [event] = await eventsOf('alternative.eml');
  expect(event?.properties).toMatchObject({
    text: 'See the photo.',
    attachment_count: 1,
    attachments: [
      {
        name: 'café.png',
        type: 'image/png',
        size: 11,
        sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      },
    ],
  });
});

test.each([
  ['Date: Mon, 30 Nov 2026 10:00:00', '2026-11-30T10:00:00.000Z'],
  ['Date: 30 Nov 2026 10:00 EST', '2026-11-30T15:00:00.000Z'],
  ['Date: Tue, 1 Dec 2026 11:59:00 +0000', '2026-12-01T11:59:00.000Z'],
  ['Date: Tue, 1 Dec 2026 12:01:00 +0000', undefined],
  ['Date: Fri, 1 Jan 0001 00:00:00 +0000', undefined],
  ['Date: yesterday', undefined],
  ['X-Date: none', undefined],
])('the time of a mail with %j is its own, or that of receipt where it cannot be', async (header, timestamp) => {
  const [event] = await eventsOf('plain.eml', (text) => text.replace(/^Date: .*$/m, header));
  expect(event?.timestamp).toBe(timestamp);
});

test('a mail without an id has one of its content, equal in every copy', async () => {
  const without = (text: string) => text.replace(/^Message-ID: .*\n/m, '');
  const [one] = await eventsOf('plain.eml', without);
  const [copy] = await eventsOf('plain.eml', (text) => `Received: elsewhere\n${without(text)}`);
  const [other] = await eventsOf('plain.eml', (text) => without(text).replace('order', 'parcel'));
  expect(one?.messageId).toBe(copy?.messageId);
  expect(one?.messageId).not.toBe(other?.messageId);
});

test('every mail of the corpus has at least one interaction', async () => {
  for (const name of readdirSync(FIXTURES)) expect((await eventsOf(name)).length).toBeGreaterThan(0);
});
