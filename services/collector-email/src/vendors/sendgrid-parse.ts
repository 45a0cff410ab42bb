import type { Vendor } from '@kenal/collector-kit';
import type { ReaderPool } from '../readers/pool.ts';
import { mapMail } from './mail-vendor.ts';

/** Its limit on a whole mail, and what the form adds to it. */
const MAX_BYTES = 35 * 1024 * 1024;

/** https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook */
export function sendgridParse(pool: ReaderPool): Vendor {
  return {
    kind: 'sendgrid-parse',
    maxBytes: MAX_BYTES,
    read: (body, headers, source) => pool.read('sendgrid-parse', body, headers, source),
    map: mapMail,
  };
}
