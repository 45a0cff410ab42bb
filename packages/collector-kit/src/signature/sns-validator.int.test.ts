import { generateKeyPairSync } from 'node:crypto';
import { createServer, globalAgent, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { MICROS_PER_MILLI } from '@kenal/contracts';
import Validator from 'sns-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCHEMES } from './schemes.ts';
import { createAuthority, issue } from './testing/certificates.ts';
import { CERTIFICATE_URL, type SnsMessage, signSns, TOPICS_OF_SNS } from './testing/sns-sender.ts';
import { createVerifier } from './verify.ts';

// Amazon's own validator fetches the certificate by https from a host that it is told to trust: here from us.
const NOW = Date.now();
const authority = await createAuthority('Test Root', NOW);
const signing = await issue(authority, NOW);
const web = await issue(authority, NOW, { names: ['localhost'] });
const usualCa = globalAgent.options.ca;
let server: Server;
let validator: Validator;
let certificateUrl: string;

beforeAll(async () => {
  const key = web.key.export({ type: 'pkcs8', format: 'pem' });
  server = createServer({ key, cert: web.pem }, (_request, response) => response.end(signing.pem));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  certificateUrl = `https://localhost:${(server.address() as AddressInfo).port}/a.pem`;
  globalAgent.options.ca = authority.pem;
  validator = new Validator(/^localhost:\d+$/);
});
afterAll(() => {
  globalAgent.options.ca = usualCa;
  server.close();
});

const verifier = createVerifier({
  clock: () => NOW * MICROS_PER_MILLI,
  fetchCertificate: async () => signing.pem,
  trustedRoots: [authority.pem],
});

async function ours(message: SnsMessage): Promise<boolean> {
  const request = { method: 'POST', url: '', headers: {}, body: Buffer.from(JSON.stringify(message)) };
  return (await verifier.verify(SCHEMES.sns, request, TOPICS_OF_SNS)).ok;
}

/** SigningCertURL is not signed, so both can be told where their certificate lies. */
function theirs(message: SnsMessage): Promise<boolean> {
  return new Promise((resolve) =>
    validator.validate({ ...message, SigningCertURL: certificateUrl }, (fault) => resolve(fault === null)),
  );
}

const usual = {
  MessageId: 'm-1',
  Message: '{"text":"Grüße\\n🎈"}\nsecond line',
  Timestamp: new Date(NOW).toISOString(),
  TopicArn: TOPICS_OF_SNS[0],
  SigningCertURL: CERTIFICATE_URL,
};
const confirmation = { Token: 't', SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription' };

test.each(['1', '2'] as const)('in version %s both take and refuse the same messages', async (SignatureVersion) => {
  const messages: SnsMessage[] = [
    { ...usual, Type: 'Notification', SignatureVersion },
    { ...usual, Type: 'Notification', SignatureVersion, Subject: 'a subject' },
    { ...usual, ...confirmation, Type: 'SubscriptionConfirmation', SignatureVersion },
  ];
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  for (const message of messages) {
    const signed = signSns(message, signing.key);
    const changes = Object.keys(message).filter((name) => !['SigningCertURL', 'TopicArn', 'Timestamp'].includes(name));
    const wrong = [signSns(message, stranger), ...changes.map((name) => ({ ...signed, [name]: `${signed[name]}x` }))];
    expect([await ours(signed), await theirs(signed)]).toEqual([true, true]);
    for (const one of wrong) expect([await ours(one), await theirs(one)]).toEqual([false, false]);
  }
});
