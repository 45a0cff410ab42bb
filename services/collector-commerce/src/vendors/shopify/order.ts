import { at, decimalOf, type JsonRecord, known, listOf, required, textOf } from '@kenal/collector-kit';
import { unreadable } from '../../events/readable.ts';
import { track } from '../../events/track.ts';
import { buyerOf } from './customer.ts';
import type { ShopifyFrame, TopicMapping } from './frame.ts';

/** orders/create: when it was placed, which for orders that were brought from elsewhere is `processed_at`. */
export const orderCompleted: TopicMapping = (frame) =>
  snapshot(frame, 'Order Completed', textOf(frame.payload, 'processed_at') ?? textOf(frame.payload, 'created_at'));

/**
 * orders/updated. Of a cancelled order it is the cancellation once more: as a snapshot of its own it would be newer, and
 * the order be completed again.
 */
export const orderUpdated: TopicMapping = (frame) =>
  textOf(frame.payload, 'cancelled_at') === null
    ? snapshot(frame, 'Order Updated', textOf(frame.payload, 'updated_at'))
    : orderCancelled(frame);

/** orders/paid. */
export const orderPaid: TopicMapping = (frame) => snapshot(frame, 'Order Paid', textOf(frame.payload, 'updated_at'));

/** orders/fulfilled, orders/partially_fulfilled: no money moves. */
export function orderFulfilled(event: string): TopicMapping {
  return (frame) => {
    const id = required(frame.payload, 'id');
    if (!id.ok) return id;
    const { messageId, payload, triggeredAt } = frame;
    const event_ = {
      messageId,
      event,
      timestamp: textOf(payload, 'updated_at') ?? triggeredAt,
      subject: buyerOf(frame, payload),
      direction: 'outbound' as const,
      properties: { order_id: id.value, order_number: textOf(payload, 'name'), test: testOf(payload) },
    };
    return { ok: true, value: [track(event_)] };
  };
}

/** orders/cancelled: one event of an order, however often it is told. */
export const orderCancelled: TopicMapping = (frame) => {
  const { payload, triggeredAt } = frame;
  const id = required(payload, 'id');
  if (!id.ok) return id;
  const cancelledAt = textOf(payload, 'cancelled_at');
  const reason = textOf(payload, 'cancel_reason');
  const event = track({
    // When: ids repeat between shops, and no other topic that tells of it has the same body
    messageId: [id.value, cancelledAt, 'cancelled'].filter((part) => part !== null).join('.'),
    event: 'Order Cancelled',
    timestamp: cancelledAt ?? triggeredAt,
    subject: buyerOf(frame, payload),
    direction: reason === 'customer' ? 'inbound' : 'outbound',
    properties: { order_id: id.value, order_number: textOf(payload, 'name'), reason, test: testOf(payload) },
  });
  return { ok: true, value: [event] };
};

/** checkouts/create, checkouts/update. The token opens the checkout to whoever has it, so it stays behind. */
export function checkout(event: string): TopicMapping {
  return (frame) => {
    const id = required(frame.payload, 'id');
    if (!id.ok) return id;
    const { messageId, payload, triggeredAt } = frame;
    const fault = unreadable(payload, BASKET_AMOUNTS);
    if (fault !== null) return { ok: false, fault };
    const timestamp = textOf(payload, event === 'Checkout Started' ? 'created_at' : 'updated_at') ?? triggeredAt;
    const { order_id: _, order_number: __, ...basket } = basketOf(payload);
    const properties = { checkout_id: id.value, ...basket };
    return { ok: true, value: [track({ messageId, event, timestamp, subject: buyerOf(frame, payload), properties })] };
  };
}

function snapshot(frame: ShopifyFrame, event: string, timestamp: string | null): ReturnType<TopicMapping> {
  const { messageId, payload, triggeredAt } = frame;
  const id = required(payload, 'id');
  if (!id.ok) return id;
  const fault = unreadable(payload, BASKET_AMOUNTS);
  if (fault !== null) return { ok: false, fault };
  const clerk = textOf(payload, 'user_id');
  const made = track({
    messageId,
    event,
    timestamp: timestamp ?? triggeredAt,
    subject: buyerOf(frame, payload),
    // Shopify's own till
    ...(textOf(payload, 'source_name') === 'pos' ? { channel: 'store' } : {}),
    ...(clerk === null ? {} : { actor: { kind: 'staff', id: clerk } }),
    properties: basketOf(payload),
  });
  return { ok: true, value: [made] };
}

/** What `basketOf` reads as money. */
const BASKET_AMOUNTS = [
  ...['total_price', 'subtotal_price', 'total_tax', 'total_discounts', 'line_items[*].price'],
  ...['total_shipping_price_set.shop_money.amount', 'total_price_set.presentment_money.amount'],
];

/**
 * In the shop's own currency, what the buyer paid in beside it. `total_price` is that before refunds, which are events of
 * their own; lines have the quantities of the purchase for the same reason.
 */
function basketOf(payload: unknown): JsonRecord {
  const shown = at(payload, 'total_price_set', 'presentment_money');
  const currency = textOf(payload, 'currency');
  const paidIn = textOf(shown, 'currency_code');
  return known({
    order_id: textOf(payload, 'id'),
    order_number: textOf(payload, 'name'),
    total: decimalOf(at(payload, 'total_price')),
    subtotal: decimalOf(at(payload, 'subtotal_price')),
    shipping: decimalOf(at(payload, 'total_shipping_price_set', 'shop_money', 'amount')),
    tax: decimalOf(at(payload, 'total_tax')),
    discount: decimalOf(at(payload, 'total_discounts')),
    currency,
    ...(paidIn === null || paidIn === currency
      ? {}
      : { presentment_currency: paidIn, presentment_total: decimalOf(at(shown, 'amount')) }),
    coupon: textOf(payload, 'discount_codes', 0, 'code'),
    financial_status: textOf(payload, 'financial_status'),
    fulfillment_status: textOf(payload, 'fulfillment_status'),
    test: testOf(payload),
    products: listOf(payload, 'line_items').map((line) => productOf(line, at(line, 'quantity'))),
  });
}

/** Whether it was paid by a test of the shop: such an order is no sale (services/warehouse-loader). */
function testOf(payload: unknown): true | null {
  return at(payload, 'test') === true ? true : null;
}

/** A line as the e-commerce specification has it. */
export function productOf(line: unknown, quantity: unknown): JsonRecord {
  return known({
    product_id: textOf(line, 'product_id'),
    sku: textOf(line, 'sku'),
    variant: textOf(line, 'variant_id'),
    name: textOf(line, 'title') ?? textOf(line, 'name'),
    brand: textOf(line, 'vendor'),
    quantity,
    price: decimalOf(at(line, 'price')),
  });
}
