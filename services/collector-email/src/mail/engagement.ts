import { type KenalEvent, known, type Source } from '@kenal/collector-kit';
import { isMachineOpen } from './machine-open.ts';

/** What mail providers tell of a mail of ours, by the names of Segment's specification and three it has none for. */
export const ENGAGEMENTS = {
  sent: 'Email Sent',
  delivered: 'Email Delivered',
  deferred: 'Email Deferred',
  bounced: 'Email Bounced',
  dropped: 'Email Dropped',
  opened: 'Email Opened',
  clicked: 'Email Link Clicked',
  spam: 'Email Marked as Spam',
  unsubscribed: 'Unsubscribed',
  resubscribed: 'Resubscribed',
} as const;
export type EngagementKind = keyof typeof ENGAGEMENTS;

/** The person acted; of all others our side did. */
const BY_THE_PERSON: ReadonlySet<EngagementKind> = new Set([
  'opened',
  'clicked',
  'spam',
  'unsubscribed',
  'resubscribed',
]);

export interface Engagement {
  /** Of the vendor, equal in every retry. */
  readonly id: string;
  readonly kind: EngagementKind;
  /** null: it is not certain whose. */
  readonly recipient: string | null;
  /** ISO 8601, or seconds since 1970, as the vendor says. */
  readonly at: string | number | null;
  /** Message-ID of the mail, in brackets or not. */
  readonly messageId: string | null;
  readonly subject: string | null;
  readonly url?: string | null;
  readonly userAgent?: string | null;
  readonly ip?: string | null;
  /** The vendor says so itself. */
  readonly isMachine?: boolean;
  readonly campaign?: { readonly id: string | null; readonly name: string | null };
  readonly tags?: readonly string[];
  /** bounce_type, bounce_reason, … */
  readonly more?: Readonly<Record<string, string | null>>;
}

/**
 * One event of a provider → one interaction of the recipient; of our own people it is of nobody. It tells of an address
 * and no more of its holder: no traits.
 */
export function engagementEvent(source: Source, told: Engagement): KenalEvent {
  const { id, kind, recipient, at, url = null, userAgent = null, ip = null, campaign, tags = [] } = told;
  const messageId = told.messageId?.replace(/[<>\s]/g, '') || null;
  const isOwn = recipient !== null && source.own.hasEmail(recipient);
  const isMachine = told.isMachine === true || isMachineOpen(userAgent, ip);
  const isCampaign = campaign !== undefined && (campaign.id ?? campaign.name) !== null;
  return {
    messageId: id,
    type: 'track',
    event: ENGAGEMENTS[kind],
    ...(at === null ? {} : { timestamp: at }),
    properties: known({
      email_id: messageId,
      email_subject: told.subject,
      link_url: url,
      campaign_id: campaign?.id,
      campaign_name: campaign?.name,
      tags: tags.length === 0 ? null : tags.slice(0, 50),
      machine_open: kind === 'opened' && isMachine ? true : null,
      machine_click: kind === 'clicked' && isMachine ? true : null,
      ...told.more,
    }),
    context: {
      ...known({ userAgent, ip }),
      ...(isCampaign ? { campaign: { ...campaign, medium: 'email' } } : {}),
      kenal: {
        direction: isOwn ? 'internal' : BY_THE_PERSON.has(kind) ? 'inbound' : 'outbound',
        identifiers: recipient === null || isOwn ? [] : [{ type: 'email', value: recipient }],
        ...(messageId === null ? {} : { conversationId: messageId }),
      },
    },
  };
}
