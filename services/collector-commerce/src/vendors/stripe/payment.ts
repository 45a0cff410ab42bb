import { at, listOf, recordOf, textOf } from '@kenal/collector-kit';
import { required } from '../../events/required.ts';
import { amountOf, currencyOf } from './amount.ts';
import { idOf, payerOf, type StripeFrame, type StripeMapping, shopOrderOf } from './frame.ts';
import { made } from './made.ts';

/** payment_intent.succeeded: the money. */
export const paymentSucceeded: StripeMapping = (frame) => {
  const { object } = frame;
  const id = required(object, 'id');
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

/**
 * charge.refunded: what was given back this time. Where a shop has the order it tells of its refund itself, and of an
 * invoice there is none: only the money is Stripe's.
 */
export const chargeRefunded: StripeMapping = (frame) => {
  const { object, previous } = frame;
  const id = required(object, 'id');
  if (!id.ok) return id;
  const before = typeof previous.amount_refunded === 'number' ? previous.amount_refunded : 0;
  const whole = typeof object.amount_refunded === 'number' ? object.amount_refunded : 0;
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

/** refund.created, .updated, .failed, charge.refund.updated: how it goes with a refund; its money is charge.refunded's. */
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

/** charge.dispute.*: the payer's bank takes the money back, or does not. One case from first to last. */
export function dispute(event: string): StripeMapping {
  return (frame) => {
    const { object } = frame;
    const id = required(object, 'id');
    if (!id.ok) return id;
    return made(frame, {
      event,
      subject: payerOf(frame, evidenceOf(frame)),
      caseId: id.value,
      properties: {
        dispute_id: id.value,
        payment_id: idOf(object, 'payment_intent'),
        charge_id: idOf(object, 'charge'),
        amount: amountOf(object.amount, object.currency),
        currency: currencyOf(object.currency),
        status: textOf(object, 'status'),
        reason: textOf(object, 'reason'),
      },
    });
  };
}

function evidenceOf({ object }: StripeFrame): Record<string, unknown> {
  return { email: at(object, 'evidence', 'customer_email_address'), name: at(object, 'evidence', 'customer_name') };
}

function detailsOf({ object }: StripeFrame): Record<string, unknown> {
  const billing = recordOf(object, 'billing_details');
  return textOf(billing, 'email') === null ? { ...billing, email: object.receipt_email } : billing;
}

function idsOf({ object }: StripeFrame): Record<string, string | null> {
  const isCharge = object.object === 'charge';
  return {
    order_id: shopOrderOf(object),
    payment_id: isCharge ? idOf(object, 'payment_intent') : idOf(object, 'id'),
    charge_id: isCharge ? idOf(object, 'id') : idOf(object, 'latest_charge'),
    invoice_id: idOf(object, 'invoice'),
  };
}
