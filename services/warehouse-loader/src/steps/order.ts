import type { Interaction, JsonObject, JsonValue } from '@kenal/contracts';
import { formatDecimal, type Millionths, multiply, parseDecimal } from './decimal.ts';

/** What an event says of an order; see the README for the meaning of each kind. */
export const ORDER_KINDS = ['snapshot', 'lines', 'refund', 'cancel'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

export interface OrderLine {
  readonly itemId: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: Millionths;
  readonly price: Millionths;
  readonly amount: Millionths;
}

export interface OrderEvent {
  readonly orderId: string;
  readonly kind: OrderKind;
  /** Value of the order, or of these lines; null where the event says none. */
  readonly total: Millionths | null;
  /** Given back; null on a refund of the whole order. */
  readonly refunded: Millionths | null;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
}

// Segment's e-commerce v2. Its other events may name an order too, but say nothing of its value.
const KIND_BY_NAME: Readonly<Record<string, OrderKind>> = {
  'Order Completed': 'snapshot',
  'Order Updated': 'snapshot',
  'Order Refunded': 'refund',
  'Order Cancelled': 'cancel',
};

/** Read the order out of a track event. @returns null where it is no order event or names no order */
export function readOrder(interaction: Interaction, defaultCurrency: string): OrderEvent | null {
  const named = interaction.type === 'track' ? KIND_BY_NAME[interaction.name ?? ''] : undefined;
  if (named === undefined) return null;
  const properties = parseObject(interaction.properties);
  const orderId = text(properties?.order_id);
  if (!properties || orderId === '') return null;
  const kind = named === 'snapshot' && properties.order_line === true ? 'lines' : named;
  const lines = kind === 'cancel' ? [] : readLines(properties.products);
  const currency = (text(properties.currency) || interaction.currency || defaultCurrency).toUpperCase();
  return { orderId, kind, currency, ...amountsOf(kind, properties, lines) };
}

function amountsOf(
  kind: OrderKind,
  properties: JsonObject,
  lines: readonly OrderLine[],
): Pick<OrderEvent, 'total' | 'refunded' | 'lines'> {
  const stated = parseDecimal(properties.total ?? properties.revenue ?? properties.value);
  const bought = sum(lines.filter(({ amount }) => amount > 0n));
  const returned = -sum(lines.filter(({ amount }) => amount < 0n));
  switch (kind) {
    case 'lines':
      return { total: bought, refunded: returned, lines };
    case 'snapshot': // a stated total has its returned lines taken off already
      return stated === null ? { total: bought, refunded: returned, lines } : { total: stated, refunded: 0n, lines };
    case 'refund': {
      const given = stated ?? (lines.length > 0 ? sum(lines) : null);
      const refunded = given !== null && given < 0n ? -given : given;
      return { total: null, refunded, lines: lines.map(takenBack) };
    }
    case 'cancel':
      return { total: null, refunded: 0n, lines };
  }
}

/** Refunded products come with positive quantities; as lines of the order they are negative. */
function takenBack(line: OrderLine): OrderLine {
  if (line.quantity < 0n) return line;
  return { ...line, quantity: -line.quantity, amount: -line.amount };
}

/** A quantity that is missing is 1, a price that is missing or no number is 0. */
function readLines(products: JsonValue | undefined): OrderLine[] {
  if (!Array.isArray(products)) return [];
  const lines: OrderLine[] = [];
  for (const product of products as readonly JsonValue[]) {
    if (product === null || typeof product !== 'object' || Array.isArray(product)) continue;
    const fields = product as JsonObject;
    const quantity = parseDecimal(fields.quantity) === null ? 1 : fields.quantity;
    const price = parseDecimal(fields.price) === null ? 0 : fields.price;
    lines.push({
      itemId: text(fields.product_id) || text(fields.sku) || text(fields.id) || text(fields.name),
      name: text(fields.name),
      category: text(fields.category),
      quantity: parseDecimal(quantity) ?? 0n,
      price: parseDecimal(price) ?? 0n,
      amount: multiply(quantity, price) ?? 0n,
    });
  }
  return lines;
}

function sum(lines: readonly OrderLine[]): Millionths {
  return lines.reduce((total, { amount }) => total + amount, 0n);
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.trim().toWellFormed() : typeof value === 'number' ? String(value) : '';
}

function parseObject(json: string): JsonObject | null {
  try {
    const value = JSON.parse(json) as JsonValue;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

/** The columns of an order as the tail of a JSON line: `,"order_id":"7","order_kind":"lines",…`. */
export function orderColumns(order: OrderEvent): string {
  const money = (name: string, value: Millionths | null) =>
    value === null ? '' : `,"${name}":"${formatDecimal(value)}"`;
  const currency = JSON.stringify(order.currency);
  const items = order.lines.map(
    (line, i) =>
      `{"line":${i + 1},"item_id":${JSON.stringify(line.itemId)},"name":${JSON.stringify(line.name)}` +
      `,"category":${JSON.stringify(line.category)},"quantity":"${formatDecimal(line.quantity)}"` +
      `,"price":"${formatDecimal(line.price)}","amount":"${formatDecimal(line.amount)}","currency":${currency}}`,
  );
  return (
    `,"order_id":${JSON.stringify(order.orderId)},"order_kind":"${order.kind}","order_currency":${currency}` +
    money('order_total', order.total) +
    money('order_refunded', order.refunded) +
    (items.length > 0 ? `,"items":[${items.join(',')}]` : '')
  );
}
