import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { remember } from './lru.ts';
import { isReservedPhone } from './reserved-phones.ts';

export type PhoneResult = { readonly e164: string } | { readonly fault: 'not_a_phone' | 'reserved_phone' };

const NOT_A_PHONE: PhoneResult = { fault: 'not_a_phone' };
const RESERVED: PhoneResult = { fault: 'reserved_phone' };
/** Parsing costs 10 µs, and the same callers come again. */
const REMEMBERED = 5_000;
const LONGEST = 64;

/**
 * @param region ISO 3166 code of numbers without `+`; one that the library does not know accepts only numbers with `+`
 * @returns a function of a number as people write it: `(030) 901820`, `tel:+49…`, `0049…`, `+1 201 555 7890 ext. 12`
 */
export function createPhoneParser(region: string): (text: string) => PhoneResult {
  const country = isSupportedCountry(region) ? region : undefined;
  return remember((text) => parse(text, country), REMEMBERED);
}

function parse(text: string, country: CountryCode | undefined): PhoneResult {
  if (text.length > LONGEST) return NOT_A_PHONE;
  // `00` is how most of the world dials `+`; a region where it is not would find no valid number behind it
  const found = read(text, country) ?? (text.startsWith('00') ? read(`+${text.slice(2)}`, country) : undefined);
  if (found === undefined) return NOT_A_PHONE;
  if (isReservedPhone(found.number)) return RESERVED;
  // Colleagues share a number and differ by the extension
  return { e164: found.ext ? `${found.number};ext=${found.ext}` : found.number };
}

function read(text: string, country: CountryCode | undefined) {
  const found = parsePhoneNumberFromString(text, country);
  if (found === undefined) return undefined;
  return found.isValid() || isReservedPhone(found.number) ? found : undefined;
}
