import { createNormaliser } from '@kenal/identity';

/** What belongs to the organisation itself: whoever writes or calls from there is no customer. */
export interface OwnNames {
  /** A mail address, or one of a domain of our own: `help@shop.example` */
  hasEmail(address: string): boolean;
  /** A number of our own in any spelling, or an extension. */
  hasPhone(number: string): boolean;
}

const NO_RULES = { types: [], limits: {}, blocked: [] };
/** `2001`, `*97`: dialled inside only. The shortest numbers that people can be reached at from outside have 7 digits. */
const EXTENSION = /^[*#]?\d{1,6}$/;

/**
 * @param own of the source: addresses, domains, numbers, extensions
 * @param region of numbers without +
 */
export function createOwnNames(own: readonly string[], region: string): OwnNames {
  const normalise = createNormaliser(NO_RULES, region);
  const numberOf = (text: string): string =>
    normalise([{ type: 'phone', value: text }]).identifiers[0]?.value ?? text.trim();
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
    hasPhone: (number) => EXTENSION.test(number.trim()) || phones.has(numberOf(number)),
  };
}
