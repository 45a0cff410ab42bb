import { interactionSchema, kenalConfigSchema, parseTime } from '@kenal/contracts';
import { describe, expect, test } from 'vitest';
import { createSource } from '../source.ts';
import { type EventFrame, toInteraction } from './to-interaction.ts';

const workspace = kenalConfigSchema.parse({
  workspaces: [
    {
      id: 'shop',
      currency: 'GBP',
      identity: { types: ['crm_id'] },
      sources: [{ id: 'web', channel: 'chat', keys: [{ key: `sha256:${'0'.repeat(64)}` }] }],
    },
  ],
}).workspaces[0]!;
const source = createSource(workspace, workspace.sources[0]!);
const frame: EventFrame = {
  type: null,
  sentAt: null,
  context: null,
  anonymousId: null,
  isPublic: false,
  receivedAt: parseTime('2026-11-22T12:00:00Z')!,
  receipt: { collector: 'c', sequence: 1 },
};

function make(event: Record<string, unknown>, over: Partial<EventFrame> = {}) {
  const outcome = toInteraction({ messageId: 'm', ...event }, source, { ...frame, ...over });
  if (!outcome.ok) throw new Error(`${outcome.fault.code} ${outcome.fault.path}`);
  const { interaction } = outcome.value;
  expect(interactionSchema.safeParse(interaction).error).toBeUndefined();
  return interaction;
}
const fault = (event: Record<string, unknown>) => {
  const outcome = toInteraction(event, source, frame);
  return outcome.ok ? null : [outcome.fault.code, outcome.fault.path];
};
const names = (event: Record<string, unknown>, over?: Partial<EventFrame>) =>
  make({ type: 'identify', ...event }, over).identifiers.map(({ type, value }) => `${type}:${value}`);

describe('identifiers of the subject', () => {
  test.each([
    ['userId and anonymousId', { userId: 'u', anonymousId: 'a' }, ['user_id:u', 'anonymous_id:a']],
    ['null is nobody', { userId: null, anonymousId: null }, []],
    ['numbers are text', { userId: 42 }, ['user_id:42']],
    [
      'traits',
      { traits: { email: 'a@b.example', phone: '+44', loyaltyCard: 7, crm_id: 'c' } },
      ['loyalty_card:7', 'email:a@b.example', 'phone:+44', 'crm_id:c'],
    ],
    ['traits in the context only', { context: { traits: { email: 'a@b.example' } } }, ['email:a@b.example']],
    [
      'never an e-mail in properties',
      { type: 'track', event: 'Invited', properties: { email: 'friend@b.example' } },
      [],
    ],
    ['devices', { context: { device: { id: 'd', advertisingId: 'ad' } } }, ['device_id:d', 'device_id:ad']],
    [
      'listed ones: built in, declared, by other names; never undeclared ones or companies',
      {
        context: {
          externalIds: [
            { id: '1', type: 'crmId', collection: 'users' },
            { id: '2', type: 'ios.idfa' },
            { id: '3', type: 'ga_client_id' },
            { id: '4', type: 'crm_id', collection: 'accounts' },
            { id: {}, type: 'email' },
            null,
          ],
        },
      },
      ['crm_id:1', 'device_id:2'],
    ],
    ['blanks and giants are skipped', { userId: '  ', traits: { email: '', phone: 'x'.repeat(2_000) } }, []],
    ['doubles are one', { userId: 'u', context: { externalIds: [{ id: 'u', type: 'user_id' }] } }, ['user_id:u']],
    [
      'an alias from an anonymous id',
      { type: 'alias', userId: 'u', previousId: '5f6c2c1e-7dd2-4d8c-9d0a-100000000000' },
      ['user_id:u', 'anonymous_id:5f6c2c1e-7dd2-4d8c-9d0a-100000000000'],
    ],
    [
      'an alias from the anonymous id of the event',
      { type: 'alias', userId: 'u', previousId: 'a', anonymousId: 'a' },
      ['user_id:u', 'anonymous_id:a'],
    ],
    ['an alias from another user', { type: 'alias', userId: 'u', previousId: 'old' }, ['user_id:u', 'user_id:old']],
    [
      'a merge',
      {
        type: 'merge',
        mergeProperties: [
          { type: 'email', value: 'a@b.example' },
          { type: 'mobile', value: '+44' },
        ],
      },
      ['email:a@b.example', 'phone:+44'],
    ],
    [
      'a group’s traits are not the person’s',
      { type: 'group', groupId: 'g', userId: 'u', traits: { email: 'office@acme.example', phone: '1' } },
      ['user_id:u'],
    ],
  ])('%s', (_name, event, expected) => {
    expect(names(event)).toEqual(expected);
  });

  test('the anonymous id of a header names only who has no other name', () => {
    expect(names({}, { anonymousId: 'h' })).toEqual(['anonymous_id:h']);
    expect(names({ userId: 'u' }, { anonymousId: 'h' })).toEqual(['user_id:u']);
    expect(names({ anonymousId: 'a' }, { anonymousId: 'h' })).toEqual(['anonymous_id:a']);
  });
});

