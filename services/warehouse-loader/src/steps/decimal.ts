import { MOST_AMOUNT } from '@kenal/contracts';

/** Six fraction digits: a decimal as a whole number of millionths, as Decimal(38, 6) keeps it. */
export type Millionths = bigint;

const NUMBER = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;
const SCALE = 6;
const LIMIT = 10n ** 38n;
const MOST = BigInt(MOST_AMOUNT) * 10n ** BigInt(SCALE);

interface Exact {
  readonly digits: bigint;
  /** value = digits × 10^−scale */
  readonly scale: number;
}

/**
 * Read an amount as JSON carries it, number or string, without float arithmetic: `2.55`, `"2.550"`, `1e3`.
 * @returns null where it is no number
 */
function parseExact(value: unknown): Exact | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const match = NUMBER.exec(String(value));
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  const signed = sign === '-' ? -digits : digits;
  return scale >= 0 ? { digits: signed, scale } : { digits: signed * 10n ** BigInt(-scale), scale: 0 };
}

/** To six fraction digits, half away from zero. @returns null where it has more than 38 digits then */
function toMillionths(exact: Exact): Millionths | null {
  let { digits } = exact;
  if (exact.scale <= SCALE) digits *= 10n ** BigInt(SCALE - exact.scale);
  else {
    const divisor = 10n ** BigInt(exact.scale - SCALE);
    const half = digits < 0n ? -divisor / 2n : divisor / 2n;
    digits = (digits + half) / divisor;
  }
  return digits < LIMIT && digits > -LIMIT ? digits : null;
}

/** @returns null where it is no number that Decimal(38, 6) can hold */
export function parseDecimal(value: unknown): Millionths | null {
  const exact = parseExact(value);
  return exact === null ? null : toMillionths(exact);
}

/** Whether so much can be an amount. */
export function isAmount(value: Millionths): boolean {
  return value <= MOST && value >= -MOST;
}

/** quantity × price with all their digits, rounded once. @returns null where one is no number or the product is too big */
export function multiply(quantity: unknown, price: unknown): Millionths | null {
  const a = parseExact(quantity);
  const b = parseExact(price);
  if (a === null || b === null) return null;
  return toMillionths({ digits: a.digits * b.digits, scale: a.scale + b.scale });
}
