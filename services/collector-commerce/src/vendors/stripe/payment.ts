import { recordOf, textOf } from '@kenal/collector-kit';
import { amountOf, currencyOf } from './amount.ts';
import { idOf, objectId, payerOf, type StripeFrame, type StripeMapping, shopOrderOf } from './frame.ts';
import { made } from './made.ts';

/** payment_intent.succeeded: the money. */
export const paymentSucceeded: StripeMapping = (frame) => {
  const { object } = frame;
  const id = objectId(frame);
  if (!id.ok) return id;
  return made(frame, {
    messageId: `${id.value}.succeeded`,
    event: 'Payment Succeeded',
    subject: payerOf(frame, { email: object.receipt_email }),
    properties: {
      ...idsOf(frame),
      value: amountOf(object.amount_received ?? object.amount, object.currency),
      currency: currencyOf(object.currency),
      method: textOf(object, 'payment_method_types', 0),
    },
  });
};

/** payment_intent.payment_failed: one event for each try. */
export const paymentFailed: StripeMapping = (frame) => {
  const { object } = frame;
  const failure = recordOf(object, 'last_payment_error');
  const billing = recordOf(failure, 'payment_method', 'billing_details');
  return made(frame, {
    event: 'Payment Failed',
    subject: payerOf(frame, textOf(billing, 'email') === null ? { email: object.receipt_email } : billing),
    properties: {
      ...idsOf(frame),
      amount: amountOf(object.amount, object.currency),
      currency: currencyOf(object.currency),
      code: textOf(failure, 'decline_code') ?? textOf(failure, 'code'),
      reason: textOf(failure, 'message'),
    },
  });
};

/** charge.succeeded, charge.failed: the try of a payment intent, which tells of the money itself; or, without one, a payment. */
export function charge(outcome: 'Succeeded' | 'Failed'): StripeMapping {
  return (frame) => {
    const { object } = frame;
    const intent = idOf(object, 'payment_intent');
    const amount = amountOf(object.amount, object.currency);
    const isPayment = intent === null;
    return made(frame, {
      event: `${isPayment ? 'Payment' : 'Charge'} ${outcome}`,
      subject: payerOf(frame, detailsOf(frame)),
      properties: {
        ...idsOf(frame),
        ...(isPayment && outcome === 'Succeeded' ? { value: amount } : { amount }),
        currency: currencyOf(object.currency),
        method: textOf(object, 'payment_method_details', 'type'),
        code: textOf(object, 'failure_code'),
        reason: textOf(object, 'failure_message'),
      },
    });
  };
}

/** Of the holder of the card. */
export function detailsOf({ object }: StripeFrame): Record<string, unknown> {
  const billing = recordOf(object, 'billing_details');
  return textOf(billing, 'email') === null ? { ...billing, email: object.receipt_email } : billing;
}

/** What a payment or a charge of one is named by. */
export function idsOf({ object }: StripeFrame): Record<string, string | null> {
  const isCharge = object.object === 'charge';
  return {
    order_id: shopOrderOf(object),
    payment_id: isCharge ? idOf(object, 'payment_intent') : idOf(object, 'id'),
    charge_id: isCharge ? idOf(object, 'id') : idOf(object, 'latest_charge'),
    invoice_id: idOf(object, 'invoice'),
  };
}
