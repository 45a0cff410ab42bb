import { createVerifier } from '@kenal/collector-kit';
import { CERTIFICATE_URL, createAuthority, issue, SENDERS, snsSender } from '@kenal/collector-kit/testing';
import { report } from './measure.ts';

// node test/bench/signature.bench.ts: core-µs to verify one webhook of 1 KB, of two live secrets the first is right.
const ROUNDS = 10_000;
const now = Date.now();
const authority = await createAuthority('Bench', now);
const leaf = await issue(authority, now);
const verifier = createVerifier({
  clock: () => now * 1_000,
  trustedRoots: [authority.pem],
  fetchCertificate: async (url) => (url === CERTIFICATE_URL ? leaf.pem : ''),
});
const NAMES = [
  'standard-webhooks',
  'twilio, form',
  'slack',
  'sendgrid',
  'mailgun, form',
  'basic',
  'shopify',
  'stripe',
  'intercom',
];
const senders = [
  ...SENDERS.filter(({ name }) => NAMES.includes(name)),
  ...(['1', '2'] as const).map((version) => snsSender('Notification', version, leaf.key)),
];

for (const sender of senders) {
  const [right, next] = sender.secrets;
  const filling = sender.name.startsWith('twilio')
    ? Array.from({ length: 25 }, (_, n) => `&Field${n}=a+value+of+30+letters+and+${n}`).join('')
    : ' '.repeat(1_000);
  const body = Buffer.from(sender.body + filling);
  const request = sender.send({ secret: right, body, at: now, mangle: (signature) => signature });
  const runs: number[] = [];
  for (let run = 0; run < 4; run++) {
    const begin = process.cpuUsage();
    for (let i = 0; i < ROUNDS; i++) {
      const verdict = await verifier.verify(sender.scheme, request, [right, next]);
      if (!verdict.ok) throw new Error(`${sender.name}: ${verdict.reason}`);
    }
    const { user, system } = process.cpuUsage(begin);
    runs.push((user + system) / ROUNDS);
  }
  const detail = `best of 4 × ${ROUNDS.toLocaleString('en-GB')}`;
  report({ measure: `signature: ${sender.name}`, value: Math.min(...runs), unit: 'core-µs', detail });
}
