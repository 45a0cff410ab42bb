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

/** Telegram Bot API: https://core.telegram.org/bots/api#update */
export const telegram: Vendor = {
  kind: 'telegram',
  map(item, { source }) {
    if (!isRecord(item)) return refused('event_not_object', '$');
    for (const [field, isEdit] of MESSAGES)
      if (isRecord(at(item, field))) return messageOf(at(item, field), field, isEdit, source);
    return isRecord(at(item, 'my_chat_member')) ? membershipOf(at(item, 'my_chat_member')) : NOTHING;
  },
};

/** Updates that are somebody's words; posts of a channel are ours, to nobody. */
const MESSAGES = [
  ['message', false],
  ['edited_message', true],
  ['business_message', false],
  ['edited_business_message', true],
] as const;

/** Rooms that several read. */
const GROUPS: ReadonlySet<string | null> = new Set(['group', 'supergroup']);

/**
 * Named by chat, number and time, `5111111.1366.1796032810`: numbers of updates begin anew after a week without any, and
 * those of messages are each bot's own, so that two bots of a source have the same one with the same person.
 */
function messageOf(message: unknown, field: string, isEdit: boolean, source: Delivery['source']): Mapped {
  const [id, chat, from] = [
    textOf(message, 'message_id'),
    textOf(message, 'chat', 'id'),
    textOf(message, 'from', 'id'),
  ];
  const time = at(message, isEdit ? 'edit_date' : 'date');
  if (id === null) return refused('event_missing_field', `$.${field}.message_id`);
  if (chat === null) return refused('event_missing_field', `$.${field}.chat.id`);
  if (typeof time !== 'number') return refused('event_missing_field', `$.${field}.${isEdit ? 'edit_date' : 'date'}`);
  const type = textOf(message, 'chat', 'type');
  const isGroup = GROUPS.has(type);
  if (from === null || !(isGroup || type === 'private') || !isSaid(message)) return NOTHING;
  if (at(message, 'from', 'is_bot') === true) return NOTHING;
  // A chat of a business account has the number of its customer: who else writes there is the owner
  const business = textOf(message, 'business_connection_id');
  const byOwner = business !== null && from !== chat;
  const isAgent = byOwner || isOurs(source, { ids: [from] });
  const text = textOf(message, 'text') ?? textOf(message, 'caption');
  const begins = type === 'private' && !isEdit && !isAgent && /^\/start(?:\s|$)/.test(text ?? '');
  const said = isAgent ? CHAT.sent : CHAT.received;
  return {
    ok: true,
    value: [
      chatEvent({
        messageId: [...(business === null ? [] : [business]), chat, id, ...(isEdit ? ['edit'] : []), time].join('.'),
        name: begins ? CHAT.started : isEdit ? CHAT.updated : said,
        at: time,
        direction: isAgent ? 'outbound' : 'inbound',
        channel: isGroup ? 'community' : 'chat',
        conversationId: [business, chat, isGroup ? textOf(message, 'message_thread_id') : null]
          .filter((part) => part !== null)
          .join('/'),
        person: isAgent
          ? isGroup
            ? null
            : { identifiers: [{ type: 'telegram_id', value: chat }] }
          : personOf(message, from),
        agent: isAgent ? { kind: 'agent', id: from } : null,
        message: id,
        text,
        attachments: filesOf(message),
        properties: {
          room: isGroup ? (textOf(message, 'chat', 'title') ?? chat) : null,
          reply_to: textOf(message, 'reply_to_message', 'message_id'),
        },
      }),
    ],
  };
}

/** Someone stops the bot, or starts it again: all that Telegram tells of an end. */
function membershipOf(change: unknown): Mapped {
  const [chat, from, time] = [textOf(change, 'chat', 'id'), textOf(change, 'from', 'id'), at(change, 'date')];
  if (textOf(change, 'chat', 'type') !== 'private' || at(change, 'from', 'is_bot') === true) return NOTHING;
  const status = textOf(change, 'new_chat_member', 'status');
  const name: ChatName | null = status === 'kicked' ? CHAT.ended : status === 'member' ? CHAT.reopened : null;
  if (name === null) return NOTHING;
  if (chat === null) return refused('event_missing_field', '$.my_chat_member.chat.id');
  if (from === null) return refused('event_missing_field', '$.my_chat_member.from.id');
  if (typeof time !== 'number') return refused('event_missing_field', '$.my_chat_member.date');
  const person = { identifiers: [{ type: 'telegram_id', value: from }] };
  return {
    ok: true,
    value: [
      chatEvent({
        ...{ messageId: `${chat}.${status}.${time}`, name, at: time, person },
        ...{ direction: 'inbound', channel: 'chat', conversationId: chat },
      }),
    ],
  };
}

/** Telegram has one number for a person wherever they write, so nothing need go before it. */
function personOf(message: unknown, from: string): Person {
  const name = [textOf(message, 'from', 'first_name'), textOf(message, 'from', 'last_name')];
  // Their own card: the app fills it in. That of somebody else says nothing of who sends it
  const isOwnCard = textOf(message, 'contact', 'user_id') === from;
  return {
    identifiers: [{ type: 'telegram_id', value: from }],
    traits: {
      name: name.filter((part) => part !== null).join(' '),
      locale: textOf(message, 'from', 'language_code'),
      phone: isOwnCard ? numberOf(textOf(message, 'contact', 'phone_number')) : null,
    },
  };
}

/** Some apps leave the + out, though the number is a whole one. */
function numberOf(number: string | null): string | null {
  return number !== null && /^\d/.test(number) ? `+${number}` : number;
}

const FILES = ['document', 'video', 'audio', 'voice', 'animation', 'video_note', 'sticker'] as const;
const WORDS = ['text', 'photo', 'contact', 'location', 'venue', 'poll', 'dice', ...FILES] as const;

/** Whether it is a person's; the rest tells of who came, went or was pinned. */
function isSaid(message: unknown): boolean {
  return WORDS.some((field) => at(message, field) !== undefined);
}

function filesOf(message: unknown): readonly JsonRecord[] {
  // Of a photo all sizes come, the largest last
  const photo = listOf(message, 'photo').at(-1);
  return [...FILES.map((kind) => [kind, at(message, kind)] as const), ['photo', photo] as const]
    .filter(([, file]) => isRecord(file))
    .map(([kind, file]) =>
      known({
        kind,
        id: at(file, 'file_id'),
        name: at(file, 'file_name'),
        type: at(file, 'mime_type'),
        size: at(file, 'file_size'),
      }),
    );
}
