import { decimalOf } from '@kenal/collector-kit';
import { add, formatDecimal, parseDecimal } from '../mapping/decimal.ts';

const ZERO = { units: 0n, scale: 0 };

/** Sum of amounts, exactly: `['10.10', '0.20']` → `10.3`; what is no decimal is left out. */
export function sumOf(amounts: readonly unknown[]): string {
  const decimals = amounts.map((amount) => parseDecimal(decimalOf(amount) ?? '0') ?? ZERO);
  return formatDecimal(decimals.reduce(add, ZERO));
}

/** `-5.00` → `5.00`, for whoever writes what was given back with a sign. */
export function unsigned(amount: unknown): string | null {
  return decimalOf(amount)?.replace(/^-/, '') ?? null;
}
