import { type KenalEvent, listOf, type Outcome, recordOf, refused, type Source, textOf } from '@kenal/collector-kit';
import { type EngagementKind, engagementEvent } from '../mail/engagement.ts';
import { idOrHash } from '../mail/id.ts';

interface Facts {
  readonly kind: EngagementKind;
  /** Object of the message that tells of it. */
  readonly field: string;
  /** List of that object whose `emailAddress`, or which itself, names the recipients; null: all of the mail. */
  readonly recipients: string | null;
}

/** https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
const TYPES: Readonly<Record<string, Facts>> = {
  Send: { kind: 'sent', field: 'send', recipients: null },
  Delivery: { kind: 'delivered', field: 'delivery', recipients: 'recipients' },
  DeliveryDelay: { kind: 'deferred', field: 'deliveryDelay', recipients: 'delayedRecipients' },
  Bounce: { kind: 'bounced', field: 'bounce', recipients: 'bouncedRecipients' },
  Complaint: { kind: 'spam', field: 'complaint', recipients: 'complainedRecipients' },
  Reject: { kind: 'dropped', field: 'reject', recipients: null },
  'Rendering Failure': { kind: 'dropped', field: 'failure', recipients: null },
  Open: { kind: 'opened', field: 'open', recipients: null },
  Click: { kind: 'clicked', field: 'click', recipients: null },
  Subscription: { kind: 'unsubscribed', field: 'subscription', recipients: null },
};

/** Of a mail to several, SES does not say who opened it: then it is of nobody. */
const OF_ONE: ReadonlySet<EngagementKind> = new Set(['opened', 'clicked', 'unsubscribed']);
const MOST_RECIPIENTS = 100;

/** What SES tells of a mail of ours (event publishing, or feedback notifications) → an event of each recipient. */
export function sesEvents(message: unknown, source: Source): Outcome<readonly KenalEvent[]> {
  const type = textOf(message, 'eventType') ?? textOf(message, 'notificationType') ?? '';
  if (!Object.hasOwn(TYPES, type)) return { ok: true, value: [] };
  const { kind, field, recipients } = TYPES[type]!;
  const mailId = textOf(message, 'mail', 'messageId');
  if (mailId === null) return refused('event_missing_field', '$.mail.messageId', 'SES numbers each mail');
  const told = recordOf(message, field);
  const people = peopleOf(message, field, recipients);
  const known = OF_ONE.has(kind) && people.length > 1 ? [null] : people.map((one) => one.address);
  if (known.length === 0) return refused('event_missing_field', '$.mail.destination', 'whom it is about');
  const at = textOf(told, 'timestamp') ?? textOf(message, 'mail', 'timestamp');
  const shared = {
    kind,
    at,
    messageId: `${mailId}${domainOf(textOf(message, 'mail', 'sourceArn'))}`,
    subject: textOf(message, 'mail', 'commonHeaders', 'subject'),
    url: textOf(told, 'link'),
    userAgent: textOf(told, 'userAgent'),
    ip: textOf(told, 'ipAddress'),
    campaign: { id: textOf(message, 'mail', 'tags', 'campaign', 0), name: null },
    tags: listOf(message, 'mail', 'tags', 'ses:configuration-set').filter(
      (one): one is string => typeof one === 'string',
    ),
  };
  const id = (address: string | null): string =>
    `ses-${mailId}.${field}.${at ?? ''}${address === null ? '' : `#${address}`}`;
  const events = known.map((recipient, index) =>
    engagementEvent(source, {
      ...shared,
      id: idWith(id(recipient), kind === 'clicked' ? shared.url : null),
      recipient,
      more: detailsOf(told, people[index]?.entry),
    }),
  );
  return { ok: true, value: events };
}

/** SES writes a Message-ID of its own, `<id@eu-west-1.amazonses.com>`: what an answer refers to. */
function domainOf(sourceArn: string | null): string {
  const region = sourceArn?.split(':')[3] ?? '';
  return region === '' ? '' : `@${region === 'us-east-1' ? 'email' : region}.amazonses.com`;
}

/** Two links clicked in one second are two. */
function idWith(id: string, url: string | null): string {
  return idOrHash(url === null ? id : `${id}.${url}`);
}

interface Person {
  readonly address: string;
  readonly entry: unknown;
}

function peopleOf(message: unknown, field: string, recipients: string | null): readonly Person[] {
  const listed = recipients === null ? [] : listOf(message, field, recipients);
  const entries = listed.length > 0 ? listed : listOf(message, 'mail', 'destination');
  const people = new Map<string, Person>();
  for (const entry of entries.slice(0, MOST_RECIPIENTS)) {
    const address = textOf(entry, 'emailAddress') ?? textOf(entry);
    if (address !== null && !people.has(address.toLowerCase())) people.set(address.toLowerCase(), { address, entry });
  }
  return [...people.values()];
}

function detailsOf(told: unknown, entry: unknown): Record<string, string | null> {
  return {
    bounce_type: textOf(told, 'bounceType') ?? textOf(told, 'delayType'),
    bounce_class: textOf(told, 'bounceSubType'),
    bounce_status: textOf(entry, 'status'),
    bounce_reason: textOf(entry, 'diagnosticCode') ?? textOf(told, 'reason') ?? textOf(told, 'errorMessage'),
    complaint_type: textOf(told, 'complaintFeedbackType'),
  };
}
