import { hashId, idOrHash, PLAIN } from './id.ts';
import type { Mail } from './mail.ts';

const LONGEST = 400;

/**
 * Id of the thread: the first mail of it. Both sides carry it in References from the first answer on, so a thread seen
 * from either is one conversation. @returns null where nothing names it
 */
export function conversationOf({ references, inReplyTo = [], messageId }: ThreadIds): string | null {
  return references[0] ?? inReplyTo[0] ?? messageId;
}

interface ThreadIds {
  readonly references: readonly string[];
  readonly inReplyTo?: readonly string[];
  readonly messageId: string | null;
}

/**
 * Name of a mail: its Message-ID, else a hash over what every copy of it has alike. Transport headers are no part of it:
 * they differ from copy to copy.
 */
export function mailIdOf(mail: Mail): string {
  const { messageId, from, to, cc, subject, date, body, attachments } = mail;
  if (messageId !== null && messageId.length <= LONGEST && PLAIN.test(messageId)) return messageId;
  return hashId(JSON.stringify([messageId, from, to, cc, subject, date, body, attachments]));
}

/** The interaction of one person with a mail: `<id>#ann@x.example` */
export function interactionIdOf(mailId: string, address: string | null): string {
  return idOrHash(address === null ? mailId : `${mailId}#${address.toLowerCase()}`);
}
