import { recordOf, type Vendor } from '@kenal/collector-kit';
import { maskKeys } from '../mail/masked.ts';
import type { ReadMail } from '../readers/readers.ts';

/** A vendor whose mails name no write key, from before anything is kept of them. */
export function withoutKeys(vendor: Vendor, opensKey: (address: string) => boolean): Vendor {
  const { read } = vendor;
  if (read === undefined) return vendor;
  return {
    ...vendor,
    async read(body, headers) {
      const outcome = await read(body, headers);
      if (!outcome.ok || !('envelope' in recordOf(outcome.value))) return outcome;
      return { ok: true, value: maskKeys(outcome.value as ReadMail, opensKey) };
    },
  };
}
