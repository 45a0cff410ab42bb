import {
  at,
  type KenalEvent,
  listOf,
  type Outcome,
  refused,
  type Source,
  textOf,
  type Vendor,
} from '@kenal/collector-kit';
import { type EngagementKind, engagementEvent } from '../mail/engagement.ts';

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const KINDS: Readonly<Record<string, EngagementKind>> = {
  processed: 'sent',
  delivered: 'delivered',
  deferred: 'deferred',
  bounce: 'bounced',
  dropped: 'dropped',
  open: 'opened',
  click: 'clicked',
  spamreport: 'spam',
  unsubscribe: 'unsubscribed',
  group_unsubscribe: 'unsubscribed',
  group_resubscribe: 'resubscribed',
};

/** A list of events, each of which stands alone. */
export const sendgridEvents: Vendor = {
  kind: 'sendgrid-events',
  split: (payload) => (Array.isArray(payload) ? payload : [payload]),
  map: (item, { source }) => eventOf(item, source),
};

function eventOf(item: unknown, source: Source): Outcome<readonly KenalEvent[]> {
  const name = textOf(item, 'event');
  if (name === null) return refused('event_missing_field', '$.event', 'SendGrid names each event');
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name]! : null;
  if (kind === null) return { ok: true, value: [] };
  const id = textOf(item, 'sg_event_id');
  if (id === null) return refused('event_missing_field', '$.sg_event_id', 'SendGrid numbers each event');
  const recipient = textOf(item, 'email');
  if (recipient === null) return refused('event_missing_field', '$.email', 'whom it is about');
  const seconds = at(item, 'timestamp');
  return {
    ok: true,
    value: [
      engagementEvent(source, {
        id: `sendgrid-${id}`,
        kind,
        recipient,
        at: typeof seconds === 'number' || typeof seconds === 'string' ? seconds : null,
        messageId: textOf(item, 'smtp-id'),
        subject: textOf(item, 'subject'),
        url: textOf(item, 'url'),
        userAgent: textOf(item, 'useragent'),
        ip: textOf(item, 'ip'),
        isMachine: at(item, 'sg_machine_open') === true,
        campaign: {
          id: textOf(item, 'singlesend_id') ?? textOf(item, 'marketing_campaign_id'),
          name: textOf(item, 'singlesend_name') ?? textOf(item, 'marketing_campaign_name'),
        },
        tags: tagsOf(at(item, 'category')),
        more: {
          bounce_type: textOf(item, 'type'),
          bounce_class: textOf(item, 'bounce_classification'),
          bounce_status: textOf(item, 'status'),
          bounce_reason: textOf(item, 'reason') ?? (kind === 'deferred' ? textOf(item, 'response') : null),
          list_id: textOf(item, 'asm_group_id'),
        },
      }),
    ],
  };
}

/** `"welcome"` or `["welcome","may"]` */
function tagsOf(category: unknown): readonly string[] {
  const all = typeof category === 'string' ? [category] : listOf(category);
  return all.filter((one): one is string => typeof one === 'string');
}