test('every field has its place, and unknown ones are kept', () => {
  expect(
    make({
      type: 'track',
      event: 'Order Completed',
      userId: 'u',
      writeKey: 'secret',
      properties: { total: 5, order_id: 'o', case_id: 'c', conversation_id: 'v' },
      context: {
        campaign: { name: 'spring', source: 'mail' },
        sessionId: 99,
        groupId: 'g',
        consent: { categoryPreferences: { Ads: false, Bad: 'x' } },
      },
      integrations: { All: true },
      channel: 'server',
      originalTimestamp: '2026-11-22T10:00:00Z',
      timestamp: '2026-11-22T11:00:00Z',
      version: 3,
    }),
  ).toMatchObject({
    channel: 'chat',
    direction: 'inbound',
    name: 'Order Completed',
    amount: '5',
    currency: 'GBP',
    caseId: 'c',
    conversationId: 'v',
    sessionId: '99',
    accountId: 'g',
    consent: { Ads: false },
    campaign: { name: 'spring', source: 'mail', id: null },
    properties: '{"total":5,"order_id":"o","case_id":"c","conversation_id":"v"}',
    extra: '{"integrations":{"All":true},"channel":"server","originalTimestamp":"2026-11-22T10:00:00Z","version":3}',
  });
});

test('traits of the call go before those of the context, which then stand in one place only', () => {
  const { traits, context } = make({
    type: 'identify',
    traits: { a: 1 },
    context: { ip: '::1', traits: { a: 0, b: 2 } },
  });
  expect([JSON.parse(traits), context]).toEqual([{ a: 1, b: 2 }, '{"ip":"::1"}']);
});

test('of a group the traits are facts of the event', () => {
  expect(make({ type: 'group', groupId: 'g', userId: 'u', traits: { name: 'Acme' } })).toMatchObject({
    accountId: 'g',
    traits: '{}',
    properties: '{"name":"Acme"}',
  });
});

test('the context of the envelope fills in for missing keys, nothing else of the envelope leaks', () => {
  const { context } = make(
    { type: 'track', event: 'E', context: { ip: '::1' } },
    { context: { ip: '::2', library: { name: 'l' } } },
  );
  expect(JSON.parse(context)).toEqual({ ip: '::1', library: { name: 'l' } });
  expect(JSON.parse(make({ type: 'track', event: 'E', context: null }, { context: { ip: '::2' } }).context)).toEqual({
    ip: '::2',
  });
});

test('an event without an id gets one that a retry gets again, and nothing else does', () => {
  const id = (event: Record<string, unknown>, over?: Partial<EventFrame>) =>
    make({ messageId: undefined, ...event }, over).id;
  const event = { type: 'track', event: 'E', userId: 'u', properties: { a: 1, b: 2 } };
  expect(id(event)).toMatch(/^kenal-[0-9a-f]{40}$/);
  expect(id({ ...event, properties: { b: 2, a: 1 }, sentAt: '2026-11-22T10:00:00Z' }, { sentAt: 5 })).toBe(id(event));
  expect(id({ ...event, type: undefined }, { type: 't' })).toBe(id(event));
  expect(id({ ...event, properties: { a: 1, b: 3 } })).not.toBe(id(event));
  expect(id({ ...event, messageId: '' })).toBe(id(event));
  expect(id({ ...event, messageId: 'm\ufffd' })).toBe(id(event));
});

