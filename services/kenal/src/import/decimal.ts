/** A decimal number without rounding: `units × 10^-scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export interface DecimalForm {
  /** `.` or `,` */
  readonly point: string;
  /** Separator of thousands, '' for none. */
  readonly thousands: string;
}

const MAX_SCALE = 30;
// -1234.50 · +7 · .5 · 1.2e-05
const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * Read a number as files write it: `12.50`, `£1,234.50` with its separators named, `(12.50)` and `12.50-` for negative.
 * @returns null where it is none
 */
export function parseDecimal(text: string, form: DecimalForm = { point: '.', thousands: '' }): Decimal | null {
  let rest = text.trim().replace(/^[£$€¥]\s*|\s*[£$€¥]$/g, '');
  let negative = false;
  const bracketed = /^\((.+)\)$/.exec(rest) ?? /^(.+)-$/.exec(rest);
  if (bracketed !== null) {
    negative = true;
    rest = (bracketed[1] as string).replace(/^[£$€¥]\s*/, '');
  }
  if (form.thousands !== '') rest = rest.split(form.thousands).join('');
  if (form.point !== '.') {
    if (rest.includes('.')) return null;
    rest = rest.replace(form.point, '.');
  }
  rest = rest.replace(/^([+-]?)[£$€¥]/, '$1');
  const match = PLAIN.exec(rest);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const scale = fraction.length - Number(exponent);
  if (Math.abs(scale) > MAX_SCALE) return null;
  const units = BigInt(whole + fraction) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
  return trim({ units: (sign === '-') !== negative ? -units : units, scale: Math.max(scale, 0) });
}

/** `-12.5`: no exponent, no needless zeros. */
export function formatDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return trim({ units: a.units * b.units, scale: a.scale + b.scale });
}

export function negate(a: Decimal): Decimal {
  return { units: -a.units, scale: a.scale };
}

function trim({ units, scale }: Decimal): Decimal {
  let [rest, places] = [units, scale];
  while (places > 0 && rest % 10n === 0n) {
    rest /= 10n;
    places--;
  }
  return { units: rest, scale: places };
}
