import { createNormaliser } from '@kenal/identity';

/** What belongs to the organisation itself: whoever writes or calls from there is no customer. */
export interface OwnNames {
  /** A mail address, or one of a domain of our own: `help@shop.example` */
  hasEmail(address: string): boolean;
  /** A number of our own in any spelling, or an extension. */
  hasPhone(number: string): boolean;
}

const NO_RULES = { types: [], limits: {}, blocked: [] };
/** `2001`, `*97`: dialled inside only, but for `SHORT_NUMBERS`. */
const EXTENSION = /^[*#]?\d{1,6}$/;
/**
 * Regions where people are reached from outside by six digits or fewer: there an extension is what is no number of the
 * region. Elsewhere that would be wrong: `201234` is a whole number of Germany, `2001` of Luxembourg, by their plans alone.
 */
const SHORT_NUMBERS: ReadonlySet<string> = new Set(
  'AC AD CK FK FO GL KI NC NF NU PM SB SH SR TA TK TO TV VU WF WS'.split(' '),
);

/**
 * @param own of the source: addresses, domains, numbers, extensions
 * @param region of numbers without +
 */
export function createOwnNames(own: readonly string[], region: string): OwnNames {
  const normalise = createNormaliser(NO_RULES, region);
  const outsideOf = (text: string): string | undefined =>
    normalise([{ type: 'phone', value: text }]).identifiers[0]?.value;
  const numberOf = (text: string): string => outsideOf(text) ?? text.trim();
  const isExtension = (text: string): boolean =>
    EXTENSION.test(text) && !(SHORT_NUMBERS.has(region) && /^\d/.test(text) && outsideOf(text) !== undefined);
  const mail = new Set(own.map((name) => name.trim().toLowerCase()));
  const phones = new Set(own.filter((name) => !/[a-z@]/i.test(name)).map(numberOf));
  return {
    hasEmail(address) {
      const name = address.trim().toLowerCase();
      if (mail.has(name)) return true;
      // shop.example is ours: so is mail.shop.example
      for (let at = name.lastIndexOf('@') + 1; at > 0; at = name.indexOf('.', at) + 1)
        if (mail.has(name.slice(at))) return true;
      return false;
    },
    hasPhone: (number) => isExtension(number.trim()) || phones.has(numberOf(number)),
  };
}
