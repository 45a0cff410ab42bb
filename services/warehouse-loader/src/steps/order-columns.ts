import { formatDecimal, type Millionths } from './decimal.ts';
import type { OrderEvent } from './order.ts';

/** The columns of an order as the tail of a JSON line: `,"order_id":"7","order_kind":"lines",…`. */
export function orderColumns(order: OrderEvent): string {
  const currency = JSON.stringify(order.currency);
  const items = order.lines.map(
    (line, i) =>
      `{"line":${i + 1},"item_id":${JSON.stringify(line.itemId)},"name":${JSON.stringify(line.name)}` +
      `,"category":${JSON.stringify(line.category)},"quantity":${decimal(line.quantity)}` +
      `,"price":${decimal(line.price)},"amount":${decimal(line.amount)},"currency":${currency}}`,
  );
  return (
    `,"order_id":${JSON.stringify(order.orderId)},"order_kind":"${order.kind}","order_currency":${currency}` +
    money('order_total', order.total) +
    money('order_refunded', order.refunded) +
    (order.faults.length > 0 ? `,"order_faults":${JSON.stringify(order.faults)}` : '') +
    (items.length > 0 ? `,"items":[${items.join(',')}]` : '')
  );
}

function money(name: string, value: Millionths | null): string {
  return value === null ? '' : `,"${name}":${decimal(value)}`;
}

function decimal(value: Millionths | null): string {
  return value === null ? 'null' : `"${formatDecimal(value)}"`;
}
