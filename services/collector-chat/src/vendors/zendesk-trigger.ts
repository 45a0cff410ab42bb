import { hash } from 'node:crypto';
import { at, type Delivery, type Mapped, NOTHING, refused, textOf } from '@kenal/collector-kit';
import { CHAT, type ChatName, chatEvent, isOurs } from './chat-event.ts';
import { channelOf, isSolved, personOf } from './zendesk-facts.ts';

/**
 * What a trigger sends by the template of our README:
 * `{"ticket_id","change":"created|comment|status","status","subject","via","updated_at","requester":{id,name,email,phone,external_id},
 * "comment":{id,body,is_public,author:{id,name,email,role}}}`. Placeholders without a value come as empty text.
 */
export function triggerOf(item: unknown, account: string | null, source: Delivery['source']): Mapped {
  const [id, time] = [textOf(item, 'ticket_id'), textOf(item, 'updated_at')];
  const change = textOf(item, 'change') ?? '';
  const isComment = change === 'comment';
  const comment = at(item, 'comment');
  if (!isComment && change !== 'created' && change !== 'status') return NOTHING;
  if (isComment && /^(?:false|private)$/i.test(String(at(comment, 'is_public')))) return NOTHING;
  if (account === null)
    return refused('event_missing_field', '$.account_id', 'the header x-zendesk-account-id says it');
  if (id === null) return refused('event_missing_field', '$.ticket_id');
  if (time === null) return refused('event_missing_field', '$.updated_at', 'ticket.updated_at_with_timestamp');
  const commentId = textOf(comment, 'id');
  const text = textOf(comment, 'body');
  if (isComment && commentId === null && text === null) return refused('event_missing_field', '$.comment.id');
  const requester = at(item, 'requester');
  const author = at(comment, 'author');
  const said =
    commentId ?? hash('sha256', JSON.stringify([textOf(author, 'id'), text, time]), 'base64url').slice(0, 16);
  const isStaff =
    /^(?:agent|admin)/i.test(textOf(author, 'role') ?? '') ||
    isOurs(source, { email: textOf(author, 'email'), ids: [textOf(author, 'id') ?? ''] });
  const status = textOf(item, 'status');
  const name: ChatName = isComment
    ? isStaff
      ? CHAT.sent
      : CHAT.received
    : change === 'created'
      ? CHAT.caseOpened
      : isSolved(status)
        ? CHAT.caseResolved
        : CHAT.caseUpdated;
  const inbound = isComment ? !isStaff : change === 'created';
  // An answer of somebody in copy is theirs, not the requester's
  const isOther = textOf(author, 'id') !== null && textOf(author, 'id') !== textOf(requester, 'id');
  const speaker = isComment && !isStaff && isOther ? author : requester;
  const [email, phone] = [textOf(speaker, 'email'), textOf(speaker, 'phone')];
  const ours = isOurs(source, { email, phone, ids: [textOf(speaker, 'id') ?? ''] });
  const caseId = `${account}/${id}`;
  return {
    ok: true,
    value: [
      chatEvent({
        messageId: ['ticket', id, change, isComment ? said : commentId, isComment ? null : `${status}.${time}`]
          .filter((part) => part !== null)
          .join('.'),
        name,
        at: time,
        direction: inbound ? 'inbound' : 'outbound',
        ...channelOf(textOf(item, 'via')),
        conversationId: caseId,
        caseId,
        person: ours
          ? null
          : {
              ...personOf(account, textOf(speaker, 'id')),
              userId: textOf(speaker, 'external_id'),
              traits: { name: textOf(speaker, 'name'), email, phone },
            },
        agent: isStaff ? { kind: 'agent', id: textOf(author, 'id') ?? '', name: textOf(author, 'name') } : null,
        message: isComment ? commentId : null,
        text: isComment || change === 'created' ? text : null,
        properties: { subject: textOf(item, 'subject'), status: status?.toLowerCase() },
      }),
    ],
  };
}
