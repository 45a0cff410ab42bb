import {
  at,
  type Delivery,
  isRecord,
  type JsonRecord,
  type KenalEvent,
  listOf,
  type Mapped,
  NOTHING,
  recordOf,
  refused,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import type { Participant } from '@kenal/contracts';
import {
  type Agent,
  attachmentsOf,
  CHAT,
  type ChatName,
  chatEvent,
  isOurs,
  type Person,
  personEvent,
} from './chat-event.ts';
import { caseOf } from './intercom-case.ts';
import { personOf } from './intercom-person.ts';
import { plainText } from './plain-text.ts';

/** Intercom notifications: https://developers.intercom.com/docs/references/webhooks/webhook-models */
export const intercom: Vendor = {
  kind: 'intercom',
  // Asked with HEAD before an address is taken; it shows nothing
  challenge: () => ({ status: 200, contentType: 'text/plain; charset=utf-8', body: 'ok' }),
  map(notification, { source }) {
    if (!isRecord(notification)) return refused('event_not_object', '$');
    const topic = textOf(notification, 'topic') ?? '';
    if (topic.startsWith('ticket.')) return caseOf(notification, topic);
    if (CONTACTS.has(topic)) return contactOf(notification, source);
    return Object.hasOwn(TALKS, topic) ? talkOf(notification, TALKS[topic]!, source) : NOTHING;
  },
};

const CONTACTS: ReadonlySet<string> = new Set([
  ...['contact.user.created', 'contact.user.updated', 'contact.lead.created', 'contact.lead.updated'],
  ...['contact.lead.signed_up', 'contact.lead.added_email', 'contact.email.updated'],
]);

interface Talk {
  /** What becomes of the conversation; null: only messages. */
  readonly name: ChatName | null;
  /** Where its words stand. */
  readonly words: 'source' | 'parts' | null;
}

/** Notes, assignments and tags are ours alone, and no topic of this list. */
const TALKS: Readonly<Record<string, Talk>> = {
  'conversation.user.created': { name: CHAT.started, words: 'source' },
  'conversation.admin.single.created': { name: CHAT.started, words: 'source' },
  'conversation.user.replied': { name: null, words: 'parts' },
  'conversation.admin.replied': { name: null, words: 'parts' },
  'conversation.admin.closed': { name: CHAT.ended, words: 'parts' },
  'conversation.admin.opened': { name: CHAT.reopened, words: 'parts' },
  'conversation.rating.added': { name: CHAT.rated, words: null },
};

function talkOf(notification: unknown, { name, words }: Talk, source: Delivery['source']): Mapped {
  const item = at(notification, 'data', 'item');
  const [app, id, noticed] = [textOf(notification, 'app_id'), textOf(item, 'id'), textOf(notification, 'id')];
  const time = at(notification, 'created_at');
  if (app === null) return refused('event_missing_field', '$.app_id');
  if (id === null) return refused('event_missing_field', '$.data.item.id');
  if (noticed === null) return refused('event_missing_field', '$.id');
  if (typeof time !== 'number') return refused('event_missing_field', '$.created_at');
  const talk: Context = { app, source, conversationId: `${app}/${id}`, contacts: listOf(item, 'contacts', 'contacts') };
  const parts: readonly unknown[] =
    words === 'source'
      ? [{ ...recordOf(item, 'source'), created_at: at(item, 'created_at') }]
      : words === 'parts'
        ? listOf(item, 'conversation_parts', 'conversation_parts')
        : [];
  const said = parts.flatMap((part) => saidIn(part, talk, words === 'source' ? id : null));
  if (name === null) return { ok: true, value: said };
  const isTheirs = words === null || (words === 'source' && authorOf(at(item, 'source', 'author')) === 'contact');
  const person = onlyOne(talk);
  const turn = chatEvent({
    // Started once, whoever tells of it; ended and opened again many times
    messageId: name === CHAT.started ? `conversation.${id}.started` : noticed,
    name,
    at: name === CHAT.started ? ((at(item, 'created_at') as number | undefined) ?? time) : time,
    direction: isTheirs ? 'inbound' : 'outbound',
    conversationId: talk.conversationId,
    person,
    agent: isTheirs ? null : agentOf(parts.at(-1), textOf(item, 'admin_assignee_id')),
    participants: person === null ? membersOf(talk) : [],
    properties: {
      title: textOf(item, 'title'),
      rating: at(item, 'conversation_rating', 'rating'),
      remark: name === CHAT.rated ? textOf(item, 'conversation_rating', 'remark') : null,
    },
  });
  return { ok: true, value: name === CHAT.started ? [turn, ...said] : [...said, turn] };
}

interface Context {
  readonly app: string;
  readonly source: Delivery['source'];
  readonly conversationId: string;
  readonly contacts: readonly unknown[];
}

/** @param conversation id of it, where its first message is meant: that has none of its own that lasts */
function saidIn(part: unknown, talk: Context, conversation: string | null): KenalEvent[] {
  const kind = textOf(part, 'part_type');
  const author = authorOf(at(part, 'author'));
  const id = conversation === null ? textOf(part, 'id') : `${conversation}.first`;
  const time = at(part, 'created_at');
  const text = plainText(textOf(part, 'body'));
  const files = filesOf(part);
  // A note is for colleagues; a part without words tells of an assignment or a state
  if (kind === 'note' || author === null || id === null || typeof time !== 'number') return [];
  if ((text === null || text === '') && files.length === 0) return [];
  const writer = at(part, 'author');
  const inbound = author === 'contact' && !isOurs(talk.source, { email: textOf(writer, 'email') });
  const person = inbound ? writerOf(writer, talk) : onlyOne(talk);
  return [
    chatEvent({
      messageId: `part.${id}`,
      name: inbound ? CHAT.received : CHAT.sent,
      at: time,
      direction: inbound ? 'inbound' : 'outbound',
      conversationId: talk.conversationId,
      person,
      agent: inbound ? null : agentOf(part, null),
      participants: person === null ? membersOf(talk) : [],
      message: id,
      text,
      attachments: files,
    }),
  ];
}

function authorOf(author: unknown): 'contact' | 'admin' | 'bot' | null {
  const type = textOf(author, 'type');
  if (type === 'user' || type === 'lead' || type === 'contact') return 'contact';
  return type === 'admin' || type === 'bot' ? type : null;
}

function agentOf(part: unknown, otherwise: string | null): Agent | null {
  const id = textOf(part, 'author', 'id') ?? otherwise;
  if (id === null) return null;
  const kind = authorOf(at(part, 'author')) === 'bot' ? 'system' : 'agent';
  return { kind, id, name: textOf(part, 'author', 'name') };
}

function writerOf(author: unknown, talk: Context): Person {
  const id = textOf(author, 'id');
  const listed = talk.contacts.find((contact) => textOf(contact, 'id') === id);
  const traits = { name: textOf(author, 'name'), email: textOf(author, 'email') };
  return { ...personOf(talk.app, id, textOf(listed, 'external_id')), traits };
}

/** @returns null where several customers share the conversation: what is said to all belongs to none of them */
function onlyOne({ app, contacts }: Context): Person | null {
  if (contacts.length !== 1) return null;
  return personOf(app, textOf(contacts[0], 'id'), textOf(contacts[0], 'external_id'));
}

function membersOf({ app, contacts }: Context): Participant[] {
  return contacts.slice(0, 1_000).flatMap((contact) => {
    const identifiers = personOf(app, textOf(contact, 'id'), null).identifiers ?? [];
    return identifiers.length === 0 ? [] : [{ role: 'member' as const, identifiers: [...identifiers] }];
  });
}

function filesOf(part: unknown): readonly JsonRecord[] {
  return attachmentsOf(listOf(part, 'attachments'), (file) => ({
    name: at(file, 'name'),
    type: at(file, 'content_type'),
    size: at(file, 'filesize'),
  }));
}

function contactOf(notification: unknown, source: Delivery['source']): Mapped {
  const item = at(notification, 'data', 'item');
  const [app, id, noticed] = [textOf(notification, 'app_id'), textOf(item, 'id'), textOf(notification, 'id')];
  const time = at(notification, 'created_at');
  if (app === null) return refused('event_missing_field', '$.app_id');
  if (id === null) return refused('event_missing_field', '$.data.item.id');
  if (noticed === null) return refused('event_missing_field', '$.id');
  if (typeof time !== 'number') return refused('event_missing_field', '$.created_at');
  const [email, phone] = [textOf(item, 'email'), textOf(item, 'phone')];
  if (isOurs(source, { email, phone })) return NOTHING;
  const traits = { name: textOf(item, 'name'), email, phone, locale: textOf(item, 'language_override') };
  const person = { ...personOf(app, id, textOf(item, 'external_id')), traits };
  return { ok: true, value: [personEvent(noticed, time, person)] };
}
