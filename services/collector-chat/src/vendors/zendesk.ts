import {
  at,
  type Delivery,
  type Headers,
  isRecord,
  type Mapped,
  NOTHING,
  refused,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { CHAT, type ChatName, chatEvent, isOurs, personEvent } from './chat-event.ts';
import { channelOf, isSolved, personOf } from './zendesk-facts.ts';
import { triggerOf } from './zendesk-trigger.ts';

/**
 * Zendesk: event webhooks (https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events) and what a
 * trigger sends by the template of our README.
 */
export const zendesk: Vendor = {
  kind: 'zendesk',
  headers: ['x-zendesk-account-id'],
  map(item, { source, headers }) {
    if (!isRecord(item)) return refused('event_not_object', '$');
    const type = textOf(item, 'type') ?? '';
    if (at(item, 'ticket_id') !== undefined) return triggerOf(item, accountOf(item, headers), source);
    if (type.startsWith(TICKET)) return ticketOf(item, type.slice(TICKET.length), accountOf(item, headers), source);
    if (type.startsWith(USER)) return userOf(item, type.slice(USER.length), accountOf(item, headers), source);
    return NOTHING;
  },
};

const TICKET = 'zen:event-type:ticket.';
const USER = 'zen:event-type:user.';
const NO_ACCOUNT = 'the header x-zendesk-account-id says it where the body does not';

function accountOf(item: unknown, headers: Headers): string | null {
  return textOf(item, 'account_id') ?? textOf(headers['x-zendesk-account-id']);
}

function ticketOf(item: unknown, kind: string, account: string | null, source: Delivery['source']): Mapped {
  const ticket = at(item, 'detail');
  const isComment = kind === 'comment_added';
  const name = isComment ? null : caseName(kind, at(item, 'event'));
  if (!isComment && name === null) return NOTHING;
  if (isComment && at(item, 'event', 'comment', 'is_public') === false) return NOTHING;
  const [id, eventId, time] = [textOf(ticket, 'id'), textOf(item, 'id'), textOf(item, 'time')];
  if (account === null) return refused('event_missing_field', '$.account_id', NO_ACCOUNT);
  if (id === null) return refused('event_missing_field', '$.detail.id');
  if (eventId === null) return refused('event_missing_field', '$.id');
  if (time === null) return refused('event_missing_field', '$.time');
  const requester = textOf(ticket, 'requester_id');
  const actor = isComment ? textOf(item, 'event', 'comment', 'author', 'id') : textOf(ticket, 'actor_id');
  const isStaff = isComment && at(item, 'event', 'comment', 'author', 'is_staff') === true;
  const byAgent = isStaff || (!isComment && actor !== requester) || isOurs(source, { ids: [actor ?? ''] });
  const person = byAgent || actor === null ? requester : actor;
  const caseId = `${account}/${id}`;
  return {
    ok: true,
    value: [
      chatEvent({
        messageId: eventId,
        name: name ?? (byAgent ? CHAT.sent : CHAT.received),
        at: time,
        direction: byAgent ? 'outbound' : 'inbound',
        ...channelOf(textOf(ticket, 'via', 'channel')),
        conversationId: caseId,
        caseId,
        person: isOurs(source, { ids: [person ?? ''] }) ? null : personOf(account, person),
        agent:
          byAgent && actor !== null
            ? { kind: 'agent', id: actor, name: textOf(item, 'event', 'comment', 'author', 'name') }
            : null,
        message: textOf(item, 'event', 'comment', 'id'),
        text: isComment
          ? textOf(item, 'event', 'comment', 'body')
          : kind === 'created'
            ? textOf(ticket, 'description')
            : null,
        properties: {
          subject: textOf(ticket, 'subject'),
          status: textOf(ticket, 'status')?.toLowerCase(),
          priority: textOf(ticket, 'priority')?.toLowerCase(),
          previous: textOf(item, 'event', 'previous'),
          current: textOf(item, 'event', 'current'),
          changed: name === CHAT.caseUpdated ? kind.replace(/_changed$/, '') : null,
        },
      }),
    ],
  };
}

const UPDATES: ReadonlySet<string> = new Set([
  ...['agent_assignment_changed', 'group_assignment_changed', 'priority_changed', 'subject_changed', 'type_changed'],
  ...['ticket_type_changed', 'tags_changed'],
]);

function caseName(kind: string, event: unknown): ChatName | null {
  if (kind === 'created') return CHAT.caseOpened;
  if (kind !== 'status_changed') return UPDATES.has(kind) ? CHAT.caseUpdated : null;
  const [before, now] = [isSolved(textOf(event, 'previous')), isSolved(textOf(event, 'current'))];
  if (now) return before ? CHAT.caseUpdated : CHAT.caseResolved;
  return before ? CHAT.caseReopened : CHAT.caseUpdated;
}

/** `user.created`, `user.identity_created` …: what Zendesk knows of a customer. */
function userOf(item: unknown, kind: string, account: string | null, source: Delivery['source']): Mapped {
  const user = at(item, 'detail');
  if (!USER_FACTS.has(kind) || textOf(user, 'role') !== 'end-user') return NOTHING;
  const [id, eventId, time] = [textOf(user, 'id'), textOf(item, 'id'), textOf(item, 'time')];
  if (account === null) return refused('event_missing_field', '$.account_id', NO_ACCOUNT);
  if (id === null) return refused('event_missing_field', '$.detail.id');
  if (eventId === null) return refused('event_missing_field', '$.id');
  if (time === null) return refused('event_missing_field', '$.time');
  const email = textOf(user, 'email');
  if (isOurs(source, { email, ids: [id] })) return NOTHING;
  const person = { ...personOf(account, id), userId: textOf(user, 'external_id') };
  return {
    ok: true,
    value: [personEvent(eventId, time, { ...person, traits: { email, name: textOf(user, 'name') } })],
  };
}

const USER_FACTS: ReadonlySet<string> = new Set(['created', 'name_changed', 'external_id_changed', 'identity_created']);
