import { type KenalEvent, known } from '@kenal/collector-kit';
import type { Arrival } from './arrival.ts';
import type { Mail, MailReport, ReportedRecipient } from './mail.ts';
import { ownAddresses } from './own.ts';
import { conversationOf, interactionIdOf, mailIdOf } from './thread.ts';
import { isTimely } from './timely.ts';

const NAMES: Readonly<Record<ReportedRecipient['action'], string>> = {
  failed: 'Email Bounced',
  delayed: 'Email Deferred',
  delivered: 'Email Delivered',
  complaint: 'Email Marked as Spam',
};

/**
 * A report of another mail server → an interaction of each recipient of ours that it is about. It says certainly whom it
 * is about, and nothing else of them: no traits.
 */
export function reportEvents(
  mail: Mail,
  { recipients, original }: MailReport,
  arrival: Arrival,
): readonly KenalEvent[] {
  const id = mailIdOf(mail);
  const isOwn = ownAddresses(arrival.source, arrival.envelope);
  const conversationId = conversationOf(original) ?? conversationOf(mail) ?? id;
  return recipients.map(({ address, action, status, diagnostic }) => ({
    messageId: interactionIdOf(`${id}#${action}`, address),
    type: 'track',
    event: NAMES[action],
    ...(isTimely(mail.date, arrival.receivedAt) ? { timestamp: mail.date } : {}),
    properties: known({
      email_id: original.messageId,
      email_subject: mail.subject,
      bounce_status: status,
      bounce_reason: diagnostic,
      automatic: true,
    }),
    context: {
      kenal: {
        direction: isOwn(address) ? 'internal' : action === 'complaint' ? 'inbound' : 'outbound',
        identifiers: isOwn(address) ? [] : [{ type: 'email', value: address }],
        actor: { kind: 'system', id: mail.from[0]?.address ?? 'mailer-daemon' },
        conversationId,
      },
    },
  }));
}
