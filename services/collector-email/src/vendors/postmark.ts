import {
  at,
  type KenalEvent,
  type Outcome,
  recordOf,
  refused,
  type Source,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { type EngagementKind, engagementEvent } from '../mail/engagement.ts';
import { idOrHash } from '../mail/id.ts';
import type { ReaderPool } from '../readers/pool.ts';
import { mapMail } from './mail-vendor.ts';

const MAX_BYTES = 36 * 1024 * 1024;

/** Bounce types that are answers of machines, or facts of a mailbox, and no bounce. */
const NO_BOUNCE: ReadonlySet<string> = new Set([
  'AutoResponder',
  'AddressChange',
  'OpenRelayTest',
  'ChallengeVerification',
  'Subscribe',
]);

/** Which field says when, and which says whose, by record type (https://postmarkapp.com/developer/webhooks/webhooks-overview). */
const RECORDS: Readonly<Record<string, { readonly time: string; readonly email: string }>> = {
  Delivery: { time: 'DeliveredAt', email: 'Recipient' },
  Bounce: { time: 'BouncedAt', email: 'Email' },
  SpamComplaint: { time: 'BouncedAt', email: 'Email' },
  Open: { time: 'ReceivedAt', email: 'Recipient' },
  Click: { time: 'ReceivedAt', email: 'Recipient' },
  SubscriptionChange: { time: 'ChangedAt', email: 'Recipient' },
};

/** Inbound mail and events at one address. */
export function postmark(pool: ReaderPool): Vendor {
  return {
    kind: 'postmark',
    maxBytes: MAX_BYTES,
    read: (body, headers, source) => pool.read('postmark', body, headers, source),
    map: (item, delivery) =>
      'mail' in recordOf(item) ? mapMail(item, delivery) : eventOf(at(item, 'record'), delivery.source),
  };
}

function eventOf(record: unknown, source: Source): Outcome<readonly KenalEvent[]> {
  const type = textOf(record, 'RecordType');
  if (type === null) return refused('event_missing_field', '$.RecordType', 'Postmark names each event');
  const kind = kindOf(type, record);
  if (kind === null || !Object.hasOwn(RECORDS, type)) return { ok: true, value: [] };
  const { time, email } = RECORDS[type]!;
  const mailId = textOf(record, 'MessageID');
  const when = textOf(record, time);
  const recipient = textOf(record, email);
  for (const [name, value] of [
    ['MessageID', mailId],
    [time, when],
    [email, recipient],
  ] as const)
    if (value === null) return refused('event_missing_field', `$.${name}`, `a ${type} has one`);
  // Postmark numbers bounces only; of one mail, one recipient and one instant there is one event of a kind
  const number = textOf(record, 'ID') ?? [mailId, recipient, when, textOf(record, 'OriginalLink') ?? ''].join('|');
  return {
    ok: true,
    value: [
      engagementEvent(source, {
        id: idOrHash(`postmark-${type.toLowerCase()}-${number}`),
        kind,
        recipient,
        at: when,
        // The Message-ID that Postmark writes: what an answer refers to
        messageId: `${mailId}@mtasv.net`,
        subject: textOf(record, 'Subject'),
        url: textOf(record, 'OriginalLink'),
        userAgent: textOf(record, 'UserAgent'),
        ip: textOf(record, 'Geo', 'IP'),
        tags: [textOf(record, 'Tag')].filter((tag) => tag !== null),
        more: {
          bounce_type: kind === 'bounced' ? textOf(record, 'Type') : null,
          bounce_reason: kind === 'bounced' ? (textOf(record, 'Details') ?? textOf(record, 'Description')) : null,
          unsubscribe_reason: textOf(record, 'SuppressionReason'),
        },
      }),
    ],
  };
}

function kindOf(type: string, record: unknown): EngagementKind | null {
  switch (type) {
    case 'Delivery':
      return 'delivered';
    case 'Bounce': {
      const how = textOf(record, 'Type') ?? '';
      if (how === 'Unsubscribe') return 'unsubscribed';
      return NO_BOUNCE.has(how) ? null : how === 'Transient' ? 'deferred' : 'bounced';
    }
    case 'SpamComplaint':
      return 'spam';
    case 'Open':
      return 'opened';
    case 'Click':
      return 'clicked';
    case 'SubscriptionChange':
      // Suppressed after a bounce or a complaint: that came as an event of its own
      if (at(record, 'SuppressSending') === false) return 'resubscribed';
      return textOf(record, 'SuppressionReason') === 'ManualSuppression' ? 'unsubscribed' : null;
    default:
      return null;
  }
}
