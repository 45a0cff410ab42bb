import {
  at,
  type Headers,
  type KenalEvent,
  listOf,
  type Outcome,
  readJson,
  recordOf,
  refused,
  type Source,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { type EngagementKind, engagementEvent } from '../mail/engagement.ts';
import type { ReaderPool } from '../readers/pool.ts';
import { mapMail } from './mail-vendor.ts';

/** https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads */
const KINDS: Readonly<Record<string, EngagementKind>> = {
  accepted: 'sent',
  delivered: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
  complained: 'spam',
  unsubscribed: 'unsubscribed',
  rejected: 'dropped',
};
/** It takes mails of 25 MB; attachments come as they are. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Routes (a form) and events (JSON) at one address. */
export function mailgun(pool: ReaderPool): Vendor {
  return {
    kind: 'mailgun',
    maxBytes: MAX_BYTES,
    read: (body, headers, source) => (isForm(headers) ? pool.read('mailgun', body, headers, source) : readJson(body)),
    map: (item, delivery) => ('mail' in recordOf(item) ? mapMail(item, delivery) : eventOf(item, delivery.source)),
  };
}

function isForm(headers: Headers): boolean {
  return /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(headers['content-type'] ?? '');
}

function eventOf(item: unknown, source: Source): Outcome<readonly KenalEvent[]> {
  const data = at(item, 'event-data');
  const name = textOf(data, 'event');
  if (name === null) return refused('event_missing_field', "$['event-data'].event", 'Mailgun names each event');
  const kind = kindOf(name, textOf(data, 'severity'));
  if (kind === null) return { ok: true, value: [] };
  const id = textOf(data, 'id');
  if (id === null) return refused('event_missing_field', "$['event-data'].id", 'Mailgun numbers each event');
  const recipient = textOf(data, 'recipient');
  if (recipient === null) return refused('event_missing_field', "$['event-data'].recipient", 'whom it is about');
  const seconds = at(data, 'timestamp');
  return {
    ok: true,
    value: [
      engagementEvent(source, {
        id: `mailgun-${id}`,
        kind,
        recipient,
        at: typeof seconds === 'number' ? seconds : null,
        messageId: textOf(data, 'message', 'headers', 'message-id'),
        subject: textOf(data, 'message', 'headers', 'subject'),
        url: textOf(data, 'url'),
        userAgent: textOf(data, 'client-info', 'user-agent'),
        ip: textOf(data, 'ip'),
        isMachine: textOf(data, 'client-info', 'bot') !== null,
        campaign: { id: textOf(data, 'campaigns', 0, 'id'), name: textOf(data, 'campaigns', 0, 'name') },
        tags: listOf(data, 'tags').filter((one): one is string => typeof one === 'string'),
        more: {
          bounce_type: textOf(data, 'severity'),
          bounce_status: textOf(data, 'delivery-status', 'enhanced-code') ?? statusOf(kind, data),
          bounce_reason: reasonOf(kind, data),
        },
      }),
    ],
  };
}

function kindOf(name: string, severity: string | null): EngagementKind | null {
  if (name === 'failed') return severity === 'temporary' ? 'deferred' : 'bounced';
  return Object.hasOwn(KINDS, name) ? KINDS[name]! : null;
}

function statusOf(kind: EngagementKind, data: unknown): string | null {
  return kind === 'bounced' || kind === 'deferred' ? textOf(data, 'delivery-status', 'code') : null;
}

function reasonOf(kind: EngagementKind, data: unknown): string | null {
  if (kind === 'dropped') return textOf(data, 'reject', 'reason');
  if (kind !== 'bounced' && kind !== 'deferred') return null;
  return textOf(data, 'delivery-status', 'message') ?? textOf(data, 'delivery-status', 'description');
}
