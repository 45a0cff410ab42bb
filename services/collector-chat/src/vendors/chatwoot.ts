import {
  at,
  type Delivery,
  isRecord,
  type JsonRecord,
  listOf,
  type Mapped,
  NOTHING,
  refused,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import type { Channel } from '@kenal/contracts';
import { attachmentsOf, CHAT, type ChatName, chatEvent, isOurs, type Person, personEvent } from './chat-event.ts';

/** Chatwoot: https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks */
export const chatwoot: Vendor = {
  kind: 'chatwoot',
  map(item, { source }) {
    if (!isRecord(item)) return refused('event_not_object', '$');
    const event = textOf(item, 'event') ?? '';
    if (event === 'message_created') return messageOf(item, source);
    if (event.startsWith('conversation_')) return conversationOf(item, event, source);
    return event === 'contact_created' || event === 'contact_updated' ? contactOf(item, event, source) : NOTHING;
  },
};

/** Written as words in deliveries, as numbers inside other records. */
const WAYS: Readonly<Record<string, 'inbound' | 'outbound'>> = {
  incoming: 'inbound',
  outgoing: 'outbound',
  template: 'outbound',
  0: 'inbound',
  1: 'outbound',
  3: 'outbound',
};

function messageOf(item: unknown, source: Delivery['source']): Mapped {
  const way = textOf(item, 'message_type') ?? '';
  // A private note is for colleagues; an activity (2) tells of states
  if (at(item, 'private') === true || !Object.hasOwn(WAYS, way)) return NOTHING;
  const direction = WAYS[way]!;
  const conversation = at(item, 'conversation');
  const [id, account] = [textOf(item, 'id'), textOf(item, 'account', 'id')];
  const number = textOf(conversation, 'display_id') ?? textOf(conversation, 'id');
  const time = timeOf(at(item, 'created_at'));
  if (id === null) return refused('event_missing_field', '$.id');
  if (account === null) return refused('event_missing_field', '$.account.id');
  if (number === null) return refused('event_missing_field', '$.conversation.id');
  if (time === null) return refused('event_missing_field', '$.created_at');
  const sender = at(item, 'sender');
  const isContact = direction === 'inbound';
  const contact = isContact && isRecord(sender) ? sender : at(conversation, 'meta', 'sender');
  const isPerson = textOf(sender, 'type') === 'user';
  const agentId = textOf(sender, 'id');
  const conversationId = `${account}/${number}`;
  return {
    ok: true,
    value: [
      chatEvent({
        messageId: `message.${account}.${id}`,
        name: isContact ? CHAT.received : CHAT.sent,
        at: time,
        direction,
        ...channelOf(textOf(conversation, 'channel')),
        conversationId,
        caseId: conversationId,
        person: personOf(account, contact, source),
        agent: isContact
          ? null
          : isPerson && agentId !== null
            ? { kind: 'agent', id: agentId, name: textOf(sender, 'name') }
            : { kind: 'system', id: agentId ?? 'template' },
        message: id,
        text: textOf(item, 'content'),
        attachments: filesOf(item),
        properties: { room: textOf(item, 'inbox', 'name') },
      }),
    ],
  };
}

function conversationOf(item: unknown, event: string, source: Delivery['source']): Mapped {
  const names = namesOf(event, item);
  if (names.length === 0) return NOTHING;
  const [account, number] = [
    textOf(item, 'account', 'id') ?? textOf(item, 'messages', 0, 'account_id'),
    textOf(item, 'id'),
  ];
  const time = timeOf(
    event === 'conversation_created' ? at(item, 'created_at') : (at(item, 'updated_at') ?? at(item, 'timestamp')),
  );
  if (number === null) return refused('event_missing_field', '$.id');
  if (account === null) return refused('event_missing_field', '$.account.id');
  if (time === null)
    return refused('event_missing_field', event === 'conversation_created' ? '$.created_at' : '$.timestamp');
  const conversationId = `${account}/${number}`;
  const begins = event === 'conversation_created';
  const byContact = begins && textOf(item, 'messages', 0, 'message_type') !== '1';
  const agentId = textOf(item, 'meta', 'assignee', 'id');
  const stem = begins ? `conversation.${account}.${number}` : `conversation.${account}.${number}.${time}`;
  return {
    ok: true,
    value: names.map((name) =>
      chatEvent({
        messageId: `${stem}.${name.toLowerCase().replaceAll(' ', '_')}`,
        name,
        at: time,
        direction: byContact ? 'inbound' : 'outbound',
        ...channelOf(textOf(item, 'channel')),
        conversationId,
        caseId: conversationId,
        person: personOf(account, at(item, 'meta', 'sender'), source),
        agent:
          byContact || agentId === null
            ? null
            : { kind: 'agent', id: agentId, name: textOf(item, 'meta', 'assignee', 'name') },
        properties: {
          status: textOf(item, 'status'),
          priority: textOf(item, 'priority'),
          inbox: textOf(item, 'inbox_id'),
        },
      }),
    ),
  };
}

/** A conversation of Chatwoot is a case too: it is open, pending, snoozed or resolved. */
function namesOf(event: string, item: unknown): readonly ChatName[] {
  if (event === 'conversation_created') return [CHAT.started, CHAT.caseOpened];
  const changed = listOf(item, 'changed_attributes');
  if (event === 'conversation_status_changed') {
    if (textOf(item, 'status') === 'resolved') return [CHAT.ended, CHAT.caseResolved];
    const before = changed.map((one) => textOf(one, 'status', 'previous_value')).find((value) => value !== null);
    return before === 'resolved' ? [CHAT.reopened, CHAT.caseReopened] : [CHAT.caseUpdated];
  }
  // Of a new state the other event tells too
  const facts = changed.flatMap((one) => (isRecord(one) ? Object.keys(one) : []));
  const isNews = facts.some(
    (fact) => fact === 'assignee_id' || fact === 'team_id' || fact === 'priority' || fact === 'label_list',
  );
  return event === 'conversation_updated' && isNews ? [CHAT.caseUpdated] : [];
}

function contactOf(item: unknown, event: string, source: Delivery['source']): Mapped {
  const [account, id] = [textOf(item, 'account', 'id'), textOf(item, 'id')];
  const time = timeOf(at(item, event === 'contact_created' ? 'created_at' : 'updated_at') ?? at(item, 'created_at'));
  if (account === null) return refused('event_missing_field', '$.account.id');
  if (id === null) return refused('event_missing_field', '$.id');
  const person = personOf(account, item, source);
  // What does not say when it was changed cannot be put in order
  if (person === null || time === null) return NOTHING;
  return { ok: true, value: [personEvent(`contact.${account}.${id}.${time}`, time, person)] };
}

/** @param contact `{id, name, email, phone_number, identifier}`; `identifier` is the id that our own pages gave it */
function personOf(account: string, contact: unknown, source: Delivery['source']): Person | null {
  const [id, email, phone] = [textOf(contact, 'id'), textOf(contact, 'email'), textOf(contact, 'phone_number')];
  if (id === null || isOurs(source, { email, phone })) return null;
  return {
    userId: textOf(contact, 'identifier'),
    identifiers: [{ type: 'chatwoot_id', value: `${account}/${id}` }],
    traits: { name: textOf(contact, 'name'), email, phone },
  };
}

/** Chatwoot takes mail too: `Channel::Email`, `Channel::WebWidget`. */
function channelOf(name: string | null): { channel?: Channel } {
  return name === 'Channel::Email' ? { channel: 'email' } : {};
}

/** Seconds, ISO 8601, or `2020-03-03 13:05:57 UTC`. */
function timeOf(value: unknown): string | number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' ? value.replace(/ UTC$/, 'Z') : null;
}

function filesOf(item: unknown): readonly JsonRecord[] {
  return attachmentsOf(listOf(item, 'attachments'), (file) => ({
    id: at(file, 'id'),
    kind: at(file, 'file_type'),
    size: at(file, 'file_size'),
    type: at(file, 'content_type'),
  }));
}
