import { createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import { bytesOfBase64 } from './base64.ts';
import { createBoundedCache } from './bounded-cache.ts';
import type { SignedRequest } from './request.ts';
import type { EcdsaScheme } from './scheme.ts';
import { readSigned } from './signed-content.ts';
import { refuse, type Verdict } from './verdict.ts';

const MOST_KEYS = 1_000;
// Two integers of up to 33 bytes in DER: 72 bytes
const LONGEST = 96;

/** @param secret PEM, or base64 of the SPKI as SendGrid shows it @returns null where it is no P-256 public key */
export function publicKeyOf(secret: string): KeyObject | null {
  try {
    const key = secret.includes('-----BEGIN')
      ? createPublicKey(secret)
      : createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

/** @returns what verifies requests of ECDSA schemes; keeps the parsed public keys */
export function createEcdsaVerifier() {
  const keys = createBoundedCache(MOST_KEYS, (secret) => ({ key: publicKeyOf(secret) }));
  return (scheme: EcdsaScheme, request: SignedRequest, secrets: readonly string[], nowMicros: number): Verdict => {
    const content = readSigned(scheme, request, nowMicros);
    if ('ok' in content) return content;
    const given = content.signatures[0]!;
    const signature = given.length > LONGEST ? null : bytesOfBase64(given);
    if (signature === null) return refuse('signature_invalid', 'it is not base64 of an ECDSA signature');
    const parts = content.partsWith('');
    for (const secret of secrets) {
      const { key } = keys.get(secret);
      if (key === null) continue;
      const verify = createVerify('sha256');
      for (const part of parts) verify.update(part);
      if (verify.verify(key, signature)) return content.accept(given);
    }
    return refuse('signature_invalid', secrets.length === 0 ? 'this source has no key' : 'no live key verifies it');
  };
}
