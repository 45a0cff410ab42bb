import { createHash } from 'node:crypto';
import { type Outcome, refused } from '@kenal/collector-kit/read';
import PostalMime, { type Attachment } from 'postal-mime';
import { type HeadFacts, headOf } from '../mail/head.ts';
import { htmlText } from '../mail/html-text.ts';
import type { Header, Mail, MailAttachment } from '../mail/mail.ts';
import { splitReply, textSource } from '../mail/reply.ts';
import { type ReportParts, reportOf } from '../mail/report.ts';
import { countOf } from './count-of.ts';

/** What a mail may have (reliability.md, "Edge limits"). */
const HEADER_BYTES = 64 * 1024;
const PARTS = 1_000;
/** Each takes a hundred bytes of memory while it is parsed; 10 MB of base64 have 138,000. */
const LINES = 500_000;
const LIMITS = { maxHeadersSize: 1024 * 1024, maxNestingDepth: 32, maxRfc822NestingDepth: 4 };
const MOST_ATTACHMENTS = 100;

/**
 * A mail as it came over the wire → what is kept of it. Runs in the worker: what crafted mail costs is cut off there.
 * @returns fault `bad_body` where it is over a limit or is no mail
 */
export async function readMime(bytes: Uint8Array, facts: HeadFacts = {}): Promise<Outcome<Mail>> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fault = limitFault(buffer);
  if (fault !== null) return refused('bad_body', '$', fault);
  let parsed: Awaited<ReturnType<typeof PostalMime.parse>>;
  try {
    parsed = await PostalMime.parse(buffer, { ...LIMITS, forceRfc822Attachments: false });
  } catch (error) {
    return refused('bad_body', '$', error instanceof Error ? error.message.slice(0, 200) : 'not a mail');
  }
  if (parsed.headers.length === 0) return refused('bad_body', '$', 'no header');
  const files = parsed.attachments.map((one) => ({ ...one, bytes: bytesOf(one.content) }));
  const { text = null, html = null } = parsed;
  return {
    ok: true,
    value: mailOf(parsed.headers, { text, html, files: files.map(fileOf), report: reportPartsOf(files) }, facts),
  };
}

/** What stands below the headers, from whatever it was read. */
export interface MailParts {
  readonly text: string | null;
  readonly html: string | null;
  readonly files: readonly MailAttachment[];
  readonly report?: ReportParts;
}

export function mailOf(headers: readonly Header[], parts: MailParts, facts: HeadFacts = {}): Mail {
  const source = textSource(parts.text, parts.html, htmlText);
  return {
    ...headOf(headers, facts),
    body: source === null ? null : splitReply(source),
    attachments: parts.files.slice(0, MOST_ATTACHMENTS),
    attachmentCount: parts.files.length,
    report: parts.report === undefined ? null : reportOf(parts.report),
  };
}

/** @param bytes decoded */
export function attachmentOf(name: string | null, type: string, bytes: Uint8Array): MailAttachment {
  return {
    name: name?.slice(0, 255).toWellFormed() || null,
    type: type.slice(0, 127),
    size: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

type File = Attachment & { readonly bytes: Uint8Array };

function fileOf({ filename, mimeType, bytes }: File): MailAttachment {
  return attachmentOf(filename, mimeType, bytes);
}

function bytesOf(content: Attachment['content']): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

function reportPartsOf(files: readonly File[]): ReportParts {
  const partOf = (...types: readonly string[]): string | null => {
    const part = files.find(({ mimeType }) => types.includes(mimeType));
    return part === undefined ? null : Buffer.from(part.bytes.subarray(0, HEADER_BYTES)).toString('utf8');
  };
  return {
    status: partOf('message/delivery-status', 'message/global-delivery-status'),
    feedback: partOf('message/feedback-report'),
    original: partOf('message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'),
  };
}

const BOUNDARY = /boundary\s{0,8}=\s{0,8}(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi;

/** What is over a limit, found before anything is parsed; null where nothing is. Linear. */
function limitFault(mail: Buffer): string | null {
  const end = headEnd(mail);
  if (end > HEADER_BYTES) return `more than ${HEADER_BYTES} bytes of headers`;
  if (countOf(mail, '\n', LINES) > LINES) return `more than ${LINES} lines`;
  const text = mail.toString('latin1');
  const boundaries = new Set<string>();
  for (const match of text.matchAll(BOUNDARY)) boundaries.add((match[1] ?? match[2] ?? '').trimEnd());
  if (boundaries.size > PARTS) return `more than ${PARTS} parts`;
  let parts = 0;
  for (let at = text.indexOf('\n--'); at !== -1; at = text.indexOf('\n--', at + 3)) {
    const stop = text.indexOf('\n', at + 1);
    const line = text.slice(at + 3, Math.min(stop === -1 ? text.length : stop, at + 260)).trimEnd();
    if (boundaries.has(line) && ++parts > PARTS) return `more than ${PARTS} parts`;
  }
  return null;
}

/** Bytes up to the first empty line. */
function headEnd(mail: Buffer): number {
  const ends = [mail.indexOf('\r\n\r\n'), mail.indexOf('\n\n')].filter((at) => at !== -1);
  return ends.length === 0 ? mail.length : Math.min(...ends);
}
