import { at, textOf } from '@kenal/collector-kit';
import { amountOf, currencyOf } from './amount.ts';
import { idOf, objectId, payerOf, type StripeFrame, type StripeMapping } from './frame.ts';
import { made } from './made.ts';

/** invoice.paid. Its sister invoice.payment_succeeded says the same and is left out. */
export const invoicePaid: StripeMapping = (frame) => {
  const { object } = frame;
  const id = objectId(frame);
  if (!id.ok) return id;
  return made(frame, {
    messageId: `${id.value}.paid`,
    event: 'Invoice Paid',
    subject: billedOf(frame),
    properties: {
      ...idsOf(frame),
      value: amountOf(object.amount_paid, object.currency),
      currency: currencyOf(object.currency),
    },
  });
};

/** invoice.finalized, invoice.payment_failed: no money has moved. */
export function invoiceOpen(event: string): StripeMapping {
  return (frame) => {
    const { object } = frame;
    return made(frame, {
      event,
      subject: billedOf(frame),
      direction: 'outbound',
      properties: {
        ...idsOf(frame),
        amount_due: amountOf(object.amount_due, object.currency),
        currency: currencyOf(object.currency),
        due_at: at(object, 'due_date'),
        attempts: at(object, 'attempt_count'),
      },
    });
  };
}

function billedOf(frame: StripeFrame): ReturnType<typeof payerOf> {
  const { customer_email: email, customer_phone: phone, customer_name: name, customer_address: address } = frame.object;
  return payerOf(frame, { email, phone, name, address });
}

function idsOf({ object }: StripeFrame): Record<string, string | null> {
  return {
    invoice_id: idOf(object, 'id'),
    invoice_number: textOf(object, 'number'),
    // Since 2025-03-31 below `parent`
    contract_id: idOf(object, 'subscription') ?? idOf(object, 'parent', 'subscription_details', 'subscription'),
    billing_reason: textOf(object, 'billing_reason'),
  };
}
