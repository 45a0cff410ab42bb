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
