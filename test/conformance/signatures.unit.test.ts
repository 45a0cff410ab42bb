import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { createVerifier, SCHEMES, type SchemeName, type SignedRequest } from '@kenal/collector-kit';
import sendgrid from '@sendgrid/eventwebhook';
import { verifySlackRequest } from '@slack/bolt';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { expect, test } from 'vitest';

// The vendors' own packages are the oracle: what they sign we take, what we would sign they take, what they refuse we do.
const NOW = Math.floor(Date.now() / 1_000) * 1_000;
const verifier = createVerifier({ clock: () => NOW * 1_000, fetchCertificate: async () => '' });
const BODIES = ['{"id":"evt_1"}', '{"text":"Grüße 🎈"}', 'a=1&b=%20', ' ', '{"id":"evt_1"}\r\n'];
const seconds = String(NOW / 1_000);

async function takes(
  scheme: SchemeName,
  secret: string,
  body: string,
  headers: SignedRequest['headers'],
): Promise<boolean> {
  const request = { method: 'POST', url: 'https://a.example/', headers, body: Buffer.from(body) };
  return (await verifier.verify(SCHEMES[scheme], request, [secret])).ok;
}

function passes(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

const hex = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex');
const otherOf = (body: string): string => `${body} `;

test('stripe: its test header is taken, ours is taken by constructEvent', async () => {
  const { webhooks } = new Stripe('sk_test_1');
  const secret = 'whsec_test';
  for (const payload of BODIES.filter((body) => body.startsWith('{'))) {
    const header = webhooks.generateTestHeaderString({ payload, secret, timestamp: NOW / 1_000 });
    const ours = `t=${seconds},v1=${hex('old', 'x')},v1=${hex(secret, `${seconds}.${payload}`)}`;
    for (const signature of [header, ours]) {
      for (const [body, key, isRight] of [
        [payload, secret, true],
        [otherOf(payload), secret, false],
        [payload, 'whsec_other', false],
      ] as const) {
        expect(passes(() => webhooks.constructEvent(body, signature, key, 300, undefined, NOW))).toBe(isRight);
        expect(await takes('stripe', key, body, { 'stripe-signature': signature })).toBe(isRight);
      }
    }
    for (const age of [300, 301]) {
      const old = webhooks.generateTestHeaderString({ payload, secret, timestamp: NOW / 1_000 - age });
      const theirs = passes(() => webhooks.constructEvent(payload, old, secret, 300, undefined, NOW));
      expect([theirs, await takes('stripe', secret, payload, { 'stripe-signature': old })]).toEqual([
        age === 300,
        age === 300,
      ]);
    }
  }
});

test('slack: what bolt verifies we verify, and nothing else', async () => {
  const signingSecret = 'slack-secret';
  for (const body of BODIES) {
    const signature = `v0=${hex(signingSecret, `v0:${seconds}:${body}`)}`;
    for (const [sent, given, isRight] of [
      [body, signature, true],
      [otherOf(body), signature, false],
      [body, signature.replace('v0=', 'v1='), false],
      [body, signature.slice(0, -1), false],
      [body, `v0=${hex('other', `v0:${seconds}:${body}`)}`, false],
    ] as const) {
      const headers = { 'x-slack-request-timestamp': seconds, 'x-slack-signature': given };
      const numbers = { ...headers, 'x-slack-request-timestamp': Number(seconds) };
      const theirs = passes(() =>
        verifySlackRequest({ signingSecret, body: sent, headers: numbers, nowMilliseconds: NOW }),
      );
      expect([theirs, await takes('slack', signingSecret, sent, headers)]).toEqual([isRight, isRight]);
    }
  }
});

test('sendgrid: what its event webhook verifies we verify, and nothing else', async () => {
  const webhook = new sendgrid.EventWebhook();
  const pairs = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
  const [right, other] = pairs.map(({ publicKey }) =>
    publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  ) as [string, string];
  for (const body of BODIES) {
    const signature = createSign('sha256')
      .update(seconds + body)
      .sign(pairs[0]!.privateKey, 'base64');
    for (const [sent, key, isRight] of [
      [body, right, true],
      [otherOf(body), right, false],
      [body, other, false],
    ] as const) {
      const theirs = webhook.verifySignature(webhook.convertPublicKeyToECDSA(key), sent, signature, seconds);
      const headers = {
        [sendgrid.EventWebhookHeader.SIGNATURE().toLowerCase()]: signature,
        [sendgrid.EventWebhookHeader.TIMESTAMP().toLowerCase()]: seconds,
      };
      expect([theirs, await takes('sendgrid', key, sent, headers)]).toEqual([isRight, isRight]);
    }
  }
});

test('standardwebhooks: what it signs we take, what we would sign it takes', async () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const webhook = new Webhook(secret);
  for (const body of BODIES.filter((one) => one.startsWith('{'))) {
    const theirSignature = webhook.sign('msg_1', new Date(NOW), body);
    const ourSignature = `v1,${createHmac('sha256', Buffer.alloc(24, 7)).update(`msg_1.${seconds}.${body}`).digest('base64')}`;
    for (const signature of [theirSignature, `v1,${'A'.repeat(43)}= ${ourSignature}`]) {
      for (const [sent, id, isRight] of [
        [body, 'msg_1', true],
        [otherOf(body), 'msg_1', false],
        [body, 'msg_2', false],
      ] as const) {
        const headers = { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature };
        const theirs = passes(() => webhook.verify(sent, headers));
        expect([theirs, await takes('standard-webhooks', secret, sent, headers)]).toEqual([isRight, isRight]);
      }
    }
  }
});
