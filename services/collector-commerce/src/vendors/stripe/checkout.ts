import { at, listOf, recordOf, textOf } from '@kenal/collector-kit';
import { amountOf, currencyOf } from './amount.ts';
import { idOf, objectId, payerOf, type StripeFrame, type StripeMapping, shopOrderOf } from './frame.ts';
import { made } from './made.ts';

/**
 * checkout.session.completed and .async_payment_succeeded: an order, once it is paid, where Stripe is the shop. Where a shop
 * of its own has the order (its number stands in the metadata) that shop tells of it, and here it is a checkout only, or
 * the revenue would be there twice. So it is with a subscription: its invoices tell of its money.
 */
export const checkoutCompleted: StripeMapping = (frame) => {
  const { object } = frame;
  const id = objectId(frame);
  if (!id.ok) return id;
  const shopOrder = shopOrderOf(object);
  const isPaid = textOf(object, 'payment_status') !== 'unpaid';
  const isOrder = shopOrder === null && textOf(object, 'mode') !== 'subscription' && isPaid;
  const currency = object.currency;
  const lines = listOf(object, 'line_items', 'data').map((line) => ({
    product_id: idOf(line, 'price', 'product'),
    name: textOf(line, 'description'),
    quantity: at(line, 'quantity'),
    price: amountOf(at(line, 'price', 'unit_amount'), currency),
  }));
  const money = {
    total: amountOf(object.amount_total, currency),
    subtotal: amountOf(object.amount_subtotal, currency),
    tax: amountOf(at(object, 'total_details', 'amount_tax'), currency),
    shipping: amountOf(at(object, 'total_details', 'amount_shipping'), currency),
    discount: amountOf(at(object, 'total_details', 'amount_discount'), currency),
    currency: currencyOf(currency),
    // Only where the session was expanded
    products: lines.length === 0 ? null : lines,
  };
  return made(frame, {
    // Told once, whichever of the two tells it
    messageId: isOrder ? `${id.value}.completed` : frame.id,
    event: isOrder ? 'Order Completed' : 'Checkout Completed',
    subject: payerOf(frame, recordOf(object, 'customer_details')),
    properties: {
      order_id: shopOrder ?? (isOrder ? orderOf(frame) : null),
      checkout_id: id.value,
      payment_id: idOf(object, 'payment_intent'),
      contract_id: idOf(object, 'subscription'),
      invoice_id: idOf(object, 'invoice'),
      reference: textOf(object, 'client_reference_id'),
      payment_status: textOf(object, 'payment_status'),
      ...money,
    },
  });
};

/** An order of Stripe's own is named by its payment, as later refunds name it too. */
function orderOf({ object }: StripeFrame): string | null {
  return idOf(object, 'payment_intent') ?? idOf(object, 'id');
}

/** checkout.session.async_payment_failed: the transfer or direct debit never came. */
export const checkoutFailed: StripeMapping = (frame) => {
  const { object } = frame;
  return made(frame, {
    event: 'Payment Failed',
    subject: payerOf(frame, recordOf(object, 'customer_details')),
    properties: {
      order_id: shopOrderOf(object),
      checkout_id: idOf(object, 'id'),
      payment_id: idOf(object, 'payment_intent'),
      amount: amountOf(object.amount_total, object.currency),
      currency: currencyOf(object.currency),
    },
  });
};
