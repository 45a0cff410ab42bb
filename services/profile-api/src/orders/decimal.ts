/** Decimals of six places as whole numbers of millionths, exactly. */
const PLACES = 6;
const ONE = 10n ** BigInt(PLACES);

/** @param text as ClickHouse writes a Decimal(38, 6): `-12.5` */
export function millionths(text: string): bigint {
  const [whole = '0', part = ''] = text.split('.');
  const size = BigInt(whole.replace('-', '')) * ONE + BigInt(part.padEnd(PLACES, '0'));
  return whole.startsWith('-') ? -size : size;
}

/** The same text again. */
export function decimalText(value: bigint): string {
  const size = value < 0n ? -value : value;
  const part = String(size % ONE)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${size / ONE}${part === '' ? '' : `.${part}`}`;
}
