import {
  at,
  decimalOf,
  type JsonRecord,
  type KenalEvent,
  known,
  listOf,
  type Mapped,
  textOf,
} from '@kenal/collector-kit';
import { unsigned } from '../../events/amounts.ts';
import { digest } from '../../events/digest.ts';
import { unreadable } from '../../events/readable.ts';
import { type Subject, subjectOf } from '../../events/subject.ts';
import { track } from '../../events/track.ts';
import { billingOf, type Frame, utc } from './frame.ts';

/** Statuses of an order that nobody has paid for yet: no sale. on-hold waits for a transfer or cheque. */
const UNPAID: ReadonlySet<string> = new Set(['pending', 'checkout-draft']);
const CANCELLED: ReadonlySet<string> = new Set(['cancelled', 'trash']);

/** What is read of an order as money. */
const AMOUNTS = ['total', 'shipping_total', 'total_tax', 'discount_total', 'line_items[*].price', 'refunds[*].total'];

/** order.created, order.updated, order.restored: the order as it stands, and its refunds. */
export function order(payload: unknown, frame: Frame): Mapped {
  const { id, topic } = frame;
  const fault = unreadable(payload, AMOUNTS);
  if (fault !== null) return { ok: false, fault };
  const status = textOf(payload, 'status') ?? '';
  const created = topic === 'order.created';
  const changedAt =
    utc(payload, created ? 'date_created_gmt' : 'date_modified_gmt') ?? utc(payload, 'date_created_gmt');
  const event = eventFor(status, created);
  const isSnapshot = event === 'Order Completed' || event === 'Order Updated';
  const till = textOf(payload, 'created_via') === 'pos-rest-api';
  const made = track({
    messageId: `${topic}.${id}.${digest(payload)}`,
    event,
    timestamp: changedAt,
    subject: buyerOf(payload, frame),
    ...(till ? { channel: 'store' } : {}),
    ...(event === 'Order Cancelled' ? { direction: 'outbound' } : {}),
    properties: { ...idsOf(payload, id), status, ...(isSnapshot ? basketOf(payload) : {}) },
  });
  return { ok: true, value: [made, ...refundsOf(payload, frame)] };
}

function eventFor(status: string, created: boolean): string {
  if (CANCELLED.has(status)) return 'Order Cancelled';
  if (status === 'failed') return 'Payment Failed';
  if (UNPAID.has(status)) return created ? 'Checkout Started' : 'Checkout Updated';
  return created ? 'Order Completed' : 'Order Updated';
}

/**
 * Refunds come with every later word on their order, and without a date: each has an id of its own, and the order's date,
 * so that all copies are alike. When we heard of it first is its `received_at`.
 */
function refundsOf(payload: unknown, frame: Frame): KenalEvent[] {
  return listOf(payload, 'refunds').flatMap((refund) => {
    const id = textOf(refund, 'id');
    const total = unsigned(at(refund, 'total'));
    if (id === null || total === null) return [];
    const made = track({
      messageId: `refund.${id}`,
      event: 'Order Refunded',
      timestamp: utc(payload, 'date_created_gmt'),
      subject: buyerOf(payload, frame),
      direction: 'outbound',
      properties: {
        ...idsOf(payload, frame.id),
        refund_id: id,
        total,
        currency: textOf(payload, 'currency'),
        reason: textOf(refund, 'reason'),
      },
    });
    return [made];
  });
}

/** Whoever pays; a guest has no customer. */
function buyerOf(payload: unknown, { delivery, shop }: Frame): Subject {
  const customerId = textOf(payload, 'customer_id');
  const id = customerId === null || customerId === '0' ? null : customerId;
  const reference = id === null ? null : { type: 'woocommerce_id', value: `${shop}/${id}` };
  return subjectOf(delivery.source, billingOf(payload), reference);
}

function idsOf(payload: unknown, id: string): JsonRecord {
  return { order_id: id, order_number: textOf(payload, 'number') };
}

/** `total` is what was paid, before refunds. A line's price is what WooCommerce rounds it to, after discounts. */
function basketOf(payload: unknown): JsonRecord {
  return {
    total: decimalOf(at(payload, 'total')),
    shipping: decimalOf(at(payload, 'shipping_total')),
    tax: decimalOf(at(payload, 'total_tax')),
    discount: decimalOf(at(payload, 'discount_total')),
    currency: textOf(payload, 'currency'),
    coupon: textOf(payload, 'coupon_lines', 0, 'code'),
    payment_method: textOf(payload, 'payment_method'),
    products: listOf(payload, 'line_items').map((line) =>
      known({
        product_id: textOf(line, 'product_id'),
        sku: textOf(line, 'sku'),
        name: textOf(line, 'name'),
        quantity: at(line, 'quantity'),
        price: decimalOf(at(line, 'price')),
      }),
    ),
  };
}
