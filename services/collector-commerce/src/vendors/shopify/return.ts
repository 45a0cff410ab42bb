import { at, type JsonRecord, known, listOf, required, textOf } from '@kenal/collector-kit';
import { NOBODY } from '../../events/subject.ts';
import { track } from '../../events/track.ts';
import type { TopicMapping } from './frame.ts';

/** returns/*: what somebody wants to send back, and what became of it. The money is refunds/create's. */
export function returned(event: string): TopicMapping {
  return ({ payload, messageId, triggeredAt }) => {
    const order = required(payload, 'order', 'id');
    if (!order.ok) return order;
    const made = track({
      messageId,
      event,
      timestamp: textOf(payload, 'updated_at') ?? textOf(payload, 'created_at') ?? triggeredAt,
      subject: NOBODY,
      direction: event === 'Return Requested' ? 'inbound' : 'outbound',
      properties: {
        order_id: order.value,
        return_id: textOf(payload, 'id'),
        return_number: textOf(payload, 'name'),
        status: textOf(payload, 'status'),
        reason: textOf(payload, 'decline', 'reason'),
        products: listOf(payload, 'return_line_items').map(lineOf),
      },
    });
    return { ok: true, value: [made] };
  };
}

function lineOf(line: unknown): JsonRecord {
  const sold = at(line, 'fulfillment_line_item', 'line_item');
  return known({
    product_id: textOf(sold, 'product_id'),
    sku: textOf(sold, 'sku'),
    name: textOf(sold, 'title') ?? textOf(sold, 'name'),
    quantity: at(line, 'quantity'),
    reason: textOf(line, 'return_reason'),
    note: textOf(line, 'customer_note'),
  });
}
