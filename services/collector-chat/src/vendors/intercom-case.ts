import { at, listOf, type Mapped, NOTHING, refused, textOf } from '@kenal/collector-kit';
import { CHAT, type ChatName, chatEvent } from './chat-event.ts';
import { personOf } from './intercom-person.ts';

/**
 * Tickets of Intercom: `ticket.created`, `ticket.state.updated`, `ticket.contact.replied` … The item stands in
 * `data.item`, or, with the state before, in `data.item.ticket`.
 */
export function caseOf(notification: unknown, topic: string): Mapped {
  const outer = at(notification, 'data', 'item');
  const ticket = at(outer, 'ticket') ?? outer;
  const name = nameOf(topic, stateOf(at(ticket, 'ticket_state')), stateOf(at(outer, 'previous_ticket_state')));
  if (name === null) return NOTHING;
  const [app, id, noticed] = [textOf(notification, 'app_id'), textOf(ticket, 'id'), textOf(notification, 'id')];
  const time = at(notification, 'created_at');
  if (app === null) return refused('event_missing_field', '$.app_id');
  if (id === null) return refused('event_missing_field', '$.data.item.id');
  if (noticed === null) return refused('event_missing_field', '$.id');
  if (typeof time !== 'number') return refused('event_missing_field', '$.created_at');
  const contacts = listOf(ticket, 'contacts', 'contacts');
  const [contact] = contacts;
  const caseId = `${app}/${id}`;
  return {
    ok: true,
    value: [
      chatEvent({
        messageId: noticed,
        name,
        at: time,
        direction: name === CHAT.caseOpened ? 'inbound' : 'outbound',
        conversationId: caseId,
        caseId,
        person: contacts.length === 1 ? personOf(app, textOf(contact, 'id'), textOf(contact, 'external_id')) : null,
        text: name === CHAT.caseOpened ? textOf(ticket, 'ticket_attributes', '_default_description_') : null,
        properties: {
          number: textOf(ticket, 'ticket_id'),
          subject: textOf(ticket, 'ticket_attributes', '_default_title_'),
          status: stateOf(at(ticket, 'ticket_state')),
        },
      }),
    ],
  };
}

/** A word, or a record with a category: `resolved`, `{category: "resolved"}` */
function stateOf(state: unknown): string | null {
  return textOf(state) ?? textOf(state, 'category');
}

function nameOf(topic: string, state: string | null, before: string | null): ChatName | null {
  if (topic === 'ticket.created') return CHAT.caseOpened;
  if (topic === 'ticket.closed') return CHAT.caseResolved;
  if (topic !== 'ticket.state.updated') return null;
  if (state === 'resolved') return CHAT.caseResolved;
  return before === 'resolved' ? CHAT.caseReopened : CHAT.caseUpdated;
}
