import { at, NOTHING, type Outcome, recordOf, refused, required, textOf, type Vendor } from '@kenal/collector-kit';
import { amountFault } from './stripe/amount.ts';
import { checkoutCompleted, checkoutFailed } from './stripe/checkout.ts';
import { customer } from './stripe/customer.ts';
import { dispute } from './stripe/dispute.ts';
import type { StripeFrame, StripeMapping } from './stripe/frame.ts';
import { invoiceOpen, invoicePaid } from './stripe/invoice.ts';
import { charge, paymentFailed, paymentSucceeded } from './stripe/payment.ts';
import { chargeRefunded, refund } from './stripe/refund.ts';
import { subscription, subscriptionCreated, subscriptionUpdated } from './stripe/subscription.ts';

/** By type (docs.stripe.com/api/events/types); all others say nothing of a customer, or what one of these says. */
const TYPES: Readonly<Record<string, StripeMapping>> = {
  'checkout.session.completed': checkoutCompleted,
  'checkout.session.async_payment_succeeded': checkoutCompleted,
  'checkout.session.async_payment_failed': checkoutFailed,
  'payment_intent.succeeded': paymentSucceeded,
  'payment_intent.payment_failed': paymentFailed,
  'charge.succeeded': charge('Succeeded'),
  'charge.failed': charge('Failed'),
  'charge.refunded': chargeRefunded,
  'refund.created': refund('Refund Created'),
  'refund.updated': refund('Refund Updated'),
  'refund.failed': refund('Refund Failed'),
  'charge.dispute.created': dispute('Dispute Opened'),
  'charge.dispute.updated': dispute('Dispute Updated'),
  'charge.dispute.closed': dispute('Dispute Closed'),
  'charge.dispute.funds_withdrawn': dispute('Dispute Funds Withdrawn'),
  'charge.dispute.funds_reinstated': dispute('Dispute Funds Reinstated'),
  'invoice.finalized': invoiceOpen('Invoice Due'),
  'invoice.paid': invoicePaid,
  'invoice.payment_failed': invoiceOpen('Invoice Payment Failed'),
  'customer.subscription.created': subscriptionCreated,
  'customer.subscription.updated': subscriptionUpdated,
  'customer.subscription.deleted': subscription('Contract Ended'),
  'customer.subscription.paused': subscription('Contract Paused'),
  'customer.subscription.resumed': subscription('Contract Resumed'),
  'customer.created': customer,
  'customer.updated': customer,
};

export const stripe: Vendor = {
  kind: 'stripe',
  map(item, { source }) {
    const type = required(item, 'type');
    if (!type.ok) return type;
    if (!Object.hasOwn(TYPES, type.value)) return NOTHING;
    const frame = frameOf(item, type.value, source);
    if (!frame.ok) return frame;
    const fault = amountFault(frame.value.object);
    return fault === null ? TYPES[type.value]!(frame.value) : { ok: false, fault };
  },
};

function frameOf(item: unknown, type: string, source: StripeFrame['source']): Outcome<StripeFrame> {
  const id = required(item, 'id');
  if (!id.ok) return id;
  const created = at(item, 'created');
  if (typeof created !== 'number') return refused('event_missing_field', '$.created');
  return {
    ok: true,
    value: {
      ...{ source, id: id.value, type, created },
      object: recordOf(item, 'data', 'object'),
      previous: recordOf(item, 'data', 'previous_attributes'),
      account: textOf(item, 'account'),
      isTest: at(item, 'livemode') === false,
    },
  };
}
