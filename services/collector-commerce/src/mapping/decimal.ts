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
  rest = rest.replace(/^([+-]?)[£$€¥]/, '$1');
  const plain = withoutGroups(rest, form);
  const match = plain === null ? null : PLAIN.exec(plain);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const scale = fraction.length - Number(exponent);
  if (Math.abs(scale) > MAX_SCALE) return null;
  const units = BigInt(whole + fraction) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
  return trim({ units: (sign === '-') !== negative ? -units : units, scale: Math.max(scale, 0) });
}

// `1.234.567,50` → `1234567.50`, also `12.34.567,50` as in India. A separator anywhere else is a number in another form
// (`80.00` where a comma is the point), which must not be read as 8000.
function withoutGroups(text: string, { point, thousands }: DecimalForm): string | null {
  const [whole = '', fraction, ...more] = text.split(point);
  if (more.length > 0) return null;
  const groups = thousands === '' ? [whole] : whole.split(thousands);
  const [first = '', ...others] = groups;
  if (others.length > 0) {
    const last = others.pop() as string;
    const grouped =
      /^[+-]?\d{1,3}$/.test(first) && /^\d{3}$/.test(last) && others.every((group) => /^\d{2,3}$/.test(group));
    if (!grouped) return null;
  }
  if (point !== '.' && `${whole}${fraction ?? ''}`.includes('.') && thousands !== '.') return null;
  return fraction === undefined ? groups.join('') : `${groups.join('')}.${fraction}`;
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

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const at = ({ units, scale: own }: Decimal): bigint => units * 10n ** BigInt(scale - own);
  return trim({ units: at(a) + at(b), scale });
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
