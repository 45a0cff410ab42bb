import { MICROS_PER_MILLI } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { SCHEMES } from './schemes.ts';
import { type Authority, createAuthority, issue, type Leaf, type Wanted } from './testing/certificates.ts';
import { CERTIFICATE_URL, type SnsMessage, signSns, TOPICS_OF_SNS } from './testing/sns-sender.ts';
import { createVerifier } from './verify.ts';

const NOW = Date.parse('2026-11-30T08:00:00Z');
const DAY = 86_400_000;
const ISSUER_URL = 'http://crt.r2m02.amazontrust.com/r2m02.cer';
const root = await createAuthority('Test Root', NOW);
const intermediate = await createAuthority('Test Intermediate', NOW, root);
const good = await issue(root, NOW);

/** A verifier with a network of its own: what lies at which address, and a record of what was asked for. */
function world(files: Readonly<Record<string, string>>, roots: readonly Authority[] = [root]) {
  const asked: string[] = [];
  const state = { now: NOW, files };
  const verifier = createVerifier({
    clock: () => state.now * MICROS_PER_MILLI,
    trustedRoots: roots.map(({ pem }) => pem),
    fetchCertificate: async (url) => {
      asked.push(url);
      const file = state.files[url];
      if (file === undefined) throw new Error('404');
      return file;
    },
  });
  const verify = async (message: object): Promise<string> => {
    const request = { method: 'POST', url: '', headers: {}, body: Buffer.from(JSON.stringify(message)) };
    const verdict = await verifier.verify(SCHEMES.sns, request, TOPICS_OF_SNS.slice(0, 1));
    return verdict.ok ? 'accepted' : verdict.reason;
  };
  return { asked, state, verify };
}

function messageOf(leaf: Leaf, change: Readonly<Record<string, string>> = {}): SnsMessage {
  const fields = {
    MessageId: 'm',
    Message: 'text',
    Timestamp: new Date(NOW).toISOString(),
    TopicArn: TOPICS_OF_SNS[0],
  };
  return signSns(
    { Type: 'Notification', SignatureVersion: '2', SigningCertURL: CERTIFICATE_URL, ...fields, ...change },
    leaf.key,
  );
}

const refusedOf = async (wanted: Wanted, authority = root): Promise<string> => {
  const leaf = await issue(authority, NOW, wanted);
  return world({ [CERTIFICATE_URL]: leaf.pem }).verify(messageOf(leaf));
};

test.each([
  [['sns.amazonaws.com']],
  [['sns.eu-west-1.amazonaws.com']],
  [['sns-eu-west-1.amazonaws.com']],
  [['other.example', '*.eu-west-1.amazonaws.com']],
])('a certificate for %j is one of SNS', async (names) => {
  expect(await refusedOf({ names })).toBe('accepted');
});

test.each<[string, Wanted, RegExp]>([
  ['that has expired', { from: NOW - 2 * DAY, to: NOW - 1_000 }, /not valid now/],
  ['that is not valid yet', { from: NOW + 1_000, to: NOW + DAY }, /not valid now/],
  ['for another host', { names: ['mail.example'] }, /not one of Amazon SNS/],
  ['for a host that begins alike', { names: ['sns.amazonaws.com.evil.example'] }, /not one of Amazon SNS/],
  ['with a short key', { bits: 1_024 }, /2048 bits/],
  ['with a key of another kind', { keyType: 'ec' }, /RSA/],
])('a certificate %s is refused', async (_what, wanted, reason) => {
  expect(await refusedOf(wanted)).toMatch(reason);
});

