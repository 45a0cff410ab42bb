import { addressParser, decodeWords } from 'postal-mime';
import { automaticReason } from './automatic.ts';
import { mailDate } from './date.ts';
import type { Header, Mailbox, MailHead, MailingList } from './mail.ts';

const MOST_MAILBOXES = 1_000;
const MOST_HEADERS = 5_000;
const LONGEST_VALUE = 64 * 1024;
const MOST_IDS = 100;
const LONGEST_ADDRESS = 320;
const LONGEST_NAME = 200;
const LONGEST_SUBJECT = 1_000;

export interface HeadFacts {
  /** The envelope's sender was `<>`: bounces have it. */
  readonly nullSender?: boolean;
}

/** Headers → what they say. Of a repeated header the first counts, of lists of people all. Linear in the headers. */
export function headOf(all: readonly Header[], { nullSender = false }: HeadFacts = {}): MailHead {
  const headers = all.slice(0, MOST_HEADERS).map(({ key, value }) => ({ key, value: value.slice(0, LONGEST_VALUE) }));
  const value = (key: string): string | null => headers.find((header) => header.key === key)?.value.trim() ?? null;
  const from = mailboxesOf(headers, 'from');
  const list = listOf(value);
  return {
    messageId: idsOf(value('message-id'))[0] ?? null,
    inReplyTo: idsOf(value('in-reply-to')),
    references: idsOf(value('references')),
    from,
    to: mailboxesOf(headers, 'to'),
    cc: mailboxesOf(headers, 'cc'),
    originalFrom: mailboxesOf(headers, 'x-original-from')[0] ?? null,
    subject: decodeWords(value('subject') ?? '').slice(0, LONGEST_SUBJECT) || null,
    date: mailDate(value('date')),
    automatic: automaticReason({ value, from: from[0]?.address ?? null, isList: list !== null, nullSender }),
    list,
  };
}

/** `"Lee, Ann" <ann@x.example>, Team: bob@x.example;` → both; what has no address is left out. */
function mailboxesOf(headers: readonly Header[], key: string): readonly Mailbox[] {
  const found: Mailbox[] = [];
  for (const header of headers) {
    if (header.key !== key) continue;
    for (const { name, address } of addressParser(header.value, { flatten: true })) {
      if (found.length >= MOST_MAILBOXES) return found;
      const mailbox = address === undefined ? null : mailboxOf(name, address);
      if (mailbox !== null) found.push(mailbox);
    }
  }
  return found;
}

/** @returns null where it is no address that mail can be sent to */
export function mailboxOf(name: string, address: string): Mailbox | null {
  const cut = address.trim();
  const at = cut.lastIndexOf('@');
  if (at <= 0 || at === cut.length - 1 || cut.length > LONGEST_ADDRESS || /[\s<>\p{Cc}]/u.test(cut)) return null;
  return { name: name.trim().slice(0, LONGEST_NAME), address: cut };
}

/** `<a@x> <b@y>` → `a@x`, `b@y`; some programs leave the brackets out. */
export function idsOf(value: string | null): readonly string[] {
  if (value === null) return [];
  const ids = value
    .split(/[\s<>,]+/)
    .map((id) => id.trim())
    .filter((id) => id !== '' && id.length <= LONGEST_ADDRESS);
  return ids.slice(0, MOST_IDS);
}

/** `Development <dev.lists.example>` → `dev.lists.example`; `List-Post: NO` is a list that only its owner writes to. */
function listOf(value: (key: string) => string | null): MailingList | null {
  const listId = value('list-id');
  if (listId === null || listId === '') return null;
  const id = /<([^<>\s]{1,200})>/.exec(listId.slice(0, 1_000))?.[1] ?? listId.slice(0, 200);
  const post = /<mailto:([^<>?\s]{1,320})/i.exec((value('list-post') ?? '').slice(0, 1_000))?.[1] ?? null;
  return { id, post };
}
