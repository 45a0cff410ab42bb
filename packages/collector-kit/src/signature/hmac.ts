import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { createBoundedCache } from './bounded-cache.ts';
import { headerOf, type SignedRequest } from './request.ts';
import type { Encoding, HashName, HmacScheme } from './scheme.ts';
import { readSigned } from './signed-content.ts';
import { twilioHash, twilioUrls } from './twilio.ts';
import { refuse, type Verdict } from './verdict.ts';

const MOST_KEYS = 1_000;
const WHSEC = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Characters that a signature has. */
const LENGTH: Readonly<Record<HashName, Readonly<Record<Encoding, number>>>> = {
  sha1: { hex: 40, base64: 28 },
  sha256: { hex: 64, base64: 44 },
  sha512: { hex: 128, base64: 88 },
};

/** A text is bytes as it stands. @returns null where the secret is empty or cannot be read */
export function secretBytes(secret: string, form: HmacScheme['secret']): Buffer | null {
  const text = form === 'base64' && secret.startsWith(WHSEC) ? secret.slice(WHSEC.length) : secret;
  if (text === '' || (form === 'base64' && !BASE64.test(text))) return null;
  return Buffer.from(text, form === 'base64' ? 'base64' : 'utf8');
}

/** @returns what verifies requests of HMAC schemes; keeps the prepared keys of the secrets that it was given */
export function createHmacVerifier() {
  // `text:<secret>` → key; null where the secret cannot be one
  const keys = createBoundedCache<{ readonly key: KeyObject | null }>(MOST_KEYS, (name) => {
    const [form, secret] = splitName(name);
    const bytes = secretBytes(secret, form);
    return { key: bytes === null ? null : createSecretKey(bytes) };
  });

  return (scheme: HmacScheme, request: SignedRequest, secrets: readonly string[], nowMicros: number): Verdict => {
    const hash = scheme.hashNamedBy === undefined ? scheme.hash : twilioHash(headerOf(request, scheme.hashNamedBy));
    if (hash === null) return refuse('signature_invalid', `header ${scheme.hashNamedBy} names an unknown algorithm`);
    const content = readSigned(scheme, request, nowMicros);
    if ('ok' in content) return content;
    const length = LENGTH[hash][scheme.encoding];
    const given = content.signatures.filter((signature) => signature.length === length);
    if (given.length === 0)
      return refuse('signature_invalid', `${content.signatures[0]!.length} characters, it must be ${length}`);
    const wanted = given.map((signature) => bytesOf(signature, scheme.encoding));
    for (const url of scheme.signed.includes('url') ? twilioUrls(request.url) : ['']) {
      const parts = content.partsWith(url);
      for (const secret of secrets) {
        const { key } = keys.get(`${scheme.secret}:${secret}`);
        if (key === null) continue;
        const right = sign(hash, key, parts, scheme.encoding);
        const rightBytes = Buffer.from(right);
        for (const signature of wanted) if (isEqual(signature, rightBytes)) return content.accept(right);
      }
    }
    return refuse('signature_invalid', secrets.length === 0 ? 'this source has no secret' : 'no live secret gives it');
  };
}

function splitName(name: string): [HmacScheme['secret'], string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)] as never;
}

function sign(hash: HashName, key: KeyObject, parts: readonly (string | Uint8Array)[], encoding: Encoding): string {
  const hmac = createHmac(hash, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}

/** Hex may be in capitals; base64 is compared as it stands. As UTF-8: as latin1 `籲` would be an `r`. */
function bytesOf(signature: string, encoding: Encoding): Buffer {
  return Buffer.from(encoding === 'hex' ? signature.toLowerCase() : signature);
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