test('a certificate that leads to no trusted root is refused, even under the name of one', async () => {
  const imposter = await createAuthority('Test Root', NOW);
  expect(await refusedOf({}, imposter)).toMatch(/trusted root/);
  // What the root vouches for is no authority itself: else any certificate could make one for SNS
  const bought = await issue(root, NOW, { names: ['shop.example'], keyType: 'ec' });
  const forged = await issue({ pem: bought.pem, subject: 'CN=shop.example', keys: bought.keys }, NOW);
  expect(await world({ [CERTIFICATE_URL]: forged.pem + bought.pem }).verify(messageOf(forged))).toMatch(/trusted root/);
  for (const file of ['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])
    expect(await world({ [CERTIFICATE_URL]: file }).verify(messageOf(good))).toMatch(/trusted root/);
});

test('an intermediate stands beside the certificate, or where that names it on a host of Amazon', async () => {
  const leaf = await issue(intermediate, NOW, { issuerUrl: ISSUER_URL });
  const message = messageOf(leaf);
  expect(await world({ [CERTIFICATE_URL]: `${leaf.pem}\n${intermediate.pem}` }).verify(message)).toBe('accepted');
  const apart = world({ [CERTIFICATE_URL]: leaf.pem, [ISSUER_URL]: intermediate.pem });
  expect(await apart.verify(message)).toBe('accepted');
  expect(apart.asked).toEqual([CERTIFICATE_URL, ISSUER_URL]);
  expect(await world({ [CERTIFICATE_URL]: leaf.pem }).verify(message)).toMatch(/could not be fetched/);
  const elsewhere = await issue(intermediate, NOW, { issuerUrl: 'http://evil.example/a.cer' });
  const lured = world({ [CERTIFICATE_URL]: elsewhere.pem });
  expect(await lured.verify(messageOf(elsewhere))).toMatch(/trusted root/);
  expect(lured.asked).toEqual([CERTIFICATE_URL]);
});

test('a chain without an end is given up', async () => {
  const a = await createAuthority('Loop', NOW);
  const leaf = await issue(a, NOW);
  expect(await world({ [CERTIFICATE_URL]: leaf.pem + a.pem }).verify(messageOf(leaf))).toMatch(/trusted root/);
});

test('a certificate is fetched once while it is valid, and again when it is not', async () => {
  const short = await issue(root, NOW, { to: NOW + 600_000 });
  const { verify, asked, state } = world({ [CERTIFICATE_URL]: short.pem });
  const answers = await Promise.all([1, 2, 3].map(() => verify(messageOf(short))));
  expect(answers).toEqual(['accepted', 'accepted', 'accepted']);
  expect(await verify(messageOf(short))).toBe('accepted');
  expect(asked).toHaveLength(1);
  state.now += 600_000;
  state.files = { [CERTIFICATE_URL]: good.pem };
  expect(await verify(messageOf(good))).toBe('accepted');
  expect(asked).toHaveLength(2);
});

test('a certificate that cannot be had is asked for once a minute, and the sender told to come again', async () => {
  const { verify, asked, state } = world({});
  for (let i = 0; i < 5; i++) expect(await verify(messageOf(good))).toMatch(/could not be fetched; send it again/);
  expect(asked).toHaveLength(1);
  state.files = { [CERTIFICATE_URL]: good.pem };
  state.now += 60_000;
  expect(await verify(messageOf(good))).toBe('accepted');
});

test('few certificates are fetched at a time, and none of the trusted is forgotten for those that fail', async () => {
  const { verify, asked } = world({ [CERTIFICATE_URL]: good.pem });
  expect(await verify(messageOf(good))).toBe('accepted');
  const url = (n: number): string => `https://sns.eu-west-1.amazonaws.com/${n}.pem`;
  const flood = Array.from({ length: 200 }, (_, n) => verify(messageOf(good, { SigningCertURL: url(n) })));
  expect(new Set(await Promise.all(flood)).size).toBe(2);
  expect(asked).toHaveLength(1 + 4);
  for (let n = 200; n < 300; n++) await verify(messageOf(good, { SigningCertURL: url(n) }));
  const before = asked.length;
  expect(await verify(messageOf(good))).toBe('accepted');
  expect(asked).toHaveLength(before);
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['of another topic', { TopicArn: TOPICS_OF_SNS[2] }],
  ['whose topic is a list', { TopicArn: [TOPICS_OF_SNS[0]] }],
  ['with a certificate from elsewhere', { SigningCertURL: 'https://evil.example/a.pem' }],
  ['without a certificate', { SigningCertURL: undefined }],
  ['of an unknown type', { Type: 'Other' }],
  ['of the type __proto__', { Type: '__proto__' }],
  ['of an unknown version', { SignatureVersion: '3' }],
  ['without a message', { Message: undefined }],
  ['at no time', { Timestamp: 'today' }],
  ['whose signature is no base64', { Signature: '*' }],
])('for a message %s nothing is fetched', async (_what, change) => {
  const { verify, asked } = world({ [CERTIFICATE_URL]: good.pem });
  expect(await verify({ ...messageOf(good), ...change })).not.toBe('accepted');
  expect(asked).toEqual([]);
});

test('without roots of its own it trusts those of Node, and so none of ours', async () => {
  const verifier = createVerifier({ clock: () => NOW * MICROS_PER_MILLI, fetchCertificate: async () => good.pem });
  const request = { method: 'POST', url: '', headers: {}, body: Buffer.from(JSON.stringify(messageOf(good))) };
  expect(await verifier.verify(SCHEMES.sns, request, TOPICS_OF_SNS)).toMatchObject({
    ok: false,
    code: 'signature_invalid',
  });
});
