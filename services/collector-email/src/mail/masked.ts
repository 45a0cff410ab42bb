import type { ReadMail } from '../readers/readers.ts';
import type { Mailbox } from './mail.ts';

const MASK = '…@';

/** Whether it was an address that opens a source of ours: such a one is nobody's but ours. */
export function isMasked(address: string): boolean {
  return address.startsWith(MASK);
}

/**
 * An address that names a write key → what of it may be kept: `any+<key>@in.shop.example` → `…@in.shop.example`. What is
 * kept of a mail is shown to many, who are not to bring mail of their own.
 */
export type MaskKey = (address: string) => string;

export function createMaskKey(opensKey: (address: string) => boolean): MaskKey {
  return (address) => (opensKey(address) ? MASK + address.slice(address.lastIndexOf('@') + 1) : address);
}

/** A mail without the write keys in its addresses. */
export function maskMail({ mail, envelope }: ReadMail, mask: MaskKey): ReadMail {
  const box = <Box extends Pick<Mailbox, 'address'>>(one: Box): Box => ({ ...one, address: mask(one.address) });
  const { from, to, cc, originalFrom, list, report } = mail;
  return {
    envelope: { ...envelope, recipients: envelope.recipients.map(mask) },
    mail: {
      ...mail,
      from: from.map(box),
      to: to.map(box),
      cc: cc.map(box),
      originalFrom: originalFrom === null ? null : box(originalFrom),
      list: list === null || list.post === null ? list : { ...list, post: mask(list.post) },
      report: report === null ? null : { ...report, recipients: report.recipients.map(box) },
    },
  };
}
