import fc from 'fast-check';
import { expect, test } from 'vitest';
import { customHmac } from './custom-hmac.ts';
import type { SignedRequest } from './request.ts';
import type { Scheme } from './scheme.ts';
import { SCHEMES } from './schemes.ts';
import { SENDERS } from './testing/senders.ts';
import { createVerifier } from './verify.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const NOW = 1_700_000_000;
const verifier = createVerifier({ clock: () => NOW * 1_000_000, fetchCertificate: async (url) => url });
const custom = customHmac({
  header: 'x-sig',
  algorithm: 'sha512',
  encoding: 'hex',
  signed: '{id}{timestamp}{body}',
  timestampHeader: 'x-time',
  idHeader: 'x-id',
});
const ALL: readonly Scheme[] = [...Object.values(SCHEMES), custom];
const NAMES = [
  ...new Set([...ALL, 'authorization', 'content-type'].flatMap((one) => JSON.stringify(one).match(/[a-z-]+/g)!)),
];
const SECRETS = [
  '',
  'secret',
  'user:password',
  'whsec_AAAA',
  '-----BEGIN PUBLIC KEY-----',
  'arn:aws:sns:eu-west-1:123456789012:t',
];

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 90 }),
  fc.constantFrom(
    String(NOW),
    '2023-11-14T22:13:20Z',
    'v1,',
    'v0=',
    'sha256=',
    'Basic ',
    't=',
    ',',
    ' ',
    '=',
    '\0',
    '{}',
    '__proto__',
  ),
  fc.base64String({ maxLength: 90 }),
  fc.stringMatching(/^[0-9a-f]{40}([0-9a-f]{24})?$/),
);
const value = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const headers = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.option(fc.oneof(value, fc.array(value, { maxLength: 2 })), { nil: undefined }),
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  value.map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record({
      Type: fc.constantFrom('Notification', 'SubscriptionConfirmation', 'toString'),
      TopicArn: fc.constantFrom(SECRETS.at(-1), 1),
      SignatureVersion: fc.constantFrom('1', '2', 'constructor'),
      SigningCertURL: fc.constantFrom('https://sns.eu-west-1.amazonaws.com/a.pem', 'https://[', ''),
      Timestamp: fc.constantFrom('2023-11-14T22:13:20Z', ''),
      Message: value,
      MessageId: value,
      Signature: fc.oneof(value, fc.base64String()),
    })
    .map((message) => Buffer.from(JSON.stringify(message))),
  fc
    .record({
      signature: fc.dictionary(fc.constantFrom('timestamp', 'token', 'signature'), fc.oneof(value, fc.anything())),
    })
    .map((message) => Buffer.from(JSON.stringify(message, (_, v) => (typeof v === 'bigint' ? null : v)) ?? '')),
);
const requests: fc.Arbitrary<SignedRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  url: fc.oneof(fc.webUrl({ withQueryParameters: true }), value, fc.constant('https://a/?bodySHA256=')),
  headers,
  body,
});

test('whatever a stranger sends, the answer is a verdict, and it is no', async () => {
  await fc.assert(
    fc.asyncProperty(requests, fc.constantFrom(...ALL), async (request, scheme) => {
      const verdict = await verifier.verify(scheme, request, SECRETS);
      expect(verdict.ok).toBe(false);
    }),
    { numRuns: 10 * Number(process.env.KENAL_PROPERTY_RUNS ?? 300) },
  );
});

test('a signature that was changed anywhere is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SENDERS),
      fc.nat(200),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      async (sender, at, letter) => {
        const change = (text: string): string =>
          text.slice(0, at % text.length) + letter + text.slice((at % text.length) + 1);
        const [secret] = sender.secrets;
        let same = false;
        const mangle = (signature: string): string => {
          const changed = change(signature);
          same = changed.toLowerCase() === signature.toLowerCase();
          return changed;
        };
        const request = sender.send({ secret, body: Buffer.from(sender.body), at: NOW * 1_000, mangle });
        const verdict = await verifier.verify(sender.scheme, request, [secret]);
        expect(verdict.ok && !same).toBe(false);
      },
    ),
  );
});

// Compared as latin1 each of these letters was the one that it stands for
test('a letter of which only the low byte is right is wrong', async () => {
  for (const sender of SENDERS) {
    const [secret] = sender.secrets;
    const mangle = (signature: string): string =>
      signature.slice(0, -4) +
      String.fromCharCode(signature.charCodeAt(signature.length - 4) + 0x7c00) +
      signature.slice(-3);
    const request = sender.send({ secret, body: Buffer.from(sender.body), at: NOW * 1_000, mangle });
    expect([sender.name, (await verifier.verify(sender.scheme, request, [secret])).ok]).toEqual([sender.name, false]);
  }
});
