import { timingSafeEqual } from 'node:crypto';
import {
  at,
  type Delivery,
  isRecord,
  type JsonRecord,
  known,
  listOf,
  type Mapped,
  NOTHING,
  refused,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { CHAT, type ChatName, chatEvent, isOurs, type Person } from './chat-event.ts';

/** WhatsApp Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples */
export const whatsapp: Vendor = {
  kind: 'whatsapp',
  challenge(query, verifyToken) {
    const challenge = textOf(query, 'hub.challenge');
    if (textOf(query, 'hub.mode') !== 'subscribe' || challenge === null || verifyToken === null) return null;
    if (!isSame(textOf(query, 'hub.verify_token') ?? '', verifyToken)) return null;
    return { status: 200, contentType: 'text/plain; charset=utf-8', body: challenge };
  },
  split(payload) {
    const entries = at(payload, 'entry');
    if (!Array.isArray(entries)) return [payload];
    return entries.flatMap((entry) => listOf(entry, 'changes').flatMap((change) => partsOf(at(change, 'value'))));
  },
  map(item, { source }) {
    if (isRecord(at(item, 'message'))) return messageOf(item, source, CHAT.received);
    if (isRecord(at(item, 'echo'))) return messageOf(item, source, CHAT.sent);
    if (isRecord(at(item, 'status'))) return statusOf(item);
    return refused('event_missing_field', '$.entry', 'a delivery of Meta has a list of entries');
  },
};

/** Each message and status alone, with what its value says of its line and its person. */
function partsOf(value: unknown): readonly JsonRecord[] {
  const line = textOf(value, 'metadata', 'phone_number_id');
  const contacts = new Map<string | null, unknown>();
  for (const contact of listOf(value, 'contacts')) {
    contacts.set(textOf(contact, 'wa_id'), contact);
    contacts.set(textOf(contact, 'user_id'), contact);
  }
  contacts.delete(null);
  const contactOf = (one: unknown, ...fields: readonly string[]): unknown =>
    fields.map((field) => contacts.get(textOf(one, field))).find((contact) => contact !== undefined) ?? null;
  return [
    ...listOf(value, 'messages').map((message) => ({
      line,
      message,
      contact: contactOf(message, 'from', 'from_user_id'),
    })),
    ...listOf(value, 'message_echoes').map((echo) => ({ line, echo, contact: contactOf(echo, 'to', 'to_user_id') })),
    ...listOf(value, 'statuses').map((status) => ({
      line,
      status,
      contact: contactOf(status, 'recipient_id', 'recipient_user_id'),
    })),
  ];
}

/** Kinds that are a person's words or files; a `reaction`, `system` or `unsupported` one is none. */
const FILES = ['image', 'video', 'audio', 'document', 'sticker'] as const;
const WORDS: ReadonlySet<string> = new Set([
  'text',
  'button',
  'interactive',
  'location',
  'contacts',
  'order',
  ...FILES,
]);

function messageOf(item: unknown, source: Delivery['source'], name: ChatName): Mapped {
  const inbound = name === CHAT.received;
  const field = inbound ? 'message' : 'echo';
  const message = at(item, field);
  const [id, line, time] = [textOf(message, 'id'), textOf(item, 'line'), textOf(message, 'timestamp')];
  const type = textOf(message, 'type');
  if (type === null) return refused('event_missing_field', `$.${field}.type`);
  if (!WORDS.has(type)) return NOTHING;
  if (id === null) return refused('event_missing_field', `$.${field}.id`);
  if (line === null) return refused('event_missing_field', '$.line', 'metadata.phone_number_id of the value');
  if (time === null) return refused('event_missing_field', `$.${field}.timestamp`);
  const number = textOf(message, inbound ? 'from' : 'to');
  const who = number ?? textOf(message, inbound ? 'from_user_id' : 'to_user_id');
  if (who === null) return refused('event_missing_field', `$.${field}.${inbound ? 'from' : 'to'}`);
  if (number !== null && isOurs(source, { phone: `+${number}` })) return NOTHING;
  const group = textOf(message, 'group_id');
  return {
    ok: true,
    value: [
      chatEvent({
        messageId: inbound ? id : `${id}.echo`,
        name,
        at: time,
        direction: inbound ? 'inbound' : 'outbound',
        conversationId: `${line}/${group ?? who}`,
        // What we write to a group is written to nobody in particular
        person: inbound || group === null ? personOf(number, at(item, 'contact')) : null,
        agent: inbound ? null : { kind: 'agent', id: line },
        message: id,
        text: wordsOf(message, type),
        attachments: filesOf(message, type),
        properties: { room: group, kind: type, reply_to: textOf(message, 'context', 'id') },
      }),
    ],
  };
}

const STATUSES: Readonly<Record<string, ChatName>> = {
  sent: CHAT.sent,
  delivered: CHAT.delivered,
  read: CHAT.read,
  failed: CHAT.failed,
};

function statusOf(item: unknown): Mapped {
  const status = at(item, 'status');
  const [id, line, time] = [textOf(status, 'id'), textOf(item, 'line'), textOf(status, 'timestamp')];
  const state = textOf(status, 'status') ?? '';
  if (!Object.hasOwn(STATUSES, state)) return NOTHING;
  if (id === null) return refused('event_missing_field', '$.status.id');
  if (line === null) return refused('event_missing_field', '$.line', 'metadata.phone_number_id of the value');
  if (time === null) return refused('event_missing_field', '$.status.timestamp');
  const number = textOf(status, 'recipient_id');
  const who = number ?? textOf(status, 'recipient_user_id');
  if (who === null) return refused('event_missing_field', '$.status.recipient_id');
  const isGroup = textOf(status, 'recipient_type') === 'group';
  return {
    ok: true,
    value: [
      chatEvent({
        // Each member of a group receives and reads for themselves
        messageId: [id, state, textOf(status, 'recipient_participant_id')].filter((part) => part !== null).join('.'),
        name: STATUSES[state]!,
        at: time,
        direction: 'outbound',
        conversationId: `${line}/${who}`,
        person: isGroup ? null : personOf(number, at(item, 'contact')),
        agent: { kind: 'system', id: line },
        message: id,
        properties: {
          status: state,
          category: textOf(status, 'conversation', 'origin', 'type') ?? textOf(status, 'pricing', 'category'),
          error_code: textOf(status, 'errors', 0, 'code'),
          error_title: textOf(status, 'errors', 0, 'title'),
        },
      }),
    ],
  };
}

/** A number comes without its +: 16505551234. */
function personOf(number: string | null, contact: unknown): Person {
  return {
    traits: {
      phone: number !== null && /^\d+$/.test(number) ? `+${number}` : null,
      name: textOf(contact, 'profile', 'name'),
    },
  };
}

function wordsOf(message: unknown, type: string): string | null {
  return (
    textOf(message, 'text', 'body') ??
    textOf(message, 'button', 'text') ??
    textOf(message, 'interactive', 'button_reply', 'title') ??
    textOf(message, 'interactive', 'list_reply', 'title') ??
    textOf(message, type, 'caption')
  );
}

function filesOf(message: unknown, type: string): readonly JsonRecord[] {
  if (!FILES.some((kind) => kind === type)) return [];
  const file = at(message, type);
  return [
    known({ id: at(file, 'id'), name: at(file, 'filename'), type: at(file, 'mime_type'), sha256: at(file, 'sha256') }),
  ];
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
