import { DECIMAL_PATTERN } from '@kenal/contracts';
import type { JsonRecord } from '../json/inspect.ts';

/** Money that an event moved. */
export interface Money {
  /** Decimal text, see `DECIMAL_PATTERN`. */
  readonly amount: string | null;
  readonly currency: string | null;
}

const NONE: Money = { amount: null, currency: null };

// Segment's e-commerce events that tell of a price but move no money: a look, a basket, a step of the checkout.
const BROWSING = /^(?:products?|cart|checkout|coupon|promotion|wishlist|payment info) /i;
const ORDER = /^order /i;

/**
 * Money moved by a tracked event: an order event's `total`, else `revenue`, `total`, or `value` where a currency stands
 * beside it. Of more than 6 places it is rounded, as `orders` rounds it. What is no decimal stays in the properties only, and
 * so does the money of a test (`test: true`): it moves none.
 * @param fallback the workspace's currency, for an amount that comes without one
 */
export function moneyOf(name: string | null, properties: JsonRecord, fallback: string): Money {
  if (properties.test === true || (name !== null && BROWSING.test(name))) return NONE;
  const currency = currencyOf(properties.currency);
  const order = name !== null && ORDER.test(name);
  const candidates = order ? [properties.total, properties.revenue] : [properties.revenue, properties.total];
  if (currency !== null) candidates.push(properties.value);
  for (const candidate of candidates) {
    const amount = decimalOf(candidate) ?? roundedDecimal(candidate);
    if (amount !== null) return { amount, currency: currency ?? fallback };
  }
  return NONE;
}

/**
 * `12.5` → `12.5`, `"1e-3"` → `0.001`, `"12.50"` → `12.50`, `"1,5"` → null. A JSON number is taken by its shortest text,
 * rounded to 6 places where it has more (they are noise of floating point: `27.979999999999997`); text must fit exactly.
 * @returns null where it is no decimal of at most 32 digits before and 6 after the point
 */
export function decimalOf(value: unknown): string | null {
  if (typeof value === 'string') return exactDecimal(value.trim());
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (Math.abs(value) >= 1e15) return exactDecimal(String(value));
  return exactDecimal(String(value)) ?? exactDecimal(`${value.toFixed(6)}e0`); // `27.980000e0` loses its zeros
}

const SCIENTIFIC = /^([+-]?)(\d{1,64})(?:\.(\d{1,64}))?(?:[eE]([+-]?\d{1,3}))?$/;

function exactDecimal(text: string): string | null {
  if (DECIMAL_PATTERN.test(text)) return text;
  const match = SCIENTIFIC.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const left = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  const right = point >= digits.length ? '' : digits.slice(Math.max(point, 0)).padStart(digits.length - point, '0');
  const decimals = right.replace(/0+$/, '');
  const written = `${sign === '-' ? '-' : ''}${left.replace(/^0+(?=\d)/, '')}${decimals === '' ? '' : `.${decimals}`}`;
  return DECIMAL_PATTERN.test(written) ? written : null;
}

/** `"1.2345675"` → `1.234568`: half away from zero. @returns null where it is no text of a decimal of more than 6 places */
function roundedDecimal(value: unknown): string | null {
  const match = typeof value === 'string' ? SCIENTIFIC.exec(value.trim()) : null;
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const excess = fraction.length - Number(exponent) - 6;
  if (excess <= 0) return null;
  const divisor = 10n ** BigInt(excess);
  const millionths = ((BigInt(whole + fraction) + divisor / 2n) / divisor).toString().padStart(7, '0');
  const isNegative = sign === '-' && /[1-9]/.test(millionths);
  return exactDecimal(`${isNegative ? '-' : ''}${millionths.slice(0, -6)}.${millionths.slice(-6)}e0`);
}

/** @returns ISO 4217 code in capitals, null where it has not the form of one */
export function currencyOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z]{3}$/.test(value) ? value.toUpperCase() : null;
}
