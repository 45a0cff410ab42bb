import { idsOf } from './head.ts';
import type { MailReport, ReportedRecipient } from './mail.ts';

const MOST_RECIPIENTS = 100;
const LONGEST_PART = 64 * 1024;
const LONGEST_DIAGNOSTIC = 500;

const ACTIONS: Readonly<Record<string, ReportedRecipient['action']>> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'delivered',
};

/** The parts of a report, as text. */
export interface ReportParts {
  /** `message/delivery-status` */
  readonly status: string | null;
  /** `message/feedback-report` */
  readonly feedback: string | null;
  /** `message/rfc822` or `text/rfc822-headers`: the mail that it is about. */
  readonly original: string | null;
}

/** @returns null where the parts report nothing of anybody */
export function reportOf({ status, feedback, original }: ReportParts): MailReport | null {
  const recipients = status !== null ? statusRecipients(status) : feedback !== null ? complainants(feedback) : [];
  if (recipients.length === 0) return null;
  const head = fieldsOf(firstBlock(original ?? ''));
  return {
    recipients,
    original: {
      messageId: idsOf(head.get('message-id') ?? null)[0] ?? null,
      references: idsOf(head.get('references') ?? null),
    },
  };
}

/** Blocks of fields: one on the mail, then one a recipient. `Final-Recipient: rfc822; ann@x.example`, `Action: failed` */
function statusRecipients(status: string): readonly ReportedRecipient[] {
  const found: ReportedRecipient[] = [];
  for (const block of status
    .slice(0, LONGEST_PART)
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)) {
    const fields = fieldsOf(block);
    const address = addressOf(fields.get('final-recipient')) ?? addressOf(fields.get('original-recipient'));
    const action = ACTIONS[(fields.get('action') ?? '').split(/[\s(;]/)[0]!.toLowerCase()];
    if (address === null || action === undefined || found.length >= MOST_RECIPIENTS) continue;
    found.push({
      address,
      action,
      status: /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null,
      diagnostic: fields.get('diagnostic-code')?.slice(0, LONGEST_DIAGNOSTIC).toWellFormed() ?? null,
    });
  }
  return found;
}

/** `Feedback-Type: abuse`, `Original-Rcpt-To: <ann@x.example>` */
function complainants(feedback: string): readonly ReportedRecipient[] {
  const fields = fieldsOf(feedback.slice(0, LONGEST_PART).replace(/\r\n?/g, '\n'));
  const address = addressOf(fields.get('original-rcpt-to'));
  if (address === null || !/^(?:abuse|fraud)\b/i.test(fields.get('feedback-type') ?? '')) return [];
  return [{ address, action: 'complaint', status: null, diagnostic: null }];
}

/** `rfc822; <ann@x.example>` → `ann@x.example` */
function addressOf(value: string | undefined): string | null {
  const address = value?.slice(value.indexOf(';') + 1).replace(/[<>\s]/g, '') ?? '';
  return address.length <= 320 && /^[^@]+@[^@]+$/.test(address) ? address : null;
}

function firstBlock(text: string): string {
  const plain = text.slice(0, LONGEST_PART).replace(/\r\n?/g, '\n');
  const end = plain.indexOf('\n\n');
  return end === -1 ? plain : plain.slice(0, end);
}

/** Fields by their names in lower case; of a repeated one the first counts; folded lines are joined. */
function fieldsOf(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
