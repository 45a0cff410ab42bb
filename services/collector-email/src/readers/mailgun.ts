import { listOf, type Outcome } from '@kenal/collector-kit/read';
import type { Header } from '../mail/mail.ts';
import { readBoundedJson } from './bounded-json.ts';
import { headerOf } from './header-block.ts';
import { attachmentOf, mailOf, readMime } from './mime.ts';
import { type FormPart, readForm, textPart } from './multipart.ts';
import type { ReadMail } from './readers.ts';

/**
 * A route of Mailgun: the mail in pieces, or raw in `body-mime` where the route's address ends in `mime`.
 * `message-headers` is `[["From","Ann <ann@x.example>"],…]`.
 */
export async function readMailgun(body: Buffer, contentType: string): Promise<Outcome<ReadMail>> {
  const form = await readForm(body, contentType);
  if (!form.ok) return form;
  const parts = form.value;
  const field = (name: string): string | null => textPart(parts, name);
  const recipients = (field('recipient') ?? '').split(',').map((one) => one.trim());
  const envelope = { recipients: recipients.filter((one) => one !== '') };
  const nullSender = /^<?>?$/.test(field('sender') ?? 'unknown');
  const raw = parts.find(({ name }) => name === 'body-mime');
  if (raw !== undefined) {
    const mail = await readMime(raw.bytes, { nullSender });
    return mail.ok ? { ok: true, value: { mail: mail.value, envelope } } : mail;
  }
  const headers = messageHeaders(parts, field);
  const content = { text: field('body-plain'), html: field('body-html'), files: filesOf(parts) };
  return { ok: true, value: { mail: mailOf(headers, content, { nullSender }), envelope } };
}

/** Without `message-headers` the fields of the same names say it: Mailgun sends both. */
function messageHeaders(parts: readonly FormPart[], field: (name: string) => string | null): readonly Header[] {
  const given = parts.find(({ name }) => name === 'message-headers');
  const parsed = given === undefined ? null : readBoundedJson(given.bytes);
  const pairs = parsed?.ok ? listOf(parsed.value) : [];
  const headers: Header[] = [];
  for (const pair of pairs) {
    const [name, value] = listOf(pair);
    const header = typeof name === 'string' && typeof value === 'string' ? headerOf(name, value) : null;
    if (header !== null) headers.push(header);
  }
  for (const key of ['from', 'to', 'cc', 'subject', 'date', 'message-id', 'in-reply-to', 'references']) {
    const value = headers.some((header) => header.key === key) ? null : (field(key) ?? field(titleOf(key)));
    if (value !== null) headers.push({ key, value });
  }
  return headers;
}

/** `message-id` → `Message-Id` */
function titleOf(key: string): string {
  return key.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function filesOf(parts: readonly FormPart[]) {
  const files = parts.filter(({ name, filename }) => filename !== null || /^attachment-\d{1,4}$/.test(name));
  return files.map(({ filename, type, bytes }) => attachmentOf(filename, type, bytes));
}
