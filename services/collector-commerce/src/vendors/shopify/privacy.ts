import { listOf, recordOf, textOf } from '@kenal/collector-kit';
import { NOBODY } from '../../events/subject.ts';
import { track } from '../../events/track.ts';
import { customerOf } from './customer.ts';
import type { TopicMapping } from './frame.ts';

export const PRIVACY_REQUESTED = 'Privacy Requested';

/**
 * The topics that the law wants answered: kept as an interaction of the person, and a task for one of ours. Shopify grants
 * 30 days (shopify.dev/docs/apps/build/compliance/privacy-law-compliance).
 */
export function privacy(kind: 'data_request' | 'redact' | 'shop_redact'): TopicMapping {
  return (frame) => {
    const { payload, messageId, shop, triggeredAt } = frame;
    // A whole shop is nobody
    const subject = kind === 'shop_redact' ? NOBODY : customerOf(frame, recordOf(payload, 'customer'));
    const orders = [...listOf(payload, 'orders_requested'), ...listOf(payload, 'orders_to_redact')];
    const made = track({
      messageId,
      event: PRIVACY_REQUESTED,
      timestamp: triggeredAt,
      subject,
      ...(kind === 'shop_redact' ? { direction: 'internal' as const } : {}),
      properties: {
        kind,
        shop,
        request_id: textOf(payload, 'data_request', 'id'),
        ...(orders.length === 0 ? {} : { orders: orders.map((order) => textOf(order)) }),
      },
    });
    return { ok: true, value: [made] };
  };
}
