import type { Vendor } from '@kenal/collector-kit';
import type { ReaderPool } from '../readers/pool.ts';
import { mapMail } from './mail-vendor.ts';

/** How the SMTP server hands the envelope over; whoever posts a mail by HTTP may too. */
export const RECIPIENTS_HEADER = 'x-kenal-recipients';
export const SENDER_HEADER = 'x-kenal-sender';
const MAX_BYTES = 10 * 1024 * 1024;

/** A mail as it came over the wire: by SMTP, or posted as `message/rfc822` with a write key, as failed ones are again. */
export function smtp(pool: ReaderPool): Vendor {
  return {
    kind: 'smtp',
    headers: [RECIPIENTS_HEADER, SENDER_HEADER],
    maxBytes: MAX_BYTES,
    async read(body, headers, source) {
      const nullSender = headers[SENDER_HEADER] === '<>';
      const mail = await pool.read(nullSender ? 'mime-null-sender' : 'mime', body, headers, source);
      if (!mail.ok) return mail;
      const recipients = (headers[RECIPIENTS_HEADER] ?? '').split(',').filter((one) => one !== '');
      return { ok: true, value: { mail: mail.value, envelope: { recipients } } };
    },
    map: mapMail,
  };
}
