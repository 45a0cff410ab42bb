import { recordOf, type Vendor } from '@kenal/collector-kit';
import { createMaskKey, maskMail } from '../mail/masked.ts';
import type { ReadMail } from '../readers/readers.ts';
import { RECIPIENTS_HEADER } from './smtp.ts';

/** A vendor whose mails name no write key, from before anything is kept of them or of the headers that they came with. */
export function withoutKeys(vendor: Vendor, opensKey: (address: string) => boolean): Vendor {
  const { read } = vendor;
  if (read === undefined) return vendor;
  const mask = createMaskKey(opensKey);
  return {
    ...vendor,
    clean(headers) {
      const recipients = headers[RECIPIENTS_HEADER]?.split(',').map(mask);
      return recipients === undefined
        ? headers
        : { ...headers, [RECIPIENTS_HEADER]: [...new Set(recipients)].join(',') };
    },
    async read(body, headers, source) {
      const outcome = await read(body, headers, source);
      if (!outcome.ok || !('envelope' in recordOf(outcome.value))) return outcome;
      return { ok: true, value: maskMail(outcome.value as ReadMail, mask) };
    },
  };
}
