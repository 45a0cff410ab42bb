import { at, decimalOf, listOf, required, textOf } from '@kenal/collector-kit';
import { sumOf } from '../../events/amounts.ts';
import { unreadable } from '../../events/readable.ts';
import { NOBODY } from '../../events/subject.ts';
import { track } from '../../events/track.ts';
import type { TopicMapping } from './frame.ts';
import { productOf } from './order.ts';

/** What is read of a refund as money. */
const REFUND_AMOUNTS = [
  ...['transactions[*].amount', 'transactions[*].amount_set.shop_money.amount'],
  ...['refund_line_items[*].subtotal_set.shop_money.amount', 'refund_line_items[*].total_tax_set.shop_money.amount'],
  ...['order_adjustments[*].amount_set.shop_money.amount', 'order_adjustments[*].tax_amount_set.shop_money.amount'],
  'refund_line_items[*].line_item.price',
];

/** refunds/create. It names nobody: its order does. */
export const refund: TopicMapping = ({ payload, messageId, triggeredAt }) => {
  const order = required(payload, 'order_id');
  if (!order.ok) return order;
  const fault = unreadable(payload, REFUND_AMOUNTS);
  if (fault !== null) return { ok: false, fault };
  const lines = listOf(payload, 'refund_line_items');
  const event = track({
    messageId,
    event: 'Order Refunded',
    timestamp: textOf(payload, 'processed_at') ?? textOf(payload, 'created_at') ?? triggeredAt,
    subject: NOBODY,
    direction: 'outbound',
    properties: {
      order_id: order.value,
      refund_id: textOf(payload, 'id'),
      ...givenBack(payload),
      // As its order was
      test: listOf(payload, 'transactions').some((one) => at(one, 'test') === true) ? true : null,
      reason: textOf(payload, 'note'),
      return_id: textOf(payload, 'return', 'id'),
      products: lines.map((line) => productOf(at(line, 'line_item'), at(line, 'quantity'))),
    },
  });
  return { ok: true, value: [event] };
};

/**
 * What was paid back, by the transactions that succeeded: `{total: '12.5', currency: 'EUR'}`. Always said, for a line
 * that is only taken off gives nothing back, and a refund without an amount would be one of the whole order. An order's
 * money is the shop's: where the buyer paid in another, the sums that Shopify has in the shop's count.
 */
function givenBack(payload: unknown): { total: string; currency: string | null } {
  const paid = listOf(payload, 'transactions').filter(
    (one) => textOf(one, 'kind') === 'refund' && textOf(one, 'status') === 'success',
  );
  const ofShop = textOf(at(payload, 'refund_line_items', 0, 'subtotal_set', 'shop_money'), 'currency_code');
  const currency =
    textOf(paid[0], 'amount_set', 'shop_money', 'currency_code') ?? textOf(paid[0], 'currency') ?? ofShop;
  if (ofShop === null || currency === ofShop || paid.length === 0)
    return {
      total: sumOf(paid.map((one) => at(one, 'amount_set', 'shop_money', 'amount') ?? at(one, 'amount'))),
      currency,
    };
  const inShop = (record: unknown, field: string): unknown => at(record, field, 'shop_money', 'amount');
  const lines = listOf(payload, 'refund_line_items').flatMap((line) => [
    inShop(line, 'subtotal_set'),
    inShop(line, 'total_tax_set'),
  ]);
  // Below zero where more was given back than the lines cost, such as their shipping
  const adjustments = listOf(payload, 'order_adjustments').flatMap((one) => [
    negated(inShop(one, 'amount_set')),
    negated(inShop(one, 'tax_amount_set')),
  ]);
  return { total: sumOf([...lines, ...adjustments]), currency: ofShop };
}

function negated(amount: unknown): string | null {
  const text = decimalOf(amount);
  if (text === null) return null;
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}
