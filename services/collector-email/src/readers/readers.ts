import type { Outcome } from '@kenal/collector-kit/read';
import type { Envelope, Mail } from '../mail/mail.ts';
import { readMailgun } from './mailgun.ts';
import { readMime } from './mime.ts';
import { readPostmark } from './postmark.ts';
import { readSendgridParse } from './sendgrid-parse.ts';

/** A mail and how it came. */
export interface ReadMail {
  readonly mail: Mail;
  readonly envelope: Envelope;
}

type Reader = (body: Buffer, contentType: string) => Promise<Outcome<unknown>>;

/** What the worker can read, by name: whatever holds a mail, or attachments. */
export const READERS = {
  mime: (body) => readMime(body),
  'mime-null-sender': (body) => readMime(body, { nullSender: true }),
  'sendgrid-parse': readSendgridParse,
  mailgun: readMailgun,
  postmark: readPostmark,
} as const satisfies Readonly<Record<string, Reader>>;

export type ReaderName = keyof typeof READERS;
/** What a reader gives. */
export type ReadBy<Name extends ReaderName> = Awaited<ReturnType<(typeof READERS)[Name]>>;
