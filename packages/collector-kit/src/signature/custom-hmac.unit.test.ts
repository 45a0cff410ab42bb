import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { type CustomHmac, customHmac } from './custom-hmac.ts';
import type { SignedRequest } from './request.ts';
import { createVerifier } from './verify.ts';

const declared: CustomHmac = { header: 'X-Sig', algorithm: 'sha256', encoding: 'hex' };
const verifier = createVerifier({ clock: () => 1_700_000_000_000_000, fetchCertificate: async () => '' });
const body = Buffer.from('body');
const post = (headers: SignedRequest['headers']): SignedRequest => ({ method: 'POST', url: '', headers, body });

test('a declaration of three options signs the body', async () => {
  const signature = createHmac('sha256', 'key').update(body).digest('hex');
  for (const text of [signature, signature.toUpperCase()])
    expect(await verifier.verify(customHmac(declared), post({ 'x-sig': text }), ['key'])).toEqual({
      ok: true,
      replayKey: signature,
    });
});

test('a secret may be declared as base64, a time as ISO 8601, another tolerance', async () => {
  const scheme = customHmac({
    ...declared,
    algorithm: 'sha1',
    secretEncoding: 'base64',
    signed: '{timestamp} {body}',
    timestampHeader: 'X-Time',
    timestampUnit: 'iso',
    toleranceSeconds: 10,
  });
  for (const [time, ok] of [
    ['2023-11-14T22:13:30Z', true],
    ['2023-11-14T22:13:31Z', false],
  ] as const) {
    const signature = createHmac('sha1', Buffer.alloc(9, 7)).update(`${time} `).update(body).digest('hex');
    const request = post({ 'x-sig': signature, 'x-time': time });
    expect(await verifier.verify(scheme, request, [Buffer.alloc(9, 7).toString('base64')])).toMatchObject({ ok });
  }
});

test.each<[string, Partial<CustomHmac>, RegExp]>([
  ['signs no body', { signed: '{timestamp}', timestampHeader: 'T' }, /signed must contain \{body\}/],
  ['names what there is not', { signed: '{method}{body}' }, /signed has \{method\}; there are/],
  ['signs a time that nothing carries', { signed: '{timestamp}{body}' }, /timestampHeader is needed/],
  ['signs an id that nothing carries', { signed: '{id}{body}' }, /idHeader is needed/],
  ['reads a time that is not signed', { timestampHeader: 'T' }, /signed must contain \{timestamp\}/],
  ['reads an id that is not signed', { idHeader: 'I' }, /signed must contain \{id\}/],
  ['signs the body twice', { signed: '{body}{body}' }, /\{body\} twice/],
  ['has no header', { header: '' }, /header must be the name of a header/],
  ['has a header that none can be', { header: 'a b' }, /header must be the name of a header/],
])('a declaration that %s is refused, by the name of its option', (_what, wrong, message) => {
  expect(() => customHmac({ ...declared, ...wrong })).toThrow(message);
});
