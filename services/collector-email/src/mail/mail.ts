/** A name and an address of a header, both as sent. */
export interface Mailbox {
  /** '' where there is none. */
  readonly name: string;
  readonly address: string;
}

/** A header as postal-mime and vendors give it: the name in lower case, the value unfolded. */
export interface Header {
  readonly key: string;
  readonly value: string;
}

/** What is kept of an attachment: never its content. */
export interface MailAttachment {
  readonly name: string | null;
  readonly type: string;
  /** Bytes, decoded. */
  readonly size: number;
  /** Of the decoded bytes, 64 hex digits. */
  readonly sha256: string;
}

/** What somebody wrote, apart from what they quote. */
export interface MailText {
  /** '' where all of it is quoted. */
  readonly text: string;
  readonly quoted: string | null;
  readonly signature: string | null;
  /** The mail had more. */
  readonly truncated: boolean;
}

/** Signs of a mail that no person wrote. */
export const AUTOMATIC_REASONS = [
  'auto_submitted',
  'precedence',
  'auto_response_suppress',
  'auto_reply',
  'mailer_daemon',
  'null_sender',
  'list_unsubscribe',
] as const;
export type AutomaticReason = (typeof AUTOMATIC_REASONS)[number];

/** A mailing list that people write to. */
export interface MailingList {
  /** `dev.lists.example` */
  readonly id: string;
  /** Where one writes to it; null where it does not say. */
  readonly post: string | null;
}

/** What the headers say. */
export interface MailHead {
  /** Ids without their brackets; null where there is none. */
  readonly messageId: string | null;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly from: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** Author of a list mail whose From the list has put itself into. */
  readonly originalFrom: Mailbox | null;
  readonly subject: string | null;
  /** ISO 8601; null where there is none, or it is no time. */
  readonly date: string | null;
  readonly automatic: AutomaticReason | null;
  readonly list: MailingList | null;
}

/** What became of mail of ours, as another mail server reports it (RFC 3464), or that somebody called it spam (RFC 5965). */
export interface MailReport {
  readonly recipients: readonly ReportedRecipient[];
  /** Of the mail that it is about. */
  readonly original: { readonly messageId: string | null; readonly references: readonly string[] };
}

export interface ReportedRecipient {
  readonly address: string;
  readonly action: 'failed' | 'delayed' | 'delivered' | 'complaint';
  /** `5.1.1` */
  readonly status: string | null;
  readonly diagnostic: string | null;
}

/** A mail as every way in gives it: SMTP, and the webhooks of all vendors. Plain data, a few kilobytes. */
export interface Mail extends MailHead {
  /** null where it has none. */
  readonly body: MailText | null;
  /** The first 100. */
  readonly attachments: readonly MailAttachment[];
  readonly attachmentCount: number;
  readonly report: MailReport | null;
}

/** How a mail came: who sent it and whom it reached, beyond what it says itself. */
export interface Envelope {
  /** Addresses of ours that took it: `key@in.shop.example` */
  readonly recipients: readonly string[];
}
