import { at, type Fault, faultOf } from '@kenal/collector-kit';
import { unreadable } from '../../events/readable.ts';
import { formatDecimal, parseDecimal } from '../../mapping/decimal.ts';

/**
 * docs.stripe.com/currencies: those without a minor unit. ISK and UGX have none either, but Stripe writes them in
 * hundredths all the same.
 */
const WHOLE: ReadonlySet<string> = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THOUSANDTHS: ReadonlySet<string> = new Set('BHD JOD KWD OMR TND'.split(' '));

/** `gbp` → `GBP`; null where it is no code */
export function currencyOf(code: unknown): string | null {
  return typeof code === 'string' && /^[a-z]{3}$/i.test(code) ? code.toUpperCase() : null;
}

/**
 * An amount as Stripe writes it, exactly: (1099, `usd`) → `10.99`, (500, `jpy`) → `500`, (5120, `kwd`) → `5.120`,
 * (`0.05`, `usd`) → `0.0005`, as prices by the piece have it.
 * @returns null where it is no number, or its currency is not known
 */
export function amountOf(minor: unknown, code: unknown): string | null {
  const currency = currencyOf(code);
  if (currency === null || (typeof minor !== 'number' && typeof minor !== 'string')) return null;
  const amount = parseDecimal(String(minor));
  if (amount === null) return null;
  const places = WHOLE.has(currency) ? 0 : THOUSANDTHS.has(currency) ? 3 : 2;
  return formatDecimal({ units: amount.units, scale: amount.scale + places });
}

/** Where amounts of the objects of Stripe stand, in minor units of the object's currency. */
const AMOUNTS = [
  ...['amount', 'amount_received', 'amount_refunded', 'amount_due', 'amount_paid', 'amount_total', 'amount_subtotal'],
  ...['amount_tax', 'amount_shipping', 'amount_discount'].map((name) => `total_details.${name}`),
  'line_items.data[*].price.unit_amount',
];
/** Those of a contract name their currency beside them. */
const PRICES = ['unit_amount', 'unit_amount_decimal'].map((name) => `items.data[*].price.${name}`);

/**
 * Of the object of an event. @returns fault `event_bad_field` where an amount cannot be read, `event_missing_field` where
 * one is in no currency
 */
export function amountFault(object: unknown): Fault | null {
  const fault = unreadable(object, [...AMOUNTS, ...PRICES], minorOf);
  if (fault !== null) return { ...fault, path: fault.path.replace('$', '$.data.object') };
  const isPlain = unreadable(object, AMOUNTS, () => null) === null;
  if (isPlain || currencyOf(at(object, 'currency')) !== null) return null;
  return faultOf('event_missing_field', '$.data.object.currency', 'three letters, which its amounts are read by');
}

const minorOf = (value: unknown): string | null => amountOf(value, 'usd');
