import {
  contentOf,
  type Fault,
  isRecord,
  type JsonRecord,
  known,
  readJson,
  recordOf,
  refused,
  textOf,
  withoutPlacement,
} from '@kenal/collector-kit';
import { CHAT } from '../vendors/chat-event.ts';
import type { Visitor } from './visitors.ts';

/** What one frame asks for. */
export type Frame =
  /** Somebody is here: answers to the conversation go to this connection. No event. */
  | { readonly kind: 'hello'; readonly messageId: null; readonly visitor: Visitor }
  | {
      readonly kind: 'event';
      readonly messageId: string | null;
      /** In Segment's form, not yet looked at. */
      readonly event: unknown;
      /** Who talks, where it is a message of the widget. */
      readonly visitor: Visitor | null;
    }
  | { readonly kind: 'fault'; readonly messageId: string | null; readonly fault: Fault };

/** Messages of the widget by their `type`; any other type is one of Segment's. */
const TALK: Readonly<Record<string, string>> = { start: CHAT.started, message: CHAT.received, end: CHAT.ended };

/** As in every collector (reliability.md, "Edge limits"). */
export const EVENT_BYTES = 32 * 1024;
const LONGEST_ID = 512;

/**
 * One frame of the stream: an event in Segment's form, or a message of the widget,
 * `{type: "message", messageId, conversationId, anonymousId?, userId?, text, timestamp, sentAt, page: {url, title}}`
 * with `start` and `end` beside it, or `{type: "hello", conversationId, anonymousId?, userId?}`.
 * @param most bytes of an event
 * @param isPublic it came by a key that anybody can read in a page, or nobody knows by which
 */
export function readFrame(bytes: Buffer, most: number, isPublic: boolean): Frame {
  if (bytes.length > most) return faulty(null, refused('event_too_large', '$', `more than ${most} bytes`));
  const read = readJson(bytes);
  if (!read.ok) return faulty(null, read);
  const message = read.value;
  if (!isRecord(message)) return faulty(null, refused('event_not_object', '$'));
  const type = textOf(message, 'type') ?? '';
  const messageId = idAt(message, 'messageId');
  if (type !== 'hello' && !Object.hasOwn(TALK, type))
    return { kind: 'event', messageId, event: isPublic ? withoutPlacement(message) : message, visitor: null };
  const conversationId = idAt(message, 'conversationId');
  if (conversationId === null) return faulty(messageId, refused('event_missing_field', '$.conversationId'));
  const visitor = { conversationId, anonymousId: idAt(message, 'anonymousId'), userId: idAt(message, 'userId') };
  if (type === 'hello') return { kind: 'hello', messageId: null, visitor };
  if (messageId === null)
    return faulty(null, refused('event_missing_field', '$.messageId', 'a retry must have the same one'));
  if (type === 'message' && textOf(message, 'text') === null)
    return faulty(messageId, refused('event_missing_field', '$.text'));
  return { kind: 'event', messageId, event: talkOf(message, type, messageId, visitor), visitor };
}

function talkOf(message: JsonRecord, type: string, messageId: string, visitor: Visitor): JsonRecord {
  const { conversationId, anonymousId, userId } = visitor;
  const page = recordOf(message, 'page');
  return {
    messageId,
    type: 'track',
    event: TALK[type],
    ...known({ anonymousId, userId, timestamp: message.timestamp, sentAt: message.sentAt }),
    properties: {
      ...known({ conversation_id: conversationId, message_id: type === 'message' ? messageId : null }),
      ...contentOf(type === 'message' ? textOf(message, 'text') : null),
    },
    context: {
      page: known({ url: textOf(page, 'url'), title: textOf(page, 'title') }),
      kenal: { channel: 'chat', direction: 'inbound', conversationId },
    },
  };
}

function idAt(message: JsonRecord, field: string): string | null {
  const id = textOf(message, field);
  return id === null || id.length > LONGEST_ID ? null : id;
}

function faulty(messageId: string | null, { fault }: { readonly fault: Fault }): Frame {
  return { kind: 'fault', messageId, fault };
}
