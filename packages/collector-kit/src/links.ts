import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signature of a click redirect: base64url HMAC-SHA256 of the target. */
export function signLink(secret: string, target: string): string {
  return createHmac('sha256', secret).update(target, 'utf8').digest('base64url');
}

/**
 * Whether whoever holds the secret made this link, and it leads to a web page.
 * @returns the address to go to, normalised, or null
 */
export function verifyLink(secret: string, target: string, signature: string): string | null {
  const expected = Buffer.from(signLink(secret, target));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  const url = URL.parse(target);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
}
