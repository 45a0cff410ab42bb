import type { JsonObject, JsonValue } from '@kenal/contracts';
import { isAmount, type Millionths, multiply, parseDecimal } from './decimal.ts';

/** A line of an order. A number that was not said, or is none, is null: never 0, which would be a price of its own. */
export interface OrderLine {
  readonly itemId: string;
  readonly name: string;
  readonly category: string;
  /** ISO 4217; '' where the line names none: it is in its order's. */
  readonly currency: string;
  readonly quantity: Millionths | null;
  readonly price: Millionths | null;
  /** quantity × price; null where one of them is. */
  readonly amount: Millionths | null;
}

export interface OrderLines {
  readonly lines: readonly OrderLine[];
  /** What is there and cannot be read: `line 2: price "1,50" is no number`. */
  readonly faults: readonly string[];
  /** What a sum of the lines lacks without a fault: `line 2: the price is missing`. */
  readonly gaps: readonly string[];
}

/** A number of an event: absent, or unreadable with the words that say so, or its value. */
export type ReadNumber =
  | { readonly kind: 'missing' }
  | { readonly kind: 'fault'; readonly says: string }
  | { readonly kind: 'number'; readonly value: Millionths };

const ONE: Millionths = 1_000_000n;

/** @param name for the words */
export function readNumber(name: string, raw: JsonValue | undefined): ReadNumber {
  if (raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '')) return { kind: 'missing' };
  const value = parseDecimal(raw);
  if (value !== null && isAmount(value)) return { kind: 'number', value };
  const isWhat = value === null ? 'is no number' : 'is more than an amount can be';
  return { kind: 'fault', says: `${name} ${quoted(raw)} ${isWhat}` };
}

/** A currency as it is named: '' where none is, or, with a fault, where what is named cannot be one. */
export interface ReadCurrency {
  readonly code: string;
  readonly faults: readonly string[];
}

export function readCurrency(raw: JsonValue | undefined): ReadCurrency {
  if (raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === ''))
    return { code: '', faults: [] };
  const code = text(raw);
  if (/^[A-Za-z]{3}$/.test(code)) return { code: code.toUpperCase(), faults: [] };
  return { code: '', faults: [`currency ${quoted(raw)} is no ISO 4217 code`] };
}

function quoted(raw: JsonValue): string {
  const found = JSON.stringify(raw).toWellFormed();
  return found.length > 40 ? `${found.slice(0, 40)}…` : found;
}

/** The products of an order event that are objects, in their order. A quantity that is missing is 1. */
export function readLines(products: JsonValue | undefined): OrderLines {
  const [lines, faults, gaps]: [OrderLine[], string[], string[]] = [[], [], []];
  if (!Array.isArray(products)) return { lines, faults, gaps };
  for (const product of products as readonly JsonValue[]) {
    if (product === null || typeof product !== 'object' || Array.isArray(product)) continue;
    const fields = product as JsonObject;
    const at = `line ${lines.length + 1}:`;
    const quantity = readNumber('quantity', fields.quantity);
    const price = readNumber('price', fields.price);
    const currency = readCurrency(fields.currency);
    for (const part of [quantity, price]) if (part.kind === 'fault') faults.push(`${at} ${part.says}`);
    for (const fault of currency.faults) faults.push(`${at} ${fault}`);
    if (price.kind === 'missing') gaps.push(`${at} the price is missing`);
    const line = lineOf(fields, quantity, price);
    if (line.amount === null && line.quantity !== null && line.price !== null)
      faults.push(`${at} quantity × price is more than an amount can be`);
    // Nobody knows of what it is an amount
    lines.push({ ...line, currency: currency.code, ...(currency.faults.length === 0 ? {} : { amount: null }) });
  }
  return { lines, faults, gaps };
}

function lineOf(fields: JsonObject, quantity: ReadNumber, price: ReadNumber): Omit<OrderLine, 'currency'> {
  const known = quantity.kind !== 'fault' && price.kind === 'number';
  return {
    itemId: text(fields.product_id) || text(fields.sku) || text(fields.id) || text(fields.name),
    name: text(fields.name),
    category: text(fields.category),
    quantity: quantity.kind === 'number' ? quantity.value : quantity.kind === 'missing' ? ONE : null,
    price: price.kind === 'number' ? price.value : null,
    amount: known ? productOf(quantity.kind === 'missing' ? 1 : fields.quantity, fields.price) : null,
  };
}

function productOf(quantity: unknown, price: unknown): Millionths | null {
  const amount = multiply(quantity, price);
  return amount !== null && isAmount(amount) ? amount : null;
}

/** Text of a field, `42` included; '' for all else. */
export function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.trim().toWellFormed() : typeof value === 'number' ? String(value) : '';
}
