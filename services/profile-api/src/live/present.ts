import { type FailedEvent, formatTime, jsonPart, type Resolved } from '@kenal/contracts';
import { z } from 'zod';
import type { InteractionView } from '../profiles/timeline-schemas.ts';

/** A resolved interaction of the log as the API writes it. */
export function presentResolved({ interaction: event, identifiers, owner, profileId }: Resolved): InteractionView {
  return {
    id: event.id,
    source: event.source,
    channel: event.channel,
    direction: event.direction,
    type: event.type,
    name: event.name,
    occurredAt: formatTime(event.occurredAt),
    receivedAt: formatTime(event.receivedAt),
    profileId: profileId === '' ? null : profileId,
    owner: owner === '' ? null : owner,
    identifiers: [...identifiers],
    actor: event.actor,
    accountId: event.accountId,
    conversationId: event.conversationId,
    caseId: event.caseId,
    sessionId: event.sessionId,
    campaignId: event.campaign?.id ?? null,
    orderId: null,
    amount: event.amount,
    currency: event.currency,
    traits: jsonPart(event.traits),
    properties: jsonPart(event.properties),
    context: jsonPart(event.context),
  };
}

export const failedView = z
  .object({
    failureId: z.string(),
    source: z.string(),
    messageId: z.string().nullable(),
    receivedAt: z.string(),
    failedAt: z.string(),
    stage: z.string(),
    code: z.string(),
    path: z.string(),
    reason: z.string(),
    contentType: z
      .string()
      .describe('of the original; `application/vnd.kenal.cut`: body is its beginning, `…blob`: body names its file'),
    body: z.string().describe('the original, as text, at most 16 KB of it; whole in the view failed_events'),
  })
  .meta({ id: 'FailedEvent' });

const MAX_BODY_BYTES = 16 * 1024;

export function presentFailed(event: FailedEvent): z.infer<typeof failedView> {
  return {
    failureId: event.failureId,
    source: event.source,
    messageId: event.messageId === '' ? null : event.messageId,
    receivedAt: formatTime(event.receivedAt),
    failedAt: formatTime(event.failedAt),
    stage: event.stage,
    code: event.code,
    path: event.path,
    reason: event.reason,
    contentType: event.contentType,
    body: Buffer.from(event.body.subarray(0, MAX_BODY_BYTES)).toString('utf8'),
  };
}
