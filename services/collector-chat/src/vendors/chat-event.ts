import { contentOf, type JsonRecord, type KenalEvent, known, type Source } from '@kenal/collector-kit';
import type { Channel, Identifier, Participant } from '@kenal/contracts';

/**
 * Names of what happens in a conversation: Segment's live-chat specification, seen from the organisation (it sends, it
 * receives), what vendors tell beyond it, and cases (wire.md, "Names").
 */
export const CHAT = {
  started: 'Live Chat Conversation Started',
  reopened: 'Live Chat Conversation Reopened',
  ended: 'Live Chat Conversation Ended',
  sent: 'Live Chat Message Sent',
  received: 'Live Chat Message Received',
  updated: 'Live Chat Message Updated',
  deleted: 'Live Chat Message Deleted',
  delivered: 'Message Delivered',
  read: 'Message Read',
  failed: 'Message Failed',
  rated: 'Live Chat Conversation Rated',
  caseOpened: 'Case Opened',
  caseUpdated: 'Case Updated',
  caseResolved: 'Case Resolved',
  caseReopened: 'Case Reopened',
} as const;
export type ChatName = (typeof CHAT)[keyof typeof CHAT];

/** Someone outside, as the vendor names them. */
export interface Person {
  /** Of the organisation's own systems. */
  readonly userId?: string | null;
  /** Vendor's ids. */
  readonly identifiers?: readonly Identifier[];
  /** What the vendor states as fact; `email` and `phone` are identifiers. */
  readonly traits?: JsonRecord;
}

/** Who acted for the organisation. */
export interface Agent {
  readonly kind: 'agent' | 'system';
  readonly id: string;
  readonly name?: string | null;
}

/** Something that happened in a conversation. */
export interface Happening {
  readonly messageId: string;
  readonly name: ChatName;
  /** The vendor's own time; null: when it was received. */
  readonly at: string | number | null;
  readonly direction: 'inbound' | 'outbound';
  readonly conversationId: string;
  readonly caseId?: string | null;
  /** Other than the source's. */
  readonly channel?: Channel;
  /** The one subject; null where there is none, or more than one. */
  readonly person: Person | null;
  readonly agent?: Agent | null;
  readonly participants?: readonly Participant[];
  /** Id of the message in its conversation. */
  readonly message?: string | null;
  readonly text?: string | null;
  /** What is known of its files, never where they lie: such addresses carry secrets. */
  readonly attachments?: readonly JsonRecord[];
  readonly properties?: JsonRecord;
}

export function chatEvent(happened: Happening): KenalEvent {
  const { messageId, name, at, direction, conversationId, caseId, channel, agent, participants = [] } = happened;
  const person = happened.person ?? {};
  const { attachments = [] } = happened;
  return {
    messageId,
    type: 'track',
    event: name,
    ...(at === null ? {} : { timestamp: at }),
    ...ofPerson(person),
    properties: {
      ...known({
        conversation_id: conversationId,
        case_id: caseId,
        message_id: happened.message,
        agent_id: agent?.kind === 'agent' ? agent.id : null,
        agent_name: agent?.name,
        ...happened.properties,
      }),
      ...contentOf(happened.text ?? null),
      ...(attachments.length > 0 ? { attachments } : {}),
    },
    context: {
      kenal: {
        direction,
        conversationId,
        ...(channel === undefined ? {} : { channel }),
        ...(caseId ? { caseId } : {}),
        ...(agent ? { actor: { kind: agent.kind, id: agent.id } } : {}),
        ...(person.identifiers === undefined ? {} : { identifiers: person.identifiers }),
        ...(participants.length > 0 ? { participants } : {}),
      },
    },
  };
}

/** What a vendor says of a person apart from any conversation. */
export function personEvent(messageId: string, at: string | number, person: Person): KenalEvent {
  const { identifiers = [] } = person;
  return { messageId, type: 'identify', timestamp: at, ...ofPerson(person), context: { kenal: { identifiers } } };
}

const MOST_ATTACHMENTS = 100;

/** @param files as a vendor lists them; those beyond the first 100 are not looked at @param read what is kept of one */
export function attachmentsOf(files: readonly unknown[], read: (file: unknown) => JsonRecord): readonly JsonRecord[] {
  return files.slice(0, MOST_ATTACHMENTS).map((file) => known(read(file)));
}

function ofPerson({ userId, traits = {} }: Person): Pick<KenalEvent, 'userId' | 'traits'> {
  return { ...(userId ? { userId } : {}), traits: known(traits) };
}

/** How somebody can be known as one of ours. */
export interface Names {
  readonly email?: string | null;
  readonly phone?: string | null;
  /** As the vendor writes it, with or without its account: `T024BE7LD/U2147483697`, `U2147483697` */
  readonly ids?: readonly string[];
}

/** Whether `own` of the source names this person: they act for the organisation and are nobody's customer. */
export function isOurs({ own, config }: Source, { email, phone, ids = [] }: Names): boolean {
  if (email && own.hasEmail(email)) return true;
  if (phone && own.hasPhone(phone)) return true;
  return ids.some((id) => config.own.includes(id));
}
