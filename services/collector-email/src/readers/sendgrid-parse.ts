import { at, listOf, type Outcome, recordOf, textOf } from '@kenal/collector-kit/read';
import type { Envelope, Header, Mail } from '../mail/mail.ts';
import { readBoundedJson } from './bounded-json.ts';
import { headersOf } from './header-block.ts';
import { attachmentOf, mailOf, readMime } from './mime.ts';
import { type FormPart, readForm, textPart } from './multipart.ts';
import type { ReadMail } from './readers.ts';

/**
 * SendGrid Inbound Parse: the mail in pieces, or raw in `email` where "POST the raw, full MIME message" is on. Which
 * charset a text is in stands in `charsets`: `{"to":"UTF-8","text":"iso-8859-1"}`
 */
export async function readSendgridParse(body: Buffer, contentType: string): Promise<Outcome<ReadMail>> {
  const form = await readForm(body, contentType);
  if (!form.ok) return form;
  const parts = form.value;
  const { envelope, nullSender } = envelopeOf(parts);
  const raw = parts.find(({ name }) => name === 'email');
  if (raw !== undefined) {
    const mail = await readMime(raw.bytes, { nullSender });
    return mail.ok ? { ok: true, value: { mail: mail.value, envelope } } : mail;
  }
  const charsets = jsonPart(parts, 'charsets');
  const field = (name: string): string | null => textPart(parts, name, textOf(charsets, name) ?? 'utf-8');
  const headers = withFields(headersOf(field('headers') ?? ''), field);
  const mail: Mail = mailOf(
    headers,
    { text: field('text'), html: field('html'), files: filesOf(parts) },
    { nullSender },
  );
  return { ok: true, value: { mail, envelope } };
}

/** `{"to":["key@in.shop.example"],"from":"ann@x.example"}` */
function envelopeOf(parts: readonly FormPart[]): { readonly envelope: Envelope; readonly nullSender: boolean } {
  const envelope = jsonPart(parts, 'envelope');
  const recipients = listOf(envelope, 'to').filter((one): one is string => typeof one === 'string');
  return { envelope: { recipients }, nullSender: at(envelope, 'from') === '' };
}

/** The fields say the same as the headers, and are there where `headers` is not. */
function withFields(headers: readonly Header[], field: (name: string) => string | null): readonly Header[] {
  const added: Header[] = [];
  for (const key of ['from', 'to', 'cc', 'subject']) {
    const value = headers.some((header) => header.key === key) ? null : field(key);
    if (value !== null) added.push({ key, value });
  }
  return [...headers, ...added];
}

function filesOf(parts: readonly FormPart[]) {
  const files = parts.filter(({ name }) => /^attachment\d{1,4}$/.test(name));
  return files.map(({ filename, type, bytes }) => attachmentOf(filename, type, bytes));
}

function jsonPart(parts: readonly FormPart[], name: string): unknown {
  const part = parts.find((one) => one.name === name);
  const parsed = part === undefined ? null : readBoundedJson(part.bytes);
  return parsed?.ok ? recordOf(parsed.value) : {};
}
