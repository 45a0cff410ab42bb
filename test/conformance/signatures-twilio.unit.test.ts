import { createHash } from 'node:crypto';
import { createVerifier, SCHEMES } from '@kenal/collector-kit';
import fc from 'fast-check';
import twilio from 'twilio';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { expect, test } from 'vitest';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const TOKEN = 'auth-token';
const verifier = createVerifier({ clock: () => 0, fetchCertificate: async () => '' });
const ALGORITHMS = ['HMAC_SHA1', 'HMAC_SHA256'] as const;

interface Sent {
  readonly url: string;
  readonly body: string;
  readonly signature: string;
  readonly algorithm: (typeof ALGORITHMS)[number];
}

async function ours({ url, body, signature, algorithm }: Sent): Promise<boolean> {
  const settings = algorithm === 'HMAC_SHA1' ? undefined : `key=k,algorithm=${algorithm}`;
  const headers = { 'x-twilio-signature': signature, 'x-twilio-webhooks-signature-settings': settings };
  const request = { method: 'POST', url, headers, body: Buffer.from(body) };
  return (await verifier.verify(SCHEMES.twilio, request, [TOKEN])).ok;
}

/** As a web framework hands them over: a list where a key came more than once. */
function paramsOf(pairs: readonly (readonly [string, string])[]): Record<string, unknown> {
  const params: Record<string, unknown> = Object.create(null);
  for (const [key, values] of Map.groupBy(pairs, ([name]) => name))
    params[key] = values.length === 1 ? values[0]![1] : values.map(([, value]) => value);
  return params;
}

const key = fc.oneof(fc.constantFrom('To', 'From', 'Body', 'a', 'A', 'ä'), fc.string({ minLength: 1, maxLength: 8 }));
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const pairs = fc.array(fc.tuple(key, text), { maxLength: 8 });
const port = fc.constantFrom('', ':443', ':80', ':8443');
const path = fc.constantFrom('/', '', '/in/shop', "/in?q='a'", '/in?a=1&b=%20x', '/in?a=ü', '/in?', '/in?a=1#frag');
const base = fc.tuple(
  fc.constantFrom('https', 'http'),
  fc.constantFrom('shop.example', 'u:p@shop.example', '[::1]', 'SHOP.example'),
);
const addresses = fc.tuple(base, path, port, port).map(([[scheme, host], rest, one, other]) => ({
  asked: `${scheme}://${host}${one}${rest}`,
  signed: `${scheme}://${host}${other}${rest}`,
}));

test('for forms, with any port in the address and either algorithm, we answer as its validator does', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      addresses,
      pairs,
      fc.constantFrom(...ALGORITHMS),
      fc.boolean(),
      async ({ asked, signed }, form, algorithm, isNormal) => {
        const params = paramsOf(form);
        const url = isNormal ? new URL(signed).href : signed;
        const signature = getExpectedTwilioSignature(TOKEN, url, params, algorithm);
        const theirs = twilio.validateRequest(TOKEN, signature, asked, params, algorithm);
        const body = new URLSearchParams(form as [string, string][]).toString();
        expect(await ours({ url: asked, body, signature, algorithm })).toBe(theirs);
        expect(await ours({ url: asked, body: `${body}&x=1`, signature, algorithm })).toBe(false);
        if (theirs) taken++;
      },
    ),
  );
  expect(taken).toBeGreaterThan(50);
});

test('for JSON we answer as its validator does: the hash in the address must be that of the body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.json(), fc.boolean(), async (body, other, isOther) => {
      const url = `https://shop.example/in?a=1&bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
      const signature = getExpectedTwilioSignature(TOKEN, url, {});
      const sent = isOther ? other : body;
      const theirs = twilio.validateRequestWithBody(TOKEN, signature, url, sent);
      expect(await ours({ url, body: sent, signature, algorithm: 'HMAC_SHA1' })).toBe(theirs);
      expect(theirs).toBe(sent === body);
    }),
  );
});
