import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SignedRequest } from './request.ts';
import { SCHEMES } from './schemes.ts';
import { createVerifier } from './verify.ts';

const verifier = createVerifier({ clock: () => 0, fetchCertificate: async () => '' });
const sign = (text: string): string => createHmac('sha1', 'token').update(text).digest('base64');

async function passes(url: string, signed: string, body = '', settings?: string): Promise<boolean> {
  const headers: SignedRequest['headers'] = {
    'x-twilio-signature': sign(signed),
    'x-twilio-webhooks-signature-settings': settings,
  };
  const request = { method: 'POST', url, headers, body: Buffer.from(body) };
  return (await verifier.verify(SCHEMES.twilio, request, ['token'])).ok;
}

test.each([
  ['https://a.example/x?y=1', 'https://a.example:443/x?y=1'],
  ['https://a.example:443/x', 'https://a.example/x'],
  ['https://a.example:8443/x', 'https://a.example/x'],
  ['http://a.example/x', 'http://a.example:80/x'],
  ['https://user:pass@a.example/x', 'https://user:pass@a.example:443/x'],
  ['https://[::1]:8443/x', 'https://[::1]/x'],
  ["https://a.example/x?q='a b'", "https://a.example/x?q='a b'"],
  ["https://a.example/x?q='a b'", 'https://a.example/x?q=%27a%20b%27'],
  ['https://a.example/x?q=a+b', 'https://a.example:443/x?q=a%20b'],
])('%s passes where Twilio signed %s', async (url, signed) => {
  expect(await passes(url, signed)).toBe(true);
  expect(await passes(url, `${signed}0`)).toBe(false);
});

test('an address that is none passes for nothing but itself', async () => {
  expect(await passes('not an address', 'not an address')).toBe(true);
  expect(await passes('not an address', 'another')).toBe(false);
});

test('a form is signed sorted, every value of a key once', async () => {
  expect(await passes('https://a/', 'https://a/A1B1B2b3', 'b=3&B=2&A=1&B=1&B=2')).toBe(true);
});

test('the signature over an address alone carries no body of any kind', async () => {
  expect(await passes('https://a/', 'https://a/')).toBe(true);
  for (const body of ['{"Body":"hello"}', '[]', 'a=b', '\0'])
    expect(await passes('https://a/', 'https://a/', body)).toBe(false);
});

test('a body whose hash the address names must have it, form or not', async () => {
  const url = (body: string) => `https://a/?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
  expect(await passes(url('{"a":1}'), url('{"a":1}'), '{"a":1}')).toBe(true);
  expect(await passes(url('{"a":1}'), url('{"a":1}'), '{"a":2}')).toBe(false);
  expect(await passes('https://a/?bodySHA256=', 'https://a/?bodySHA256=', '{"a":1}')).toBe(false);
});

test('a form of more fields than Twilio has is not even sorted', async () => {
  const form = (fields: number): string => Array.from({ length: fields }, () => 'a=1').join('&');
  expect(await passes('https://a/', 'https://a/a1', form(1_000))).toBe(true);
  expect(await passes('https://a/', 'https://a/a1', form(1_001))).toBe(false);
});

test('an algorithm that Twilio does not document is refused, none means SHA-1', async () => {
  for (const settings of ['algorithm=HMAC_SHA1', 'key=a', 'key=a, algorithm = hmac_sha1', ''])
    expect(await passes('https://a/', 'https://a/', '', settings)).toBe(true);
  for (const settings of ['algorithm=HMAC_SHA256', 'algorithm=none', 'algorithm=__proto__'])
    expect(await passes('https://a/', 'https://a/', '', settings)).toBe(false);
});
