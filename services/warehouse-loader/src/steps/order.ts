import type { Interaction, JsonObject, JsonValue } from '@kenal/contracts';
import type { Millionths } from './decimal.ts';
import { type OrderLine, type OrderLines, readCurrency, readLines, readNumber, text } from './order-line.ts';

/** What an event says of an order; see the README for the meaning of each kind. */
export const ORDER_KINDS = ['snapshot', 'lines', 'refund', 'cancel'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

export interface OrderEvent {
  readonly orderId: string;
  readonly kind: OrderKind;
  /** Value of the order, or of these lines as far as they are known; null where the event says none that can be read. */
  readonly total: Millionths | null;
  /** Given back; null on a refund of the whole order, or, with faults, where it cannot be read. */
  readonly refunded: Millionths | null;
  /** ISO 4217; '' of a refund or an update that names none: it is in its order's; '' with a fault where it cannot be one. */
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  /** What is left out of the sums because it cannot be read: `total "abc" is no number`. */
  readonly faults: readonly string[];
}

// Segment's e-commerce v2. Its other events may name an order too, but say nothing of its value.
const KIND_BY_NAME: Readonly<Record<string, OrderKind>> = {
  'Order Completed': 'snapshot',
  'Order Updated': 'snapshot',
  'Order Refunded': 'refund',
  'Order Cancelled': 'cancel',
};

/** Read the order out of a track event. @returns null where it is no order event, names no order, or is a test */
export function readOrder(interaction: Interaction, defaultCurrency: string): OrderEvent | null {
  const named = interaction.type === 'track' ? KIND_BY_NAME[interaction.name ?? ''] : undefined;
  if (named === undefined) return null;
  const properties = parseObject(interaction.properties);
  const orderId = text(properties?.order_id);
  if (!properties || orderId === '' || properties.test === true) return null;
  const kind = named === 'snapshot' && properties.order_line === true ? 'lines' : named;
  const said = readCurrency(properties.currency);
  // An order that is stated again, or refunded, in no currency stays in its own
  const isAgain = kind === 'refund' || (kind === 'snapshot' && interaction.name === 'Order Updated');
  const assumed = isAgain ? '' : interaction.currency || defaultCurrency;
  const read = readLines(properties.products);
  const code = said.code || (said.faults.length > 0 ? '' : currencyOfAll(read.lines) || assumed);
  const currency = code.toUpperCase();
  const amounts = amountsOf(kind, properties, currency, linesIn(currency, read));
  // What was given back in who knows which currency is not known
  const unknown = kind === 'refund' && said.faults.length > 0 ? { refunded: null } : {};
  return { orderId, kind, currency, ...amounts, ...unknown, faults: [...said.faults, ...amounts.faults] };
}

/** Of lines that all name the same. @returns '' where they do not */
function currencyOfAll(lines: readonly OrderLine[]): string {
  const codes = new Set(lines.map((line) => line.currency));
  return codes.size === 1 ? [...codes][0]! : '';
}

/** A line that names none is in its order's; one in another is in no sum of the order. */
function linesIn(currency: string, { lines, faults, gaps }: OrderLines): OrderLines {
  const foreign = lines.flatMap((line, i) =>
    line.currency === '' || line.currency === currency
      ? []
      : [`line ${i + 1}: it is in ${line.currency}, the order ${currency === '' ? 'names none' : `in ${currency}`}`],
  );
  const priced = lines.map((line) => ({ ...line, currency: line.currency || currency }));
  return { lines: priced, faults: [...faults, ...foreign], gaps };
}

type Amounts = Pick<OrderEvent, 'total' | 'refunded' | 'lines' | 'faults'>;

function amountsOf(kind: OrderKind, properties: JsonObject, currency: string, read: OrderLines): Amounts {
  if (kind === 'cancel') return { total: null, refunded: 0n, lines: [], faults: [] };
  const { lines } = read;
  const own = lines.filter((line) => line.currency === currency);
  const bought = sum(own, (amount) => amount > 0n);
  const returned = sum(own, (amount) => amount < 0n);
  const sold = { total: bought, refunded: returned === null ? null : -returned, lines };
  const summed = [...read.faults, ...read.gaps];
  if (kind === 'lines') return { ...sold, faults: summed };
  const stated = statedAmount(properties);
  if (kind === 'snapshot') {
    if (stated.value === null) return { ...sold, faults: [...stated.faults, ...summed] };
    // Its returned lines are taken off already
    return { total: stated.value, refunded: 0n, lines, faults: [...stated.faults, ...read.faults] };
  }
  return refundOf(stated, own, read);
}

function refundOf(stated: Stated, own: readonly OrderLine[], { lines, faults, gaps }: OrderLines): Amounts {
  const given = stated.value ?? sum(own, () => true);
  const refunded = given !== null && given < 0n ? -given : given;
  const missing = stated.value === null ? gaps : [];
  return { total: null, refunded, lines: lines.map(takenBack), faults: [...stated.faults, ...faults, ...missing] };
}

interface Stated {
  readonly value: Millionths | null;
  readonly faults: readonly string[];
}

/** The first of `total`, `revenue` and `value` that can be read. */
function statedAmount(properties: JsonObject): Stated {
  const faults: string[] = [];
  for (const name of ['total', 'revenue', 'value']) {
    const read = readNumber(name, properties[name]);
    if (read.kind === 'number') return { value: read.value, faults };
    if (read.kind === 'fault') faults.push(read.says);
  }
  return { value: null, faults };
}

/** Refunded products come with positive quantities; as lines of the order they are negative. */
function takenBack(line: OrderLine): OrderLine {
  const { quantity, amount } = line;
  if (quantity !== null && quantity < 0n) return line;
  return { ...line, quantity: quantity === null ? null : -quantity, amount: amount === null ? null : -amount };
}

/** Over the amounts that are known. @returns null where none is */
function sum(lines: readonly OrderLine[], counts: (amount: Millionths) => boolean): Millionths | null {
  const known = lines.map(({ amount }) => amount).filter((amount) => amount !== null);
  return known.length === 0 ? null : known.filter(counts).reduce((total, amount) => total + amount, 0n);
}

function parseObject(json: string): JsonObject | null {
  try {
    const value = JSON.parse(json) as JsonValue;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
