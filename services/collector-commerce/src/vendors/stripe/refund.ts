import { listOf, refused, textOf } from '@kenal/collector-kit';
import { amountOf, currencyOf } from './amount.ts';
import { idOf, objectId, payerOf, type StripeMapping, shopOrderOf } from './frame.ts';
import { made } from './made.ts';
import { detailsOf, idsOf } from './payment.ts';

/**
 * charge.refunded: what was given back this time. Where a shop has the order it tells of its refund itself, and of an
 * invoice there is none: only the money is Stripe's.
 */
export const chargeRefunded: StripeMapping = (frame) => {
  const { object, previous } = frame;
  const id = objectId(frame);
  if (!id.ok) return id;
  const whole = object.amount_refunded;
  if (typeof whole !== 'number') return refused('event_missing_field', '$.data.object.amount_refunded');
  const before = previous.amount_refunded ?? 0;
  if (typeof before !== 'number')
    return refused('event_bad_field', '$.data.previous_attributes.amount_refunded', 'expected a number');
  const isOrder = shopOrderOf(object) === null && idOf(object, 'invoice') === null;
  const given = amountOf(whole - before, object.currency);
  return made(frame, {
    messageId: `${id.value}.refunded.${whole}`,
    event: isOrder ? 'Order Refunded' : 'Payment Refunded',
    subject: payerOf(frame, detailsOf(frame)),
    direction: 'outbound',
    properties: {
      ...idsOf(frame),
      ...(isOrder ? { order_id: idOf(object, 'payment_intent') ?? id.value, total: given } : { value: given }),
      currency: currencyOf(object.currency),
      refunded_in_all: amountOf(whole, object.currency),
      refund_id: textOf(listOf(object, 'refunds', 'data')[0], 'id'),
      reason: textOf(listOf(object, 'refunds', 'data')[0], 'reason'),
    },
  });
};

/** refund.created, .updated, .failed: how it goes with a refund; its money is charge.refunded's. */
export function refund(event: string): StripeMapping {
  return (frame) => {
    const { object } = frame;
    return made(frame, {
      event,
      subject: payerOf(frame, {}),
      direction: 'outbound',
      properties: {
        refund_id: idOf(object, 'id'),
        order_id: shopOrderOf(object) ?? idOf(object, 'payment_intent'),
        payment_id: idOf(object, 'payment_intent'),
        charge_id: idOf(object, 'charge'),
        amount: amountOf(object.amount, object.currency),
        currency: currencyOf(object.currency),
        status: textOf(object, 'status'),
        reason: textOf(object, 'reason') ?? textOf(object, 'failure_reason'),
      },
    });
  };
}
