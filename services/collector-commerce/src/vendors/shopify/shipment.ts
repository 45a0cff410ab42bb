import { at, listOf, textOf } from '@kenal/collector-kit';
import { required } from '../../events/required.ts';
import { subjectOf } from '../../events/subject.ts';
import { track } from '../../events/track.ts';
import type { TopicMapping } from './frame.ts';
import { productOf } from './order.ts';

/** `shipment_status` of a fulfillment → the event; the same names as those of AfterShip. */
const BY_STATUS: Readonly<Record<string, string>> = {
  in_transit: 'Shipment In Transit',
  out_for_delivery: 'Shipment Out for Delivery',
  attempted_delivery: 'Shipment Delivery Failed',
  ready_for_pickup: 'Shipment Ready for Pickup',
  delivered: 'Shipment Delivered',
  failure: 'Shipment Exception',
};

/** fulfillments/create, fulfillments/update: parcels of an order. */
export function shipment(usual: string): TopicMapping {
  return ({ payload, messageId, triggeredAt, source }) => {
    const order = required(payload, 'order_id');
    if (!order.ok) return order;
    const status = textOf(payload, 'shipment_status') ?? '';
    const cancelled = textOf(payload, 'status') === 'cancelled';
    const event = cancelled ? 'Shipment Cancelled' : Object.hasOwn(BY_STATUS, status) ? BY_STATUS[status]! : usual;
    const time = usual === 'Shipment Created' ? 'created_at' : 'updated_at';
    const made = track({
      messageId,
      event,
      timestamp: textOf(payload, time) ?? triggeredAt,
      subject: subjectOf(source, { email: textOf(payload, 'email') }, null),
      direction: 'outbound',
      properties: {
        order_id: order.value,
        shipment_id: textOf(payload, 'id'),
        tracking_number: textOf(payload, 'tracking_number'),
        tracking_url: textOf(payload, 'tracking_url'),
        carrier: textOf(payload, 'tracking_company'),
        status: status === '' ? textOf(payload, 'status') : status,
        products: listOf(payload, 'line_items').map((line) => productOf(line, at(line, 'quantity'))),
      },
    });
    return { ok: true, value: [made] };
  };
}
