import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHmacKey } from './hmac-key.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

test('signs as createHmac does, whatever the secret, and again with the same key', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('sha1' as const, 'sha256' as const, 'sha512' as const),
      fc.uint8Array({ maxLength: 300, minLength: 1, size: 'max' }),
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), { maxLength: 4 }),
      (hash, secret, parts) => {
        const key = createHmacKey(hash, secret);
        const native = createHmac(hash, secret);
        for (const part of parts) native.update(part);
        const wanted = native.digest('hex');
        expect(key.sign(parts, 'hex')).toBe(wanted);
        expect(key.sign(['another'], 'hex')).not.toBe(wanted);
        expect(key.sign(parts, 'base64')).toBe(Buffer.from(wanted, 'hex').toString('base64'));
      },
    ),
  );
});
