import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { SCHEMES } from './schemes.ts';
import { secretFault } from './secret-fault.ts';
import { createVerifier } from './verify.ts';

const verifier = createVerifier({ clock: () => 0, fetchCertificate: async () => '' });
const codeOf = async (authorization: string | undefined, secret = 'user:pa:ss'): Promise<string> => {
  const request = { method: 'POST', url: '', headers: { authorization }, body: new Uint8Array() };
  const verdict = await verifier.verify(SCHEMES.basic, request, [secret]);
  return verdict.ok ? 'accepted' : verdict.code;
};
const spki = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'pem' }) as string;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  [`Basic ${base64('user:pa:ss')}`, 'accepted'],
  [`bAsIc  ${base64('user:pa:ss')}`, 'accepted'],
  [`Basic ${base64('user:pa')}`, 'signature_invalid'],
  [`Basic ${base64('USER:pa:ss')}`, 'signature_invalid'],
  [`Basic ${base64('user:pa:ss\0')}`, 'signature_invalid'],
  [`Bearer ${base64('user:pa:ss')}`, 'signature_invalid'],
  ['Basic', 'signature_invalid'],
  ['Basic user:pa:ss', 'signature_invalid'],
  ['', 'signature_missing'],
  [undefined, 'signature_missing'],
])('authorization %j is %s', async (authorization, code) => {
  expect(await codeOf(authorization)).toBe(code);
});

test('nothing, however it is encoded, is no password', async () => {
  for (const nothing of ['Basic A', 'Basic ==', 'Basic ']) expect(await codeOf(nothing, '')).toBe('signature_invalid');
});

test('a password may have any letters', async () => {
  expect(await codeOf(`Basic ${base64('user:pässwörd 🎈')}`, 'user:pässwörd 🎈')).toBe('accepted');
});

test.each([
  ['basic', 'user', /user:password/],
  ['basic', ':password', /user:password/],
  ['sns', 'my-topic', /ARN/],
  ['sendgrid', 'not a key', /P-256/],
  ['sendgrid', spki('secp256k1'), /P-256/],
  ['sendgrid', spki('secp384r1'), /P-256/],
  ['standard-webhooks', 'whsec_*', /base64/],
  ['standard-webhooks', 'whsec_', /base64/],
  ['slack', '', /empty/],
] as const)('a secret of %s cannot be %j, which is said at start', (name, secret, fault) => {
  expect(secretFault(SCHEMES[name], secret)).toMatch(fault);
});
