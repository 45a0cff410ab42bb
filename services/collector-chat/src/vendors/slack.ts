import {
  at,
  type Delivery,
  isRecord,
  known,
  listOf,
  type Mapped,
  NOTHING,
  recordOf,
  refused,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { attachmentsOf, CHAT, type ChatName, chatEvent, isOurs, personEvent } from './chat-event.ts';

/** Slack Events API: https://docs.slack.dev/apis/events-api and https://docs.slack.dev/reference/events/message */
export const slack: Vendor = {
  kind: 'slack',
  handshake({ payload }) {
    const challenge = textOf(payload, 'challenge');
    if (textOf(payload, 'type') !== 'url_verification' || challenge === null) return null;
    return { status: 200, contentType: 'text/plain; charset=utf-8', body: challenge };
  },
  map(item, { source }) {
    if (!isRecord(item)) return refused('event_not_object', '$');
    if (textOf(item, 'type') !== 'event_callback') return NOTHING;
    const type = textOf(item, 'event', 'type');
    if (type === 'message') return messageOf(item, source);
    return type === 'team_join' || type === 'user_change' ? memberOf(item, source) : NOTHING;
  },
};

/** Subtypes that are somebody's words; the others tell of joins, topics, pins. */
const WORDS: ReadonlySet<string | null> = new Set([
  null,
  'thread_broadcast',
  'file_share',
  'me_message',
  'bot_message',
]);

interface Change {
  /** The message as it is now; as it was, where it is gone. */
  readonly message: unknown;
  /** Name where a person wrote it; null: of the direction. */
  readonly name: ChatName | null;
  readonly at: string | null;
}

function messageOf(item: unknown, source: Delivery['source']): Mapped {
  const change = changeOf(at(item, 'event'));
  if (change === null) return NOTHING;
  const { message } = change;
  const team = textOf(item, 'team_id');
  const eventId = textOf(item, 'event_id');
  const room = textOf(item, 'event', 'channel');
  const ts = textOf(message, 'ts');
  if (team === null) return refused('event_missing_field', '$.team_id');
  if (eventId === null) return refused('event_missing_field', '$.event_id');
  if (room === null) return refused('event_missing_field', '$.event.channel');
  if (ts === null || change.at === null) return refused('event_missing_field', '$.event.ts');

  const author = authorOf(item, message, source);
  if (author === null) return NOTHING;
  const isShared = at(item, 'is_ext_shared_channel') === true;
  const isPublic = textOf(item, 'event', 'channel_type') === 'channel' && !isShared;
  const thread = textOf(message, 'thread_ts');
  const isDirect = textOf(item, 'event', 'channel_type') === 'im';
  const root = textOf(message, 'parent_user_id');
  return {
    ok: true,
    value: [
      chatEvent({
        messageId: eventId,
        name: change.name ?? (author.isOurs ? CHAT.sent : CHAT.received),
        at: change.at,
        direction: author.isOurs ? 'outbound' : 'inbound',
        channel: isPublic ? 'community' : 'chat',
        // A direct talk is one conversation; in a room each first message begins its own
        conversationId: [team, room, thread ?? (isDirect ? null : ts)].filter((part) => part !== null).join('/'),
        person: author.isOurs ? null : { identifiers: [{ type: 'slack_id', value: author.id }] },
        agent: author.isOurs ? { kind: author.kind, id: author.id } : null,
        participants:
          root === null || author.id.endsWith(`/${root}`)
            ? []
            : [{ role: 'member', identifiers: [{ type: 'slack_id', value: `${team}/${root}` }] }],
        message: ts,
        text: change.name === CHAT.deleted ? null : textOf(message, 'text'),
        attachments: attachmentsOf(listOf(message, 'files'), (file) => ({
          id: at(file, 'id'),
          name: at(file, 'name'),
          type: at(file, 'mimetype'),
          size: at(file, 'size'),
        })),
        properties: { room },
      }),
    ],
  };
}

/** @returns null where nobody wrote, or wrote anew: a preview was added, a thread counted */
function changeOf(event: unknown): Change | null {
  const subtype = textOf(event, 'subtype');
  const happenedAt = textOf(event, 'event_ts') ?? textOf(event, 'ts');
  if (WORDS.has(subtype)) return { message: event, name: null, at: textOf(event, 'ts') };
  const before = at(event, 'previous_message');
  if (subtype === 'message_deleted')
    return {
      message: { ...recordOf(before), ts: textOf(event, 'deleted_ts') ?? textOf(before, 'ts') },
      name: CHAT.deleted,
      at: happenedAt,
    };
  const now = at(event, 'message');
  if (subtype !== 'message_changed' || !isRecord(now)) return null;
  // A first message with answers is not taken away: its place stays
  if (textOf(now, 'subtype') === 'tombstone')
    return { message: { ...recordOf(before), ...known({ ts: at(now, 'ts') }) }, name: CHAT.deleted, at: happenedAt };
  if (textOf(now, 'text') === textOf(before, 'text')) return null;
  return WORDS.has(textOf(now, 'subtype')) ? { message: now, name: CHAT.updated, at: happenedAt } : null;
}

interface Author {
  /** `T024BE7LD/U2147483697` */
  readonly id: string;
  readonly isOurs: boolean;
  readonly kind: 'agent' | 'system';
}

/** @returns null where a bot of somebody else wrote: that says nothing of a customer */
function authorOf(item: unknown, message: unknown, source: Delivery['source']): Author | null {
  const user = textOf(message, 'user');
  const home =
    textOf(item, 'context_team_id') ?? textOf(item, 'authorizations', 0, 'team_id') ?? textOf(item, 'team_id');
  const bot = textOf(message, 'bot_id');
  if (bot !== null || user === null || user === 'USLACKBOT' || textOf(message, 'subtype') === 'bot_message') {
    const app = textOf(message, 'app_id') ?? textOf(message, 'bot_profile', 'app_id');
    if (bot === null || app === null || app !== textOf(item, 'api_app_id')) return null;
    return { id: `${home}/${bot}`, isOurs: true, kind: 'system' };
  }
  // In a channel that is shared with other companies each author has a team of their own
  const team = textOf(message, 'user_team') ?? textOf(message, 'team') ?? textOf(item, 'team_id');
  const id = `${team}/${user}`;
  const isColleague = at(item, 'is_ext_shared_channel') === true && team === home;
  return { id, isOurs: isColleague || isOurs(source, { ids: [id, user] }), kind: 'agent' };
}

function memberOf(item: unknown, source: Delivery['source']): Mapped {
  const user = at(item, 'event', 'user');
  const [id, eventId, seconds] = [textOf(user, 'id'), textOf(item, 'event_id'), at(item, 'event_time')];
  if (id === null) return refused('event_missing_field', '$.event.user.id');
  if (eventId === null) return refused('event_missing_field', '$.event_id');
  if (typeof seconds !== 'number') return refused('event_missing_field', '$.event_time');
  const key = `${textOf(user, 'team_id') ?? textOf(item, 'team_id')}/${id}`;
  const email = textOf(user, 'profile', 'email');
  const phone = textOf(user, 'profile', 'phone');
  if (at(user, 'is_bot') === true || id === 'USLACKBOT' || isOurs(source, { email, ids: [key, id] })) return NOTHING;
  const name = textOf(user, 'profile', 'real_name') ?? textOf(user, 'real_name');
  const traits = { name, email, phone, locale: textOf(user, 'locale') };
  return {
    ok: true,
    value: [personEvent(eventId, seconds, { identifiers: [{ type: 'slack_id', value: key }], traits })],
  };
}