test('equal events without ids are two where the call names two people, and one where it names the same', () => {
  const id = (over: Partial<EventFrame>, event: Record<string, unknown> = {}) =>
    make({ messageId: undefined, type: 'track', event: 'Opened', ...event }, over).id;
  const listed = (crm: string) => ({ context: { externalIds: [{ type: 'crm_id', id: crm }] } });
  const traits = (email: string) => ({ context: { traits: { email } } });
  expect(id({ anonymousId: 'anna' })).not.toBe(id({ anonymousId: 'bert' }));
  expect(id(listed('anna'))).not.toBe(id(listed('bert')));
  expect(id(traits('anna@example.com'))).not.toBe(id(traits('bert@example.com')));
  // A retry, and what the header or the batch has no say in
  expect(id({ anonymousId: 'anna', sentAt: 1, ...listed('x') })).toBe(
    id({ anonymousId: 'anna', sentAt: 2, ...listed('x') }),
  );
  expect(id({ anonymousId: 'anna' }, { userId: 'u' })).toBe(id({ anonymousId: 'bert' }, { userId: 'u' }));
  expect(id({ anonymousId: 'anna' }, { anonymousId: 'a' })).toBe(id({ anonymousId: 'bert' }, { anonymousId: 'a' }));
});

test.each([
  ['no type', {}, ['event_bad_type', '$.type']],
  ['a type that is none', { type: 'constructor' }, ['event_bad_type', '$.type']],
  ['a track without a name', { type: 'track' }, ['event_missing_field', '$.event']],
  ['a group without an id', { type: 'group' }, ['event_missing_field', '$.groupId']],
  ['an alias without the other', { type: 'alias', userId: 'u' }, ['event_missing_field', '$.previousId']],
  ['a user that is a list', { type: 'page', userId: ['u'] }, ['event_bad_field', '$.userId']],
  ['traits that are a list', { type: 'identify', traits: [] }, ['event_bad_field', '$.traits']],
  ['a context that is text', { type: 'page', context: 'c' }, ['event_bad_field', '$.context']],
  ['context traits that are text', { type: 'page', context: { traits: 'c' } }, ['event_bad_field', '$.context.traits']],
  ['an id of 513 letters', { type: 'page', messageId: 'x'.repeat(513) }, ['event_bad_field', '$.messageId']],
])('refused: %s', (_name, event, expected) => {
  expect(fault(event)).toEqual(expected);
});

test('types are known by any case, one letter on paths', () => {
  expect(make({ type: 'Track', event: 'E' }).type).toBe('track');
  expect(make({ type: 'identify' }, { type: 'p' }).type).toBe('page');
});

test('a page places nothing: of a public key’s events `context.kenal` is not looked at, wherever it stands', () => {
  const kenal = {
    ...{ channel: 'phone', direction: 'outbound', actor: { kind: 'agent', id: 'a7' }, conversationId: 'c1' },
    ...{ accountId: 'a1', caseId: 't1', identifiers: [{ type: 'email', value: 'else@x.example' }] },
    participants: [{ role: 'to', identifiers: [] }],
  };
  const event = { type: 'track', event: 'E', userId: 'u' };
  const placed = make({ ...event, context: { kenal } });
  expect(placed).toMatchObject({ channel: 'phone', direction: 'outbound', conversationId: 'c1', caseId: 't1' });
  const plain = make(event);
  expect(make({ ...event, context: { kenal } }, { isPublic: true })).toEqual(plain);
  expect(make(event, { isPublic: true, context: { kenal } })).toEqual(plain);
  expect(make({ ...event, context: { kenal: 7 } }, { isPublic: true })).toEqual(plain);
});
