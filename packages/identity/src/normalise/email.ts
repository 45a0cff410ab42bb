import { toPunycode } from './punycode.ts';

/** An address in the form that people read and in the form that decides whether two are one. */
export interface EmailForms {
  /** Lower case, ASCII domain: `jane.doe+news@gmail.com` */
  readonly value: string;
  /** `janedoe@gmail.com`: Gmail ignores dots and what follows a plus, and calls itself googlemail.com in some countries. */
  readonly match: string;
  /** Before the `@` without a `+tag`, for the look-up of role mailboxes. */
  readonly mailbox: string;
}

const GMAIL = new Set(['gmail.com', 'googlemail.com']);
const LONGEST = 320;
// `jane doe@x.de`, `a"b@x.de`, `<a@x.de>`: nothing that a mailbox of a person looks like
const FORBIDDEN = /[\s<>()[\],;:\\"]/;
// `example.com`, `xn--tda.de`: two labels at least, none empty, none with a hyphen at an end
const DOMAIN = /^(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/;

/** @param text trimmed and NFC. @returns null where it is no address that mail could reach */
export function parseEmail(text: string): EmailForms | null {
  const bare = /^mailto:/i.test(text) ? text.slice(7) : text;
  const at = bare.lastIndexOf('@');
  if (at <= 0 || bare.length > LONGEST) return null;
  const local = bare.slice(0, at).toLowerCase();
  const domain = asciiDomain(bare.slice(at + 1));
  if (FORBIDDEN.test(local) || local.includes('@') || !DOMAIN.test(domain)) return null;
  const plus = local.indexOf('+');
  const mailbox = plus > 0 ? local.slice(0, plus) : local;
  const value = `${local}@${domain}`;
  if (!GMAIL.has(domain)) return { value, match: value, mailbox };
  const plain = mailbox.replaceAll('.', '');
  return plain === '' || plain.startsWith('+') ? null : { value, match: `${plain}@gmail.com`, mailbox };
}

/** `Ü.DE` and `xn--tda.de` → `xn--tda.de`; a dot at the end and full-width dots as IDNA reads them. */
function asciiDomain(raw: string): string {
  const lower = raw.toLowerCase();
  const plain = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  if (isAscii(plain)) return plain;
  const composed = plain.normalize('NFKC').toLowerCase().replaceAll('。', '.');
  return composed
    .split('.')
    .map((label) => (isAscii(label) ? label : `xn--${toPunycode(label)}`))
    .join('.');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return false;
  return true;
}
