import { createHash } from 'node:crypto';
import type { Encoding, HashName } from './scheme.ts';

/** A secret, ready to sign with. */
export interface HmacKey {
  sign(parts: readonly (string | Uint8Array)[], encoding: Encoding): string;
}

/** Bytes that a hash takes in at a time, and so the length of the pads. */
const BLOCK_BYTES: Readonly<Record<HashName, number>> = { sha1: 64, sha256: 64, sha512: 128 };

/**
 * HMAC (RFC 2104) whose two padded keys were hashed once: half the time of `createHmac`, which does it each time.
 * @param secret must not be empty: whoever knows that nobody set a secret could sign with it
 */
export function createHmacKey(hash: HashName, secret: Uint8Array): HmacKey {
  const block = Buffer.alloc(BLOCK_BYTES[hash]);
  block.set(secret.length > block.length ? createHash(hash).update(secret).digest() : secret);
  const inner = createHash(hash).update(block.map((byte) => byte ^ 0x36));
  const outer = createHash(hash).update(block.map((byte) => byte ^ 0x5c));
  return {
    sign(parts, encoding) {
      const digest = inner.copy();
      for (const part of parts) digest.update(part);
      return outer.copy().update(digest.digest()).digest(encoding);
    },
  };
}
