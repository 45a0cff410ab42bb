import { at, listOf, type Outcome, refused, textOf } from '@kenal/collector-kit/read';
import { mailboxOf } from '../mail/head.ts';
import type { Header, Mailbox } from '../mail/mail.ts';
import { readBoundedJson } from './bounded-json.ts';
import { headerOf } from './header-block.ts';
import { attachmentOf, mailOf, readMime } from './mime.ts';
import type { ReadMail } from './readers.ts';

/** What Postmark delivers: a mail, or an event of one (`RecordType`), which is passed on as it is. */
export type ReadPostmark = ReadMail | { readonly record: unknown };

const MOST_PEOPLE = 1_000;

/** JSON of up to 35 MB, attachments in base64: parsed and hashed here, so that the thread that answers never sees it. */
export async function readPostmark(body: Buffer): Promise<Outcome<ReadPostmark>> {
  const parsed = readBoundedJson(body);
  if (!parsed.ok) return parsed;
  const payload = parsed.value;
  const type = textOf(payload, 'RecordType');
  if (type !== null && type !== 'Inbound') return { ok: true, value: { record: payload } };
  if (textOf(payload, 'FromFull', 'Email') === null && textOf(payload, 'From') === null)
    return refused('event_missing_field', '$.From', 'an inbound mail has one');
  const original = textOf(payload, 'OriginalRecipient');
  const envelope = { recipients: original === null ? [] : [original] };
  const raw = textOf(payload, 'RawEmail');
  if (raw !== null) {
    const mail = await readMime(Buffer.from(raw));
    return mail.ok ? { ok: true, value: { mail: mail.value, envelope } } : mail;
  }
  const files = listOf(payload, 'Attachments').map((one) =>
    attachmentOf(
      textOf(one, 'Name'),
      textOf(one, 'ContentType') ?? 'application/octet-stream',
      Buffer.from(textOf(one, 'Content') ?? '', 'base64'),
    ),
  );
  const text = textOf(payload, 'TextBody') ?? textOf(payload, 'StrippedTextReply');
  const mail = mailOf(headersOf(payload), { text, html: textOf(payload, 'HtmlBody'), files });
  return { ok: true, value: { mail: withPeople(mail, payload), envelope } };
}

/** Its own fields stand beside the headers, which repeat only some of them. */
function headersOf(payload: unknown): readonly Header[] {
  const headers: Header[] = [];
  for (const one of listOf(payload, 'Headers')) {
    const header = headerOf(textOf(one, 'Name') ?? '', textOf(one, 'Value') ?? '');
    if (header !== null) headers.push(header);
  }
  for (const [key, field] of [
    ['from', 'From'],
    ['subject', 'Subject'],
    ['date', 'Date'],
  ] as const) {
    const value = headers.some((header) => header.key === key) ? null : textOf(payload, field);
    if (value !== null) headers.push({ key, value });
  }
  return headers;
}

/** People as Postmark has read them: `{Email, Name, MailboxHash}` */
function withPeople(mail: ReadMail['mail'], payload: unknown): ReadMail['mail'] {
  const personOf = (one: unknown): Mailbox | null => mailboxOf(textOf(one, 'Name') ?? '', textOf(one, 'Email') ?? '');
  const people = (field: string): readonly Mailbox[] =>
    listOf(payload, field)
      .slice(0, MOST_PEOPLE)
      .map(personOf)
      .filter((one) => one !== null);
  const author = personOf(at(payload, 'FromFull'));
  return { ...mail, from: author === null ? mail.from : [author], to: people('ToFull'), cc: people('CcFull') };
}
