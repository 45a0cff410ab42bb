import { type KenalEvent, known, type Outcome, refused } from '@kenal/collector-kit';
import type { Identifier, Micros, Participant } from '@kenal/contracts';
import type { Arrival } from './arrival.ts';
import type { Mail, Mailbox } from './mail.ts';
import { ownAddresses } from './own.ts';
import { reportEvents } from './report-events.ts';
import { conversationOf, interactionIdOf, mailIdOf } from './thread.ts';
import { isTimely } from './timely.ts';

/** Of a mail to a thousand people each interaction names only these: all would be a million names. */
const MOST_PARTICIPANTS = 50;
/** Recipients of one mail of ours that become interactions of their own. */
const MOST_RECIPIENTS = 100;

/**
 * A mail → its interactions. From outside: one, of its author. From us: one for each recipient outside, so that nobody is
 * linked to anybody by having been written to together. Between ourselves: one of nobody.
 * @returns fault `event_missing_field` where it has no author
 */
export function mailEvents(mail: Mail, arrival: Arrival): Outcome<readonly KenalEvent[]> {
  if (mail.report !== null) return { ok: true, value: reportEvents(mail, mail.report, arrival) };
  const author = authorOf(mail);
  if (author === null) return refused('event_missing_field', '$.from', 'a mail has an author');
  const isOwn = ownAddresses(arrival.source, arrival.envelope);
  const make = createMake(mail, arrival);
  if (!isOwn(author.address)) return { ok: true, value: [make('inbound', author, inboundFacts(mail, author))] };
  const actor = { kind: mail.automatic === null ? ('staff' as const) : ('system' as const), id: author.address };
  const outside = unique([...mail.to, ...mail.cc]).filter(({ address }) => !isOwn(address));
  const recipients = mail.list === null ? outside.slice(0, MOST_RECIPIENTS) : [];
  const leftOut = mail.list === null ? outside.length - recipients.length : 0;
  if (recipients.length > 0)
    return { ok: true, value: recipients.map((one) => make('outbound', one, { ...identified(one), actor, leftOut })) };
  return { ok: true, value: [make(outside.length > 0 ? 'outbound' : 'internal', null, { actor })] };
}

interface Facts {
  readonly identifiers?: readonly Identifier[];
  readonly traits?: { readonly name: string };
  readonly actor?: { readonly kind: 'staff' | 'system'; readonly id: string };
  /** Recipients that have no interaction of their own. */
  readonly leftOut?: number;
}

/** Of an automatic mail it is not certain whom it is about; on a list the author's name is whatever the list makes of it. */
function inboundFacts(mail: Mail, author: Mailbox): Facts {
  if (mail.automatic !== null) return {};
  // The list has put itself into From, and names nobody else
  if (mail.list?.post?.toLowerCase() === author.address.toLowerCase()) return {};
  const { name, address } = author;
  const isName = name !== '' && !name.includes('@') && name.toLowerCase() !== address.toLowerCase();
  return { ...identified(author), ...(isName && mail.list === null ? { traits: { name } } : {}) };
}

function identified({ address }: Mailbox): Facts {
  return { identifiers: [{ type: 'email', value: address }] };
}

/** Lists that must rewrite From (DMARC) say in another header who wrote. */
function authorOf({ from, list, originalFrom }: Mail): Mailbox | null {
  const first = from[0] ?? null;
  const isRewritten = list !== null && originalFrom !== null;
  return isRewritten ? originalFrom : first;
}

type Make = (direction: 'inbound' | 'outbound' | 'internal', person: Mailbox | null, facts: Facts) => KenalEvent;

function createMake(mail: Mail, { receivedAt }: Arrival): Make {
  const id = mailIdOf(mail);
  const properties = propertiesOf(mail, receivedAt);
  const conversationId = conversationOf(mail) ?? id;
  const everybody = everybodyOf(mail);
  return (direction, person, { identifiers = [], traits, actor, leftOut = 0 }) => ({
    messageId: interactionIdOf(id, person?.address ?? null),
    type: 'track',
    event: direction === 'inbound' ? 'Email Received' : 'Email Sent',
    ...(isTimely(mail.date, receivedAt) ? { timestamp: mail.date } : {}),
    ...(traits === undefined ? {} : { traits }),
    properties: { ...properties, ...(leftOut === 0 ? {} : { recipients_left_out: leftOut }) },
    context: {
      kenal: {
        direction,
        identifiers,
        participants: othersOf(everybody, identifiers),
        conversationId,
        ...(mail.list === null ? {} : { channel: 'community' as const }),
        ...(actor === undefined ? {} : { actor }),
      },
    },
  });
}

function propertiesOf(mail: Mail, receivedAt: Micros): Record<string, unknown> {
  const { body, list, attachments } = mail;
  return known({
    email_id: mail.messageId,
    email_subject: mail.subject,
    text: body?.text,
    quoted_text: body?.quoted,
    signature: body?.signature,
    truncated: body?.truncated || null,
    in_reply_to: mail.inReplyTo[0],
    automatic: mail.automatic === null ? null : true,
    automatic_reason: mail.automatic,
    list_id: list?.id,
    recipients: mail.to.length + mail.cc.length,
    attachments: attachments.length === 0 ? null : attachments.map((one) => ({ ...one })),
    attachment_count: mail.attachmentCount || null,
    // A clock more than a day ahead decides no time; what it said is kept
    claimed_date: isTimely(mail.date, receivedAt) ? null : mail.date,
  });
}

function everybodyOf({ from, to, cc }: Mail): readonly Participant[] {
  const as = (role: Participant['role']) => (one: Mailbox) => ({
    role,
    identifiers: [{ type: 'email', value: one.address }],
  });
  return [...from.map(as('from')), ...to.map(as('to')), ...cc.map(as('cc'))];
}

/** Stops at the last one that is kept: everybody for each recipient would be millions of looks. */
function othersOf(everybody: readonly Participant[], identifiers: readonly Identifier[]): readonly Participant[] {
  const others: Participant[] = [];
  for (const one of everybody) {
    if (others.length === MOST_PARTICIPANTS) break;
    if (!names(one, identifiers)) others.push(one);
  }
  return others;
}

function names(participant: Participant, identifiers: readonly Identifier[]): boolean {
  const own = participant.identifiers[0]?.value.toLowerCase();
  return identifiers.some(({ value }) => value.toLowerCase() === own);
}

/** Each address once, where it stands first. */
function unique(mailboxes: readonly Mailbox[]): readonly Mailbox[] {
  const found = new Map<string, Mailbox>();
  for (const one of mailboxes) if (!found.has(one.address.toLowerCase())) found.set(one.address.toLowerCase(), one);
  return [...found.values()];
}
