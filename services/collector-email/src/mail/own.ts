import type { Source } from '@kenal/collector-kit';
import type { Envelope } from './mail.ts';
import { isMasked } from './masked.ts';

/**
 * Whether an address is one of our own people: `source.own`, one that opens a
 * source, or in the domain whose mail reaches us here. That is the
 * envelope's, never one of a header: a customer who writes to us and to a friend has both in `To`.
 */
export function ownAddresses(source: Source, { recipients }: Envelope): (address: string) => boolean {
  const domains = new Set(recipients.map(domainOf));
  return (address) => isMasked(address) || source.own.hasEmail(address) || domains.has(domainOf(address));
}

function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();
}
